import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '#config.ts'
import type { Flushed, Group } from '#db/db.ts'
import { databases, type Where } from '#db/testing.ts'
import { silent } from '#log.ts'
import { closeWorld, openWorld } from '#open.ts'
import { register, startServer } from '#testing.ts'
import type { World } from '#world.ts'
import { readJournal } from './own.ts'
import { type Runner, startRunner } from './runner.ts'
import { documentOf, type Service, startService } from './testing.ts'

/** How a write may meet its end: before anything is on disk, or after everything is, without anybody being told. */
const DEATHS = ['before', 'after'] as const

const [sqlite] = databases()

describe('a server that dies at any write', () => {
  let service: Service
  let where: Where
  let workflow = { workspace: '', id: '', version: '' }

  before(async () => {
    service = await startService(({ path }) => ({ body: { path, list: [1, 2, 3] } }))
    where = (await sqlite?.place()) ?? assert.fail()
    const server = await startServer(where)
    const token = await register(server, 'a@example.org')
    const call = (key: string, more: object = {}) => ({
      key,
      block: 'http.request',
      params: { method: 'PUT', url: `${service.url}/${key}` },
      ...more,
    })
    const drawing = documentOf({
      nodes: [
        { key: 'start', block: 'manual.start' },
        call('one'),
        { key: 'pure', block: 'core.set', params: { fields: { list: '{{ one.body.list }}' } } },
        {
          key: 'each',
          block: 'core.forEach',
          params: { list: '{{ pure.list }}', concurrency: 2, result: '{{ inner.body.path }}' },
        },
        call('inner', { parent: 'each', params: { method: 'PUT', url: `${service.url}/inner/{{ item }}` } }),
        call('two'),
        { key: 'end', block: 'core.set', params: { fields: { all: '{{ each }}', last: '{{ two.body.path }}' } } },
      ],
      edges: ['start -> one', 'one -> pure', 'pure -> each', 'each -> two', 'two -> end'],
    })
    const { body } = await server.send('/api/workflows', { token, body: drawing })
    await server.send(`/api/workflows/${body.id}/publish`, { token, body: {} })
    const row = await server.world.db.selectFrom('workflow_versions').selectAll().executeTakeFirstOrThrow()
    workflow = { workspace: row.workspace_id, id: row.workflow_id, version: row.id }
    await server.stop()
  })
  after(async () => {
    await service.close()
    await where.drop()
  })

  const open = async (): Promise<[World, Runner]> => {
    const config = readConfig({ DATA_DIR: where.dir, OUTBOUND_ALLOW: '127.0.0.0/8' })
    const world = await openWorld(config, silent)
    return [world, await startRunner(world)]
  }

  /** Starts an execution on a database that dies at its n-th write; answers with its id and how many writes there were. */
  async function runUntil(n: number, how: (typeof DEATHS)[number]): Promise<{ id: string; writes: number }> {
    const [world, runner] = await open()
    const { flush } = world.database
    let writes = 0
    const died = Promise.withResolvers<void>()
    world.database.flush = async (groups: readonly Group[]): Promise<Flushed[]> => {
      writes += 1
      if (writes === n && how === 'after') await flush(groups)
      if (writes >= n) {
        died.resolve()
        return new Promise(() => {})
      }
      return flush(groups)
    }
    const ready = await runner.shell.plans.load(workflow.workspace, workflow.version)
    const wanted = {
      workspace: workflow.workspace,
      ready,
      start: 'manual',
      triggerId: null,
      nodeId: 'start',
      lane: 1,
      parent: null,
      forkedFrom: null,
    }
    const going = runner.accept(wanted, {}).then(async ({ run }) => {
      await run?.ended.promise
    })
    await Promise.race([going, died.promise])
    const [id = ''] = [...runner.shell.runs.keys()]
    runner.shell.closing = true
    for (const run of runner.shell.runs.values()) {
      run.gone = true
      clearTimeout(run.timer)
    }
    // What is under way outside arrives there, as it would in a crash.
    await sleep(20)
    await closeWorld(world)
    return { id, writes }
  }

  async function goOn(id: string) {
    const [world, runner] = await open()
    const row = () => world.db.selectFrom('executions').selectAll().where('id', '=', id).executeTakeFirst()
    const done = (events: Awaited<ReturnType<typeof readJournal>>) =>
      events.flatMap(event => (event.type === 'done' ? [event.path] : []))
    // Read before anything goes on would be a race; what was on disk is what was done before the second epoch.
    const late = Date.now() + 15_000
    for (let it = await row(); it && it.ended_at === null; it = await row()) {
      assert.ok(Date.now() < late, JSON.stringify(it))
      await sleep(5)
    }
    const result = { row: await row(), done: done(await readJournal(runner.shell, id)) }
    await runner.stop()
    await closeWorld(world)
    return result
  }

  test('has lost nothing that was accepted and repeats nothing that was done', { timeout: 120_000 }, async () => {
    const whole = await runUntil(1_000, 'before')
    assert.ok(whole.writes > 5, `there are writes to die at: ${whole.writes}`)
    for (const how of DEATHS) {
      for (let n = 1; n <= whole.writes; n += 1) {
        service.calls.length = 0
        const { id } = await runUntil(n, how)
        const calls = service.calls.map(call => call.path)
        const { row, done } = await goOn(id)
        const where = `died ${how} write ${n}`
        if (!row) {
          assert.ok(n === 1 && how === 'before', `${where}: it was accepted and is gone`)
          continue
        }
        assert.equal(row.status, 'completed', where)
        assert.equal(new Set(done).size, done.length, `${where}: something was done twice: ${done}`)
        const again = service.calls.slice(calls.length).map(call => call.path)
        // At most what was under way: two turns at once.
        const repeated = again.filter(path => calls.includes(path))
        assert.ok(repeated.length <= 2, `${where}: called again: ${repeated}`)
        for (const path of ['/one', '/inner/1', '/inner/2', '/inner/3', '/two'])
          assert.ok(calls.includes(path) || again.includes(path), `${where}: ${path} was never called`)
      }
    }
  })
})
