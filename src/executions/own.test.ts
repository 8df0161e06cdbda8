import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { databases, type Where } from '#db/testing.ts'
import { claim, readJournal } from './own.ts'
import {
  type Engine,
  type Gate,
  halt,
  type Published,
  publishAt,
  type Stage,
  setStage,
  startEngine,
  startGate,
  startService,
  until,
} from './testing.ts'

const LEASE = 600

/** One call that may be repeated, one that may not, both counted by execution. */
const drawing = (url: string) => ({
  nodes: [
    { key: 'start', block: 'manual.start' },
    { key: 'held', block: 'http.request', params: { method: 'PUT', url: `${url}/held/{{ execution.id }}` } },
    { key: 'after', block: 'http.request', params: { method: 'POST', url: `${url}/after/{{ execution.id }}` } },
    { key: 'end', block: 'core.set', params: { fields: { path: '{{ after.body.path }}' } } },
  ],
  edges: ['start -> held', 'held -> after', 'after -> end'],
})

const rowsOf = (engine: Engine, ids: string[]) =>
  engine.world.db.selectFrom('executions').selectAll().where('id', 'in', ids).orderBy('id').execute()
const ended = async (engine: Engine, ids: string[]) => (await rowsOf(engine, ids)).every(row => row.ended_at !== null)

/** Everything was done, each thing once, and the segments follow each other. */
async function assertWhole(engine: Engine, ids: string[]): Promise<void> {
  for (const row of await rowsOf(engine, ids)) {
    assert.equal(row.status, 'completed', JSON.stringify(row))
    const done = (await readJournal(engine.runner.shell, row.id)).flatMap(event => (event.type === 'done' ? [event.path] : []))
    assert.deepEqual(done, ['held', 'after', 'end'], row.id)
    const seqs = await engine.world.db
      .selectFrom('journal')
      .select('seq')
      .where('execution_id', '=', row.id)
      .orderBy('seq')
      .execute()
    assert.deepEqual(
      seqs.map(({ seq }) => seq),
      seqs.map((_, at) => at + 1),
    )
  }
}

const [, postgres] = databases()

describe('two processes on one database', { skip: postgres?.skip }, () => {
  let where: Where
  let service: Gate
  let workflow: Published
  const engines: Engine[] = []
  before(async () => {
    where = (await postgres?.place()) ?? assert.fail()
    service = await startGate()
    workflow = await publishAt(where, drawing(service.url))
  })
  after(async () => {
    service.open()
    for (const engine of engines) await engine.stop()
    await service.close()
    await where.drop()
  })
  const open = async (limits = {}) => {
    const engine = await startEngine(where, { lease: LEASE, ...limits })
    engines.push(engine)
    return engine
  }
  const gone = (engine: Engine) => engines.splice(engines.indexOf(engine), 1)

  test('that claim the same execution at the same moment: one gets it', async () => {
    const [one, other] = [await open({ atOnce: 0 }), await open({ atOnce: 0 })]
    const ids = await Promise.all(Array.from({ length: 20 }, () => one.start(workflow)))
    await Promise.all(
      ids.flatMap(id => [claim(one.runner.shell, id), claim(other.runner.shell, id), claim(one.runner.shell, id)]),
    )
    const owned = ids.map(id => Number(one.runner.shell.runs.has(id)) + Number(other.runner.shell.runs.has(id)))
    assert.ok(owned.every(count => count <= 1))
    await until('all have ended', () => ended(one, ids))
    assert.ok((await rowsOf(one, ids)).every(row => row.epoch === 2 && row.deaths === 0))
    for (const id of ids) assert.deepEqual([service.count(`/held/${id}`), service.count(`/after/${id}`)], [1, 1])
    await assertWhole(one, ids)
    for (const engine of [one, other]) {
      gone(engine)
      await engine.stop()
    }
  })

  test('of which one dies: the other, which was told nothing, takes up what it owned', async () => {
    const [one, other] = [await open(), await open()]
    service.shut()
    const ids = await Promise.all(Array.from({ length: 20 }, () => one.start(workflow)))
    await until('all are called', () => ids.every(id => service.count(`/held/${id}`) === 1))
    gone(one)
    await one.die()
    service.open()
    await until('all have ended', () => ended(other, ids))
    for (const id of ids) assert.deepEqual([service.count(`/held/${id}`), service.count(`/after/${id}`)], [2, 1])
    await assertWhole(other, ids)
    gone(other)
    await other.stop()
  })

  test('what one accepts without room and forgets is found by the other', async () => {
    const [one, other] = [await open({ atOnce: 0 }), await open()]
    const ids = await Promise.all(Array.from({ length: 5 }, () => one.start(workflow)))
    await other.world.db.updateTable('executions').set({ due_at: 1 }).where('id', 'in', ids).execute()
    await until('all have ended', () => ended(other, ids))
    await assertWhole(other, ids)
    for (const engine of [one, other]) {
      gone(engine)
      await engine.stop()
    }
  })

  test('an owner that was taken for dead and did not notice lets go of what runs', async () => {
    const one = await open()
    service.shut()
    const id = await one.start(workflow)
    await until('it is called', () => service.count(`/held/${id}`) === 1)
    const far = Date.now() + 60_000
    const taken = { owner: 'another', epoch: 7, lease_until: far, due_at: far }
    await one.world.db.updateTable('executions').set(taken).where('id', '=', id).execute()
    await until('it lets go', () => !one.runner.shell.runs.has(id))
    service.open()
    await one.world.db.updateTable('executions').set({ lease_until: 1, due_at: 1 }).where('id', '=', id).execute()
    await until('it has ended', () => ended(one, [id]))
    await assertWhole(one, [id])
    gone(one)
    await one.stop()
  })

  test('an owner that was overtaken and hears first writes nothing, though the other has not written yet', async () => {
    const answers: (() => void)[] = []
    const slow = await startService(async ({ path }) => {
      if (path.startsWith('/held')) await new Promise<void>(resolve => answers.push(resolve))
      return { body: { path } }
    })
    const own = await publishAt(where, drawing(slow.url), 'other@example.org')
    const one = await open({ lease: 600_000 })
    const id = await one.start(own)
    await until('it is called', () => answers.length === 1)
    const other = await open({ lease: 600_000 })
    await other.world.db.updateTable('executions').set({ lease_until: 1, due_at: 1 }).where('id', '=', id).execute()
    await until('the other calls, too', () => answers.length === 2)
    const segments = () => other.world.db.selectFrom('journal').select('seq').where('execution_id', '=', id).execute()
    const before = await segments()
    answers[0]?.()
    await until('the first lets go', () => !one.runner.shell.runs.has(id))
    assert.deepEqual(await segments(), before)
    answers[1]?.()
    await until('it has ended', () => ended(other, [id]))
    assert.equal(slow.calls.filter(call => call.path.startsWith('/after')).length, 1)
    await assertWhole(other, [id])
    for (const engine of [one, other]) {
      gone(engine)
      await engine.stop()
    }
    await slow.close()
  })

  test('one that is frozen for longer than its lease writes nothing when it wakes up', {
    skip: process.platform === 'win32',
  }, async () => {
    service.shut()
    const child = startChild(where, workflow, 10)
    try {
      const ids = (await child.line()).split(' ')
      await until('all are called', () => ids.every(id => service.count(`/held/${id}`) === 1))
      child.kill('SIGSTOP')
      const other = await open()
      service.open()
      await until('all have ended', () => ended(other, ids))
      const journal = () =>
        other.world.db
          .selectFrom('journal')
          .selectAll()
          .where('execution_id', 'in', ids)
          .orderBy('execution_id')
          .orderBy('seq')
          .execute()
      const before = [await rowsOf(other, ids), await journal()]
      child.kill('SIGCONT')
      assert.equal(await child.line(), 'nothing is mine any more')
      assert.deepEqual([await rowsOf(other, ids), await journal()], before)
      for (const id of ids) assert.deepEqual([service.count(`/held/${id}`), service.count(`/after/${id}`)], [2, 1])
      await assertWhole(other, ids)
      child.stdin?.end('\n')
      const [code] = await once(child, 'exit')
      assert.equal(code, 0)
      gone(other)
      await other.stop()
    } finally {
      child.kill('SIGKILL')
    }
  })
})

/** A process of its own that starts executions, says their ids, and says when it owns nothing any more. */
function startChild(where: Where, workflow: Published, count: number): ChildProcess & { line(): Promise<string> } {
  const program = `
    import { startEngine } from ${JSON.stringify(new URL('./testing.ts', import.meta.url))}
    const engine = await startEngine(${JSON.stringify({ dir: where.dir, url: where.url })}, { lease: ${LEASE} })
    const ids = await Promise.all(Array.from({ length: ${count} }, () => engine.start(${JSON.stringify(workflow)})))
    console.log(ids.join(' '))
    const timer = setInterval(() => {
      if (engine.runner.shell.runs.size > 0) return
      clearInterval(timer)
      console.log('nothing is mine any more')
    }, 5)
    process.stdin.once('data', async () => {
      await engine.stop()
      process.exit()
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return Object.assign(child, { line: async () => String((await lines.next()).value) })
}

describe('an execution that kills whoever runs it', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Stage
      let service: Gate
      before(async () => {
        it = await setStage(await kind.place())
        service = await startGate()
      })
      after(async () => {
        service.open()
        await it.close()
        await service.close()
      })

      /** Kills the server while it owns an execution, and starts another one. */
      const crash = (id: string) =>
        it.restart(async () => {
          halt(it.server.runner)
          await it.server.world.db.updateTable('executions').set({ lease_until: 1, due_at: 1 }).where('id', '=', id).execute()
          await it.server.stop()
        })

      test('is dead after three times, stands in its own list, and goes on only when a person wants it', async () => {
        const workflow = await it.publish(drawing(service.url))
        service.shut()
        const id = await it.start(workflow)
        for (let time = 1; time <= 3; time += 1) {
          await until(`it is called for the ${time}. time`, () => service.count(`/held/${id}`) === time)
          await crash(id)
        }
        const dead = await it.until(id, 'failed')
        assert.equal(dead.error.code, 'execution.dead')
        assert.deepEqual(
          (await it.get('/api/executions?dead=true')).items.map((one: { id: string }) => one.id),
          [id],
        )
        await it.restart()
        // Long enough for a sweep.
        await sleep(1_400)
        assert.deepEqual([(await it.get(`/api/executions/${id}`)).status, service.count(`/held/${id}`)], ['failed', 3])
        service.open()
        await it.post(`/api/executions/${id}/retry`)
        const done = await it.until(id, 'completed', 'failed')
        assert.deepEqual([done.status, done.error, service.count(`/after/${id}`)], ['completed', null, 1])
        assert.deepEqual((await it.get('/api/executions?dead=true')).items, [])
      })

      test('is dead after three times also where beginning is written down each time', async () => {
        const workflow = await it.publish({
          nodes: [
            { key: 'start', block: 'manual.start' },
            {
              key: 'held',
              block: 'http.request',
              afterCrash: 'retry',
              params: { method: 'POST', url: `${service.url}/held/{{ execution.id }}` },
            },
          ],
          edges: ['start -> held'],
        })
        service.shut()
        const id = await it.start(workflow)
        for (let time = 1; time <= 3; time += 1) {
          await until(`it is called for the ${time}. time`, () => service.count(`/held/${id}`) === time)
          await crash(id)
        }
        assert.equal((await it.until(id, 'failed')).error.code, 'execution.dead')
        service.open()
      })

      test('is not dead when something is done in between', async () => {
        const workflow = await it.publish({
          nodes: [
            { key: 'start', block: 'manual.start' },
            ...[1, 2, 3, 4].map(n => ({
              key: `held${n}`,
              block: 'http.request',
              params: { method: 'PUT', url: `${service.url}/held${n}/{{ execution.id }}` },
            })),
          ],
          edges: ['start -> held1', 'held1 -> held2', 'held2 -> held3', 'held3 -> held4'],
        })
        service.shut()
        const id = await it.start(workflow)
        for (let time = 1; time <= 4; time += 1) {
          await until(`it is called at the ${time}. place`, () => service.count(`/held${time}/${id}`) === 1)
          await crash(id)
          await until('it is called again', () => service.count(`/held${time}/${id}`) === 2)
          service.open()
          if (time < 4) service.shut()
        }
        assert.equal((await it.until(id, 'completed', 'failed')).status, 'completed')
      })

      test('is dead also when it cannot be loaded, and tells the one that waits for it', async () => {
        const child = await it.publish({
          ...drawing(service.url),
          nodes: [{ key: 'start', block: 'api.call' }, ...drawing(service.url).nodes.slice(1)],
        })
        const parent = await it.publish({
          nodes: [
            { key: 'start', block: 'manual.start' },
            { key: 'child', block: 'core.workflow', params: { workflow: child } },
          ],
          edges: ['start -> child'],
        })
        service.shut()
        const waiting = await it.start(parent)
        await until(
          'the child is called',
          () => service.calls.length > 0 && service.calls.at(-1)?.path.startsWith('/held/') === true,
        )
        const { items } = await it.get(`/api/executions?workflowId=${child}`)
        const { id } = items[0]
        const { db } = it.server.world
        await db.updateTable('workflow_versions').set({ document: '{}' }).where('workflow_id', '=', child).execute()
        await crash(id)
        const due = () =>
          it.server.world.db
            .updateTable('executions')
            .set({ lease_until: 1, due_at: 1 })
            .where('id', '=', id)
            .where('ended_at', 'is', null)
            .execute()
        await until('it is given up', async () => {
          await due()
          const row = await it.server.world.db.selectFrom('executions').select('status').where('id', '=', id).executeTakeFirst()
          return row?.status === 'failed'
        })
        assert.deepEqual(
          (await it.get(`/api/executions?dead=true&workflowId=${child}`)).items.map((one: { id: string }) => one.id),
          [id],
        )
        const failed = await it.until(waiting, 'failed')
        assert.equal(failed.error.code, 'execution.dead')
        service.open()
      })
    })
  }
})
