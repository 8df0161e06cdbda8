import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '#config.ts'
import type { Flushed, Group } from '#db/db.ts'
import { databases, type Where } from '#db/testing.ts'
import { readJournal } from '#executions/own.ts'
import { startRunner } from '#executions/runner.ts'
import { documentOf } from '#executions/testing.ts'
import { silent } from '#log.ts'
import { startWire, stream, type Wire } from '#models/testing.ts'
import { closeWorld, openWorld } from '#open.ts'
import { makeLibrary } from '#sdk/library.ts'
import { register, startServer } from '#testing.ts'
import { ANSWER, addOpenai, COST, probe } from './testing.ts'

let where: Where
let wire: Wire
let of = { workspace: '', version: '', workflow: '' }

before(async () => {
  where = (await databases()[0]?.place()) ?? assert.fail()
  wire = await startWire()
  wire.says(stream(ANSWER))
  const server = await startServer(where, {}, { connectors: [probe] })
  const token = await register(server, 'a@example.org')
  const post = async (path: string, body: unknown = {}) => (await server.send(path, { token, body })).body
  await addOpenai({ post }, wire)
  const ask = (key: string, more: object = {}) => ({
    key,
    block: 'probe.ask',
    params: { model: 'openai/gpt-5', ...more },
    retry: { delay: 1 },
  })
  const { id } = await post(
    '/api/workflows',
    documentOf({
      nodes: [{ key: 'start', block: 'manual.start' }, ask('one', { times: 2 }), ask('two', { fail: 'once' })],
      edges: ['start -> one', 'one -> two'],
    }),
  )
  await post(`/api/workflows/${id}/publish`)
  await post('/api/budgets', { scope: 'workspace', period: 'day', dollars: 1000, onExhausted: 'fail' })
  const row = await server.world.db.selectFrom('workflow_versions').selectAll().executeTakeFirstOrThrow()
  of = { workspace: row.workspace_id, workflow: row.workflow_id, version: row.id }
  await server.stop()
})
after(async () => {
  await wire.stop()
  await where.drop()
})

const open = async () => {
  const world = await openWorld(readConfig({ DATA_DIR: where.dir, OUTBOUND_ALLOW: '127.0.0.0/8' }), silent)
  world.library = makeLibrary([...world.library.connectors, probe])
  return { world, runner: await startRunner(world) }
}

/** Runs it on a database that dies at its n-th write; answers with how many there were. */
async function runUntil(n: number, how: 'before' | 'after'): Promise<{ id: string; writes: number }> {
  const { world, runner } = await open()
  const { flush } = world.database
  let writes = 0
  const died = Promise.withResolvers<void>()
  world.database.flush = async (groups: readonly Group[]): Promise<Flushed[]> => {
    writes += 1
    if (writes === n && how === 'after') await flush(groups)
    if (writes < n) return flush(groups)
    died.resolve()
    return new Promise(() => {})
  }
  const ready = await runner.shell.plans.load(of.workspace, of.version)
  const wanted = { ready, start: 'manual', triggerId: null, nodeId: 'start', lane: 1, parent: null, forkedFrom: null }
  const going = runner.accept({ ...wanted, workspace: of.workspace }, {}).then(({ run }) => run?.ended.promise)
  await Promise.race([going, died.promise])
  const [id = ''] = [...runner.shell.runs.keys()]
  runner.shell.closing = true
  for (const run of runner.shell.runs.values()) {
    run.gone = true
    clearTimeout(run.timer)
  }
  await sleep(20)
  await closeWorld(world)
  return { id, writes }
}

test('what models took is in the sums as often as it is in the journal, wherever a server dies', {
  timeout: 120_000,
}, async () => {
  const whole = await runUntil(1_000, 'before')
  assert.ok(whole.writes > 3, `there are writes to die at: ${whole.writes}`)
  for (const how of ['before', 'after'] as const)
    for (let n = 1; n <= whole.writes; n += 1) {
      const { id } = await runUntil(n, how)
      const { world, runner } = await open()
      const at = `died ${how} write ${n}`
      for (const late = Date.now() + 15_000; ; await sleep(5)) {
        const row = await world.db.selectFrom('executions').selectAll().where('id', '=', id).executeTakeFirst()
        if (!row || row.ended_at !== null) break
        assert.ok(Date.now() < late, at)
      }
      const ids = await world.db.selectFrom('executions').select('id').execute()
      let calls = 0
      for (const one of ids)
        for (const event of await readJournal(runner.shell, one.id)) calls += 'usage' in event ? (event.usage?.length ?? 0) : 0
      const sum = await world.db.selectFrom('usage').selectAll().executeTakeFirstOrThrow()
      assert.deepEqual([sum.calls, sum.cost], [calls, calls * COST], at)
      await runner.shell.pause(50)
      await runner.stop()
      const spent = await world.db.selectFrom('budget_sums').selectAll().executeTakeFirstOrThrow()
      assert.deepEqual([spent.spent, spent.tokens], [calls * COST, calls * 15], at)
      await closeWorld(world)
    }
})
