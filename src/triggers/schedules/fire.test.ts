import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Scene, setScene } from './testing.ts'

const HOUR = 3_600_000

describe('a schedule', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Scene
      before(async () => {
        it = await setScene(await kind.place())
      })
      after(() => it.close())

      const turnOn = (trigger: string, enabled: boolean) => it.post(`/api/triggers/${trigger}`, { enabled }, 'PATCH')
      const nextOf = async (trigger: string) => (await it.get(`/api/triggers/${trigger}`)).nextAt

      test('starts at its times with the time that was planned, and writes down each of them', async () => {
        it.hands.set('2027-05-03T06:29:30.000Z')
        const one = await it.schedule({ cron: '30 8 * * MON-FRI', timezone: 'Europe/Berlin' })
        const [planned] = (await it.get(`/api/triggers/${one.trigger}/activity`)).items
        assert.deepEqual([planned.outcome, planned.plannedAt], ['planned', '2027-05-03T06:30:00.000Z'])
        await it.settle()
        assert.deepEqual(await it.ledger(one), [], 'nothing starts before its time')
        it.hands.set('2027-05-03T06:30:00.000Z')
        const [line] = await it.says(one, ['2027-05-03T06:30:00.000Z', 'fired', 1])
        assert.deepEqual([line.why, line.replayable], [null, true])
        const [execution] = await it.executions(one)
        assert.deepEqual(
          [execution.id, execution.trigger, execution.triggerId, execution.output],
          [
            line.executionId,
            'schedule',
            one.trigger,
            { got: { scheduledAt: '2027-05-03T06:30:00.000Z', firedAt: '2027-05-03T06:30:00.000Z' } },
          ],
        )
        assert.equal(await nextOf(one.trigger), '2027-05-04T06:30:00.000Z')
        it.hands.set('2027-05-04T06:30:12.000Z')
        const [, late] = await it.says(one, ['2027-05-03T06:30:00.000Z', 'fired', 1], ['2027-05-04T06:30:00.000Z', 'late', 1])
        assert.deepEqual([late.why.code, late.why.message], ['schedule.late', 'It was started 12 s late.'])
      })

      test('a restart in between doubles nothing and loses nothing', async () => {
        it.hands.set('2027-06-01T10:00:30.000Z')
        const one = await it.schedule({ every: '1m' })
        it.hands.set('2027-06-01T10:01:30.000Z')
        await it.says(one, ['2027-06-01T10:01:30.000Z', 'fired', 1])
        await it.restart(() => it.hands.set('2027-06-01T10:02:31.000Z'))
        await it.says(one, ['2027-06-01T10:01:30.000Z', 'fired', 1], ['2027-06-01T10:02:30.000Z', 'fired', 1])
        await it.restart()
        await it.settle()
        assert.equal((await it.executions(one)).length, 2)
      })

      test('what chance adds stays in bounds, is the same for everybody and is not in the planned time', async () => {
        it.hands.set('2027-06-02T10:00:00.000Z')
        const all = await Promise.all(Array.from({ length: 20 }, () => it.schedule({ cron: '0 11 * * *', jitter: 600 })))
        const slot = Date.parse('2027-06-02T11:00:00.000Z')
        const dues = async () => {
          const ids = all.map(({ trigger }) => trigger)
          const rows = await it.tower.world.db.selectFrom('triggers').selectAll().where('id', 'in', ids).orderBy('id').execute()
          assert.ok(rows.every(row => row.slot_at === slot))
          return rows.map(row => Number(row.due_at))
        }
        const first = await dues()
        assert.ok(first.every(due => due >= slot && due < slot + 600_000))
        assert.ok(new Set(first).size > 10, 'they are spread')
        for (const { workflow } of all) {
          await it.post(`/api/workflows/${workflow}/deactivate`)
          await it.post(`/api/workflows/${workflow}/activate`)
        }
        assert.deepEqual(await dues(), first)
        const middle = slot + 300_000
        it.hands.set(middle)
        await it.settle()
        for (const one of all) {
          const [row] = await it.tower.world.db.selectFrom('triggers').selectAll().where('id', '=', one.trigger).execute()
          const isOver = first.filter(due => due <= middle).length
          assert.ok(isOver > 0 && isOver < 20)
          const [line] = await it.ledger(one)
          assert.equal(line !== undefined, Number(row?.slot_at) > slot)
          if (line) assert.equal(line.plannedAt, '2027-06-02T11:00:00.000Z')
        }
      })

      test('ends with its end date, and what is planned once is started once', async () => {
        it.hands.set('2027-06-03T10:00:00.000Z')
        const ends = await it.schedule({ cron: '0 12 * * *', until: '2027-06-04' })
        const once = await it.schedule({ at: '2027-06-03 12:30' })
        const over = await it.schedule({ at: '2027-06-03T09:59:00Z' })
        assert.equal(await nextOf(over.trigger), null)
        it.hands.set('2027-06-03T12:00:00.000Z')
        await it.says(ends, ['2027-06-03T12:00:00.000Z', 'fired', 1])
        it.hands.set('2027-06-03T12:30:00.000Z')
        await it.says(once, ['2027-06-03T12:30:00.000Z', 'fired', 1])
        assert.equal(await nextOf(once.trigger), null)
        it.hands.set('2027-06-04T12:00:00.000Z')
        await it.says(ends, ['2027-06-03T12:00:00.000Z', 'fired', 1], ['2027-06-04T12:00:00.000Z', 'fired', 1])
        assert.equal(await nextOf(ends.trigger), null)
        it.hands.set('2027-06-06T12:00:00.000Z')
        await it.settle()
        assert.deepEqual(
          [(await it.ledger(ends)).length, (await it.ledger(once)).length, (await it.ledger(over)).length],
          [2, 1, 0],
        )
      })

      test('publishing with unchanged parameters keeps what is planned, others plan anew', async () => {
        it.hands.set('2027-06-07T10:00:00.000Z')
        const one = await it.schedule({ every: '1h' })
        it.hands.set('2027-06-07T10:20:00.000Z')
        const edit = async (nodes: (nodes: { params: object; id: string }[]) => unknown[]) => {
          const { rev, nodes: there } = await it.get(`/api/workflows/${one.workflow}`)
          await it.post(`/api/workflows/${one.workflow}`, { rev, nodes: nodes(there) }, 'PUT')
          await it.post(`/api/workflows/${one.workflow}/publish`)
        }
        await edit(nodes => nodes.map(node => (node.id === 'echo' ? { ...node, params: { fields: { got: 'new' } } } : node)))
        assert.equal(await nextOf(one.trigger), '2027-06-07T11:00:00.000Z')
        it.hands.set('2027-06-07T11:00:00.000Z')
        const [line] = await it.says(one, ['2027-06-07T11:00:00.000Z', 'fired', 1])
        assert.deepEqual((await it.get(`/api/executions/${line.executionId}`)).output, { got: 'new' }, 'the live version runs')
        it.hands.set('2027-06-07T11:20:00.000Z')
        await edit(nodes => nodes.map(node => (node.id === 'clock' ? { ...node, params: { every: '2h' } } : node)))
        assert.equal(await nextOf(one.trigger), '2027-06-07T13:20:00.000Z')
      })

      test('starts nothing while it is off, and what came meanwhile was not missed', async () => {
        const stops: Record<
          string,
          [
            (it: { workflow: string; trigger: string }) => Promise<unknown>,
            (it: { workflow: string; trigger: string }) => Promise<unknown>,
          ]
        > = {
          'turned off': [({ trigger }) => turnOn(trigger, false), ({ trigger }) => turnOn(trigger, true)],
          deactivated: [
            ({ workflow }) => it.post(`/api/workflows/${workflow}/deactivate`),
            ({ workflow }) => it.post(`/api/workflows/${workflow}/activate`),
          ],
          archived: [
            ({ workflow }) => it.post(`/api/workflows/${workflow}/archive`),
            async ({ workflow }) => {
              await it.post(`/api/workflows/${workflow}/unarchive`)
              await it.post(`/api/workflows/${workflow}/activate`)
            },
          ],
        }
        let day = Date.parse('2027-06-10T10:30:00.000Z')
        for (const [name, [stop, go]] of Object.entries(stops)) {
          it.hands.set(day)
          const one = await it.schedule({ cron: '0 * * * *', missed: 'all' })
          await stop(one)
          assert.equal(await nextOf(one.trigger), null, name)
          it.hands.forward(5 * HOUR)
          await it.settle()
          assert.deepEqual(await it.ledger(one), [], name)
          await go(one)
          it.hands.forward(HOUR / 2)
          await it.says(one, [new Date(day + 5.5 * HOUR).toISOString(), 'fired', 1])
          day += 24 * HOUR
        }
      })

      test('a version that cannot be read holds up nobody else, and is written down as refused', async () => {
        it.hands.set('2027-06-15T10:00:30.000Z')
        const broken = await it.schedule({ cron: '* * * * *' })
        const whole = await it.schedule({ cron: '* * * * *' })
        const { db } = it.tower.world
        const row = await db
          .selectFrom('workflow_versions')
          .selectAll()
          .where('workflow_id', '=', broken.workflow)
          .executeTakeFirst()
        const document = row?.document.replace('{{ trigger }}', '{{ trigger | }')
        await db
          .updateTable('workflow_versions')
          .set({ document: document ?? '' })
          .where('id', '=', row?.id ?? '')
          .execute()
        await it.restart(() => it.hands.set('2027-06-15T10:01:00.000Z'))
        const [line] = await it.says(broken, ['2027-06-15T10:01:00.000Z', 'refused', 1])
        assert.equal(line.why.code, 'workflow.invalid')
        await it.says(whole, ['2027-06-15T10:01:00.000Z', 'fired', 1])
        assert.equal(await nextOf(broken.trigger), '2027-06-15T10:02:00.000Z')
        for (const { workflow } of [broken, whole]) await it.post(`/api/workflows/${workflow}/deactivate`)
      })

      test('the preview shows the times at which it then starts', async () => {
        it.hands.set('2027-03-14T00:00:00.000Z')
        const params = { cron: '30 */2 * * *', timezone: 'America/New_York', missed: 'all' }
        const shown = await it.post('/api/triggers/preview', { block: 'schedule.cron', params, count: 5 })
        assert.equal(shown.timezone, 'America/New_York')
        const one = await it.schedule(params)
        it.hands.set(shown.times[4])
        await it.says(one, ...shown.times.map((time: string, at: number) => [time, at === 4 ? 'fired' : 'late', 1]))
        const zoned = await it.post('/api/triggers/preview', {
          block: 'schedule.cron',
          params: { at: '2028-01-01 00:00' },
          timezone: 'Asia/Tokyo',
        })
        assert.deepEqual(zoned, { times: ['2027-12-31T15:00:00.000Z'], timezone: 'Asia/Tokyo' })
      })

      test('what is no schedule is refused before it is saved as one, and the field is named', async () => {
        const wrong: [Record<string, unknown>, string][] = [
          [{ cron: '60 * * * *' }, 'params.cron'],
          [{ cron: '0 0 31 2 *' }, 'params.cron'],
          [{ cron: '* * * * * '.repeat(1024) }, 'params.cron'],
          [{ cron: '@daily', timezone: 'Mars/Olympus' }, 'params.timezone'],
          [{ every: '10ms' }, 'params.every'],
          [{ at: 'soon' }, 'params.at'],
          [{ cron: '@daily', jitter: 4000 }, 'params.jitter'],
          [{}, 'params.cron'],
        ]
        const { workflow } = await it.schedule({ cron: '@daily' })
        for (const [params, field] of wrong) {
          const added = await it.ask('/api/triggers', { workflowId: workflow, block: 'schedule.cron', params })
          assert.deepEqual([added.status, added.body.code, added.body.details[0].path], [400, 'trigger.bad_params', field])
          const shown = await it.ask('/api/triggers/preview', { block: 'schedule.cron', params })
          assert.deepEqual([shown.status, shown.body.code], [400, 'trigger.bad_params'])
          const { rev, nodes } = await it.get(`/api/workflows/${workflow}`)
          const put = nodes.map((node: { id: string }) => (node.id === 'clock' ? { ...node, params } : node))
          await it.post(`/api/workflows/${workflow}`, { rev, nodes: put }, 'PUT')
          const { problems } = await it.post(`/api/workflows/${workflow}/validate`)
          assert.deepEqual([problems[0].node, problems[0].field, problems[0].severity], ['clock', field, 'error'])
          assert.equal((await it.ask(`/api/workflows/${workflow}/publish`, {})).status, 422)
        }
      })
    })
  }
})
