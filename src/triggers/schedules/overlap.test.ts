import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import { type Said, type Scene, type Schedule, setScene } from './testing.ts'

const MINUTE = 60_000
const at = (minute: number) => new Date(Date.parse('2027-08-01T10:00:00.000Z') + minute * MINUTE).toISOString()

describe('a time that comes while the start before has not ended', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Scene
      before(async () => {
        it = await setScene(await kind.place())
      })
      after(() => it.close())

      /** Every minute something that rests until somebody decides. */
      function resting(params: Record<string, unknown>, settings = {}): Promise<Schedule> {
        it.hands.set(at(0))
        const ask = { key: 'ask', block: 'core.approve', params: { title: 'May it end?' } }
        return it.schedule({ cron: '* * * * *', ...params }, { nodes: [ask], edges: ['clock -> ask'], settings })
      }

      const statuses = async (one: Schedule) => (await it.executions(one)).map(({ status }) => status)
      const stand = (one: Schedule, ...wanted: string[]) =>
        until(`${wanted}`, async () => JSON.stringify(await statuses(one)) === JSON.stringify(wanted))

      async function decide(execution: string): Promise<void> {
        const { items } = await it.get('/api/approvals?limit=200')
        const approval = items.find((item: { executionId: string }) => item.executionId === execution)
        await it.post(`/api/approvals/${approval.id}`, { decision: 'approved' })
      }

      test('is started beside it where that is allowed', async () => {
        const one = await resting({})
        it.hands.set(at(1))
        await it.says(one, [at(1), 'fired', 1])
        it.hands.set(at(2))
        await it.says(one, [at(1), 'fired', 1], [at(2), 'fired', 1])
        await stand(one, 'paused', 'paused')
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('is skipped where the workflow says so, with the execution that was in the way', async () => {
        const one = await resting({}, { overlap: 'skip' })
        it.hands.set(at(1))
        const [first] = await it.says(one, [at(1), 'fired', 1])
        await stand(one, 'paused')
        it.hands.set(at(2))
        const [, second] = await it.says(one, [at(1), 'fired', 1], [at(2), 'skipped', 1])
        assert.deepEqual([second.why.code, second.executionId], ['schedule.overlap', first.executionId])
        const replayed = await it.post(`/api/triggers/${one.trigger}/activity/${second.id}/replay`)
        const { input } = await it.get(`/api/executions/${replayed.executionId}`)
        assert.equal(input.scheduledAt, at(2), 'what was skipped can be done by hand')
        await it.post(`/api/executions/${replayed.executionId}/cancel`)
        await decide(first.executionId)
        await stand(one, 'completed', 'cancelled')
        it.hands.set(at(3))
        await until('it starts again', async () => (await it.ledger(one)).at(-1)?.plannedAt === at(3))
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('waits and is started in its order', async () => {
        const one = await resting({ overlap: 'queue' })
        it.hands.set(at(1))
        const [first] = await it.says(one, [at(1), 'fired', 1])
        await stand(one, 'paused')
        it.hands.set(at(2))
        await it.says(one, [at(1), 'fired', 1], [at(2), 'waiting', 1])
        it.hands.set(at(3))
        const [, waits] = await it.says(one, [at(1), 'fired', 1], [at(2), 'waiting', 1], [at(3), 'waiting', 1])
        assert.deepEqual([waits.why.code, waits.executionId], ['schedule.overlap', null])
        await it.restart()
        assert.deepEqual(await statuses(one), ['paused'])
        await decide(first.executionId)
        const [, second] = await it.says(one, [at(1), 'fired', 1], [at(2), 'late', 1], [at(3), 'waiting', 1])
        assert.equal(second.why.code, 'schedule.late')
        await stand(one, 'completed', 'paused')
        assert.equal((await it.get(`/api/executions/${second.executionId}`)).input.scheduledAt, at(2))
        await decide(second.executionId)
        const [, , third] = await it.says(one, [at(1), 'fired', 1], [at(2), 'late', 1], [at(3), 'fired', 1])
        await stand(one, 'completed', 'completed', 'paused')
        it.hands.set(at(4))
        await until('one more waits', async () => (await it.ledger(one)).at(-1)?.outcome === 'waiting')
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
        await until('what waits is given up', async () => (await it.ledger(one)).at(-1)?.outcome === 'skipped')
        assert.equal((await it.ledger(one)).at(-1)?.why.code, 'trigger.asleep')
        await it.post(`/api/executions/${third.executionId}/cancel`)
      })

      test('of those that wait there are at most a hundred', async () => {
        const one = await resting({ overlap: 'queue', missed: 'all', missedMost: 200 })
        await it.restart(() => it.hands.set(at(104)))
        const lines = Array.from(
          { length: 104 },
          (_, nth): Said => [at(nth + 1), nth === 0 ? 'late' : nth > 100 ? 'skipped' : 'waiting', 1],
        )
        await it.says(one, ...lines)
        assert.match((await it.ledger(one)).at(-1)?.why.message, /^100 wait already/)
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('cancels it where it is to be replaced', async () => {
        const one = await resting({ overlap: 'replace' })
        it.hands.set(at(1))
        const [first] = await it.says(one, [at(1), 'fired', 1])
        await stand(one, 'paused')
        it.hands.set(at(2))
        await it.says(one, [at(1), 'fired', 1], [at(2), 'fired', 1])
        await stand(one, 'cancelled', 'paused')
        const { error } = await it.get(`/api/executions/${first.executionId}`)
        assert.match(error.message, /^The schedule of “a test” cancelled it/)
        const { items } = await it.get('/api/audit')
        const entry = items.find((item: { targetId: string }) => item.targetId === first.executionId)
        assert.deepEqual([entry.action, entry.actor, entry.via], ['execution.cancelled', 'The schedule of “a test”', 'trigger'])
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })
    })
  }
})
