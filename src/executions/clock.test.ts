import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { readJournal } from './own.ts'
import {
  type Engine,
  type Gate,
  type Published,
  publishAt,
  type Service,
  startEngine,
  startGate,
  startService,
  until,
} from './testing.ts'

const HOUR = 3_600_000

describe('executions and time', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let where: Where
      let service: Gate
      let flaky: Service
      let workflow: Published
      before(async () => {
        where = await kind.place()
        service = await startGate()
        const failed = new Set<string>()
        flaky = await startService(({ path }) => {
          if (failed.has(path)) return { body: { path } }
          failed.add(path)
          return { status: 503, body: {} }
        })
        const call = (key: string, url: string, more: object = {}) => ({
          key,
          block: 'http.request',
          params: { method: key === 'last' ? 'POST' : 'PUT', url: `${url}/${key}/{{ execution.id }}` },
          ...more,
        })
        workflow = await publishAt(where, {
          nodes: [
            { key: 'start', block: 'manual.start' },
            call('held', service.url),
            call('flaky', flaky.url, { retry: { attempts: 5, delay: 300, factor: 1, jitter: false } }),
            { key: 'wait', block: 'core.wait', params: { for: '1s' } },
            call('last', service.url),
          ],
          edges: ['start -> held', 'held -> flaky', 'flaky -> wait', 'wait -> last'],
          // By the clock an hour is an hour: one that may work for no longer would end.
          settings: { timeout: 30 * 24 * HOUR },
        })
      })
      after(async () => {
        await service.close()
        await flaky.close()
        await where.drop()
      })

      const rows = (engine: Engine, ids: string[]) =>
        engine.world.db.selectFrom('executions').selectAll().where('id', 'in', ids).execute()
      const allAre = async (engine: Engine, ids: string[], status: string) =>
        (await rows(engine, ids)).every(row => row.status === status)

      async function assertOnce(engine: Engine, ids: string[], held = 1): Promise<void> {
        for (const id of ids) {
          const events = await readJournal(engine.runner.shell, id)
          const done = events.flatMap(event => (event.type === 'done' ? [event.path] : []))
          assert.deepEqual(done, ['held', 'flaky', 'wait', 'last'], id)
          const flakies = flaky.calls.filter(call => call.path === `/flaky/${id}`).length
          assert.deepEqual([service.count(`/held/${id}`) <= held, flakies, service.count(`/last/${id}`)], [true, 2, 1], id)
        }
      }

      test('a clock that jumps an hour ahead and a day back loses nothing and does nothing twice', async () => {
        let shift = 0
        const engine = await startEngine(where, { lease: 1_500 }, { now: () => Date.now() + shift })
        const start = (count: number) => Promise.all(Array.from({ length: count }, () => engine.start(workflow)))
        const at = async (ids: string[], node: string) =>
          until(`all are at ${node}`, async () => (await rows(engine, ids)).every(row => row.at_node === node))
        service.shut()
        const running = await start(5)
        await at(running, 'held')
        shift += HOUR
        // What runs is swept, found and renewed under the new time.
        await until('the lease is renewed', async () =>
          (await rows(engine, running)).every(row => Number(row.lease_until) > Date.now() + HOUR),
        )
        service.open()
        const waiting = await start(5)
        await at([...running, ...waiting], 'wait')
        shift -= 25 * HOUR
        const later = await start(5)
        await until('what begins after the jump ends', () => allAre(engine, later, 'completed'))
        assert.ok(
          (await rows(engine, [...running, ...waiting])).every(row => row.ended_at === null),
          'their time has not come',
        )
        shift += 25 * HOUR
        const ids = [...running, ...waiting, ...later]
        await until('all have ended', () => allAre(engine, ids, 'completed'))
        await assertOnce(engine, ids)
        await engine.stop()
      })

      test('a process that stands still for longer than its lease goes on where it was', async () => {
        const lease = 300
        const engines = [await startEngine(where, { lease })]
        if (kind.name === 'postgres') engines.push(await startEngine(where, { lease }))
        const [one = assert.fail()] = engines
        service.shut()
        const ids = await Promise.all(Array.from({ length: 5 }, () => one.start(workflow)))
        await until('all are called', () => ids.every(id => service.count(`/held/${id}`) >= 1))
        for (const end = performance.now() + 3 * lease; performance.now() < end; );
        service.open()
        await until('all have ended', () => allAre(one, ids, 'completed'))
        // The other may have taken it for dead: then the call that may be repeated is repeated.
        await assertOnce(one, ids, engines.length)
        for (const engine of engines) await engine.stop()
      })
    })
  }
})
