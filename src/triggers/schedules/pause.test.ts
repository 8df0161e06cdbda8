import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import { type Scene, type Schedule, setScene } from './testing.ts'

const MINUTE = 60_000
const START = Date.parse('2027-09-01T10:00:00.000Z')

describe('a schedule whose starts fail', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Scene
      before(async () => {
        it = await setScene(await kind.place())
      })
      after(() => it.close())

      const of = ({ trigger }: Schedule) => it.get(`/api/triggers/${trigger}`)

      /** Each minute something that ends as the minute says: even ones fail where `when` is `even`. */
      const ending = (params: Record<string, unknown>, message = 'The shop is closed.') => {
        it.hands.set(START)
        const stop = { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message } }
        return it.schedule({ cron: '* * * * *', ...params }, { nodes: [stop], edges: ['clock -> stop'] })
      }

      async function minute(one: Schedule, nth: number): Promise<void> {
        it.hands.set(START + nth * MINUTE)
        const planned = new Date(START + nth * MINUTE).toISOString()
        await until(planned, async () => {
          const line = (await it.ledger(one)).at(-1)
          return line?.plannedAt === planned && (await it.get(`/api/executions/${line.executionId}`)).completedAt !== null
        })
      }

      test('pauses itself, tells the admins, and goes on when somebody turns it on', async () => {
        const one = await ending({ pauseAfter: 3 })
        await minute(one, 1)
        await minute(one, 2)
        assert.deepEqual([(await of(one)).failures, (await of(one)).state], [2, 'on'])
        await minute(one, 3)
        await until('it is paused', async () => (await of(one)).state === 'paused')
        const paused = await of(one)
        assert.deepEqual([paused.failures, paused.nextAt, paused.enabled], [3, null, true])
        assert.match(paused.pausedWhy, /^3 executions in a row have failed; the last: .*The shop is closed/)
        const mails = () => it.tower.lines.filter(line => line.to === 'owner@example.org')
        await until('a mail is written', () => mails().length > 0)
        assert.equal(mails().length, 1)
        const last = (await it.ledger(one)).at(-1)
        assert.match(String(mails()[0]?.link), new RegExp(`/execution/${last?.executionId}$`))
        const { items } = await it.get('/api/audit')
        const entries = items.filter((item: { targetId: string }) => item.targetId === one.trigger)
        assert.deepEqual([entries[0].action, entries[0].via, entries[0].target], ['trigger.paused', 'trigger', 'a test'])
        it.hands.set(START + 10 * MINUTE)
        await it.settle()
        assert.equal((await it.ledger(one)).length, 3, 'nothing starts while it is paused')
        const again = await it.post(`/api/triggers/${one.trigger}`, { enabled: true }, 'PATCH')
        assert.deepEqual([again.state, again.failures, again.pausedWhy], ['on', 0, null])
        assert.equal(again.nextAt, new Date(START + 11 * MINUTE).toISOString(), 'and what came meanwhile was not missed')
        await minute(one, 11)
        assert.equal((await of(one)).failures, 1)
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('counts anew when one ends well, also one that was started by hand', async () => {
        const one = await ending({ pauseAfter: 5 })
        await minute(one, 1)
        await minute(one, 2)
        assert.equal((await of(one)).failures, 2)
        const { rev, nodes } = await it.get(`/api/workflows/${one.workflow}`)
        const well = nodes.map((node: { id: string }) =>
          node.id === 'stop' ? { ...node, params: { outcome: 'completed', message: 'It is open.' } } : node,
        )
        await it.post(`/api/workflows/${one.workflow}`, { rev, nodes: well }, 'PUT')
        await it.post(`/api/workflows/${one.workflow}/publish`)
        assert.equal((await of(one)).failures, 2, 'what is published does not change it')
        await it.post(`/api/triggers/${one.trigger}/fire`)
        await until('they are forgotten', async () => (await of(one)).failures === 0)
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('never pauses where that is not wanted', async () => {
        const one = await ending({ pauseAfter: 0 })
        for (const nth of [1, 2, 3]) await minute(one, nth)
        await it.settle()
        assert.deepEqual([(await of(one)).failures, (await of(one)).state], [3, 'on'])
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
      })

      test('is paused by whoever finds it next where the process that saw the last failure is gone', async () => {
        const one = await ending({ pauseAfter: 2 })
        await minute(one, 1)
        await it.tower.world.db.updateTable('triggers').set({ failures: 2 }).where('id', '=', one.trigger).execute()
        await it.restart(() => it.hands.set(START + 2 * MINUTE))
        await until('it is paused', async () => (await of(one)).state === 'paused')
        assert.equal((await it.ledger(one)).length, 1)
      })
    })
  }
})
