import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { happeningOf } from '#audit/happen.ts'
import { readConfig } from '#config.ts'
import type { Flushed, Group } from '#db/db.ts'
import { databases, type Where } from '#db/testing.ts'
import { type Runner, startRunner } from '#executions/runner.ts'
import { documentOf, halt, startEngine, until } from '#executions/testing.ts'
import { silent } from '#log.ts'
import { closeWorld, openWorld } from '#open.ts'
import { register, startServer } from '#testing.ts'
import type { World } from '#world.ts'
import { startDispatch } from './dispatch.ts'

const EARS = 3

/** Three workflows that listen, one that fails, and the one that is started for that. */
async function prepare(where: Where) {
  const server = await startServer(where)
  const token = await register(server, 'owner@example.org')
  const post = async (path: string, body: unknown) => (await server.send(path, { token, body })).body
  const publish = async (drawing: Parameters<typeof documentOf>[0]) => {
    const { id } = await post('/api/workflows', documentOf(drawing))
    await post(`/api/workflows/${id}/publish`, {})
    return id as string
  }
  const end = { key: 'end', block: 'core.set', params: { fields: { got: '{{ trigger.data }}' } } }
  const on = { key: 'on', block: 'event.on', params: { event: 'order.*' } }
  for (let ear = 0; ear < EARS; ear += 1) await publish({ nodes: [on, end], edges: ['on -> end'] })
  const start = { key: 'start', block: 'manual.start' }
  const mends = await publish({ nodes: [start, end], edges: ['start -> end'] })
  const stop = { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'no' } }
  const failing = await publish({ nodes: [start, stop], edges: ['start -> stop'], settings: { onFailure: mends } })
  const versions = await server.world.db.selectFrom('workflow_versions').select(['id', 'workflow_id', 'workspace_id']).execute()
  await server.stop()
  const version = versions.find(one => one.workflow_id === failing) ?? assert.fail()
  return {
    workspace: version.workspace_id,
    mends,
    fails: { workspace: version.workspace_id, version: version.id, nodeId: 'start' },
  }
}

const tell = async (world: World, workspace: string, n: number) =>
  world.db
    .insertInto('happenings')
    .values(happeningOf(world, { workspace, name: 'order.paid', data: { n } }))
    .execute()

const isQuiet = async ({ db }: World) => {
  const open = await db.selectFrom('happenings').select('id').where('open', '=', 1).execute()
  const running = await db.selectFrom('executions').select('id').where('ended_at', 'is', null).execute()
  return open.length + running.length === 0
}

const startsOf = (world: World, kind: string) =>
  world.db.selectFrom('executions').select(['id', 'trigger_id', 'workflow_id', 'status']).where('start', '=', kind).execute()

const [sqlite, postgres] = databases()

/** A database that dies at the n-th group of a server: before it is on disk, or after that without anybody being told. */
const DEATHS = ['before', 'after'] as const

describe('a server that dies while it starts those who listen', () => {
  async function runUntil(where: Where, n: number, how: (typeof DEATHS)[number], go: (runner: Runner) => void): Promise<number> {
    const world = await openWorld(readConfig({ DATA_DIR: where.dir }), silent)
    const { flush } = world.database
    const died = Promise.withResolvers<void>()
    let groups = 0
    world.database.flush = async (all: readonly Group[]): Promise<Flushed[]> => {
      const last = n - groups
      groups += all.length
      if (last > all.length) return flush(all)
      await flush(all.slice(0, how === 'after' ? Math.max(last, 0) : Math.max(last - 1, 0)))
      died.resolve()
      return new Promise(() => {})
    }
    const runner = await startRunner(world)
    startDispatch(runner)
    go(runner)
    await Promise.race([died.promise, until('all is over', () => groups > 0 && isQuiet(world))])
    halt(runner)
    await closeWorld(world)
    return groups
  }

  async function goOn(where: Where): Promise<World> {
    const engine = await startEngine(where)
    startDispatch(engine.runner)
    await until('all is over', () => isQuiet(engine.world))
    await engine.runner.stop()
    return engine.world
  }

  test('has started each of them once when it is there again', { timeout: 120_000 }, async () => {
    const where = (await sqlite?.place()) ?? assert.fail()
    const { workspace } = await prepare(where)
    let count = 0
    for (const how of DEATHS)
      for (let n = 1; n <= EARS + 1; n += 1) {
        const world = await openWorld(readConfig({ DATA_DIR: where.dir }), silent)
        await tell(world, workspace, n)
        await closeWorld(world)
        await runUntil(where, n, how, () => {})
        const later = await goOn(where)
        count += EARS
        const all = await startsOf(later, 'event')
        assert.equal(all.length, count, `died ${how} group ${n}`)
        assert.ok(all.every(one => one.status === 'completed'))
        const lines = await later.db.selectFrom('fires').select(['trigger_id', 'execution_id']).execute()
        assert.deepEqual(lines.map(line => line.execution_id).sort(), all.map(one => one.id).sort())
        assert.deepEqual(
          [...Map.groupBy(lines, line => line.trigger_id).values()].map(of => of.length),
          Array.from({ length: EARS }, () => count / EARS),
        )
        await closeWorld(later)
      }
    await where.drop()
  })

  test('has started the error workflow once for what had failed', { timeout: 120_000 }, async () => {
    const where = (await sqlite?.place()) ?? assert.fail()
    const { fails, mends } = await prepare(where)
    let failed = 0
    for (const how of DEATHS)
      for (let n = 1; n <= 3; n += 1) {
        await runUntil(where, n, how, async runner => {
          const ready = await runner.shell.plans.load(fails.workspace, fails.version)
          const wanted = { ...fails, ready, start: 'manual', triggerId: null, lane: 1, parent: null, forkedFrom: null }
          await runner.accept(wanted, {}).catch(() => {})
        })
        const later = await goOn(where)
        const had = await startsOf(later, 'manual')
        failed += n === 1 && how === 'before' ? 0 : 1
        const where_ = `died ${how} group ${n}`
        assert.equal(had.length, failed, where_)
        const mended = await startsOf(later, 'failure')
        assert.deepEqual(
          mended.map(one => [one.workflow_id, one.status]),
          had.map(() => [mends, 'completed']),
          where_,
        )
        await closeWorld(later)
      }
    await where.drop()
  })
})

test('what there is no room for stays open, and one that cannot be started keeps nobody else from it', async () => {
  const where = (await sqlite?.place()) ?? assert.fail()
  const { workspace } = await prepare(where)
  const full = await startEngine(where, { backlog: -1 })
  const { db } = full.world
  const [broken] = await db
    .selectFrom('triggers')
    .select(['id', 'workflow_id'])
    .where('wakes', '=', 'event')
    .orderBy('id')
    .execute()
  if (!broken) assert.fail()
  await db.updateTable('workflow_versions').set({ document: '{}' }).where('workflow_id', '=', broken.workflow_id).execute()
  startDispatch(full.runner)
  await tell(full.world, workspace, 1)
  const lines = () => db.selectFrom('fires').select(['trigger_id', 'outcome', 'why']).execute()
  await until('the broken one is refused', async () => (await lines()).length === 1)
  assert.deepEqual([(await lines())[0]?.trigger_id, (await lines())[0]?.outcome], [broken.id, 'refused'])
  assert.match((await lines())[0]?.why ?? '', /event\.not_started/)
  assert.equal(await isQuiet(full.world), false)
  await full.stop()
  const engine = await startEngine(where)
  startDispatch(engine.runner)
  await until('all is over', () => isQuiet(engine.world))
  assert.equal((await startsOf(engine.world, 'event')).length, EARS - 1)
  assert.equal((await engine.world.db.selectFrom('fires').select('id').execute()).length, EARS)
  await engine.stop()
  await where.drop()
})

describe('two processes that start those who listen', { skip: postgres?.skip }, () => {
  let where: Where
  before(async () => {
    where = (await postgres?.place()) ?? assert.fail()
  })
  after(() => where.drop())

  test('start each of them once, and the error workflow too', async () => {
    const { workspace, fails } = await prepare(where)
    const engines = [await startEngine(where), await startEngine(where)]
    for (const { runner } of engines) startDispatch(runner)
    const [one, other] = engines
    if (!one || !other) assert.fail()
    const many = 40
    await Promise.all(Array.from({ length: many }, (_none, n) => tell(n % 2 ? one.world : other.world, workspace, n)))
    await Promise.all(Array.from({ length: many }, (_none, n) => (n % 2 ? one : other).start(fails)))
    await until('all is over', () => isQuiet(one.world))
    const all = await startsOf(one.world, 'event')
    assert.equal(all.length, many * EARS)
    assert.deepEqual([...new Set(all.map(row => row.status))], ['completed'])
    const { length } = await one.world.db.selectFrom('fires').select('id').execute()
    assert.equal(length, many * EARS)
    assert.equal((await startsOf(one.world, 'failure')).length, many)
    for (const engine of engines) await engine.stop()
  })
})
