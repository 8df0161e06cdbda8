import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import { type Said, type Scene, setScene } from './testing.ts'

const HOUR = 3_600_000
const at = (time: string) => `2027-07-01T${time}:00.000Z`

describe('times that nobody was there for', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Scene
      before(async () => {
        it = await setScene(await kind.place())
      })
      after(() => it.close())

      /** Hourly schedules that are not looked at from 10:30 on. */
      async function away(until: string, ...params: Record<string, unknown>[]) {
        it.hands.set(at('10:30'))
        const all = []
        for (const more of params) all.push(await it.schedule({ cron: '0 * * * *', ...more }))
        await it.restart(() => it.hands.set(until))
        return all
      }

      test('are skipped, made up for once, or each, as the schedule says', async () => {
        const [skip, once, each, some] = await away(
          at('14:20'),
          { missed: 'skip' },
          {},
          { missed: 'all' },
          { missed: 'all', missedMost: 2 },
        )
        assert.ok(skip && once && each && some)
        const [line] = await it.says(skip, [at('14:00'), 'skipped', 4])
        assert.equal(line.why.code, 'schedule.missed')
        assert.match(line.why.message, /^4 times were missed, from 2027-07-01T11:00:00.000Z to 2027-07-01T14:00:00.000Z/)
        const [, last] = await it.says(once, [at('13:00'), 'skipped', 3], [at('14:00'), 'late', 1])
        assert.equal(last.why.message, 'It was started 20 min late.')
        const lates = ['11:00', '12:00', '13:00', '14:00'].map((time): Said => [at(time), 'late', 1])
        await it.says(each, ...lates)
        await it.says(some, [at('12:00'), 'skipped', 2], ...lates.slice(2))
        for (const one of [skip, once, each, some])
          assert.equal((await it.get(`/api/triggers/${one.trigger}`)).nextAt, at('15:00'), 'the next one is in the future')
        const [first] = await it.executions(each)
        assert.deepEqual(first.output.got, { scheduledAt: at('11:00'), firedAt: at('14:20') })
        const { executionId } = await it.post(`/api/triggers/${skip.trigger}/activity/${line.id}/replay`)
        assert.equal(
          (await it.get(`/api/executions/${executionId}`)).input.scheduledAt,
          at('14:00'),
          'one may be made up for by hand',
        )
      })

      test('a time that is late by less than a minute is simply started, and stands for what was missed before it', async () => {
        const late = at('14:00').replace('00.000Z', '40.000Z')
        const [skip, once] = await away(late, { missed: 'skip' }, {})
        assert.ok(skip && once)
        for (const one of [skip, once]) await it.says(one, [at('13:00'), 'skipped', 3], [at('14:00'), 'late', 1])
      })

      test('a single time that was missed is run or skipped', async () => {
        it.hands.set(at('10:30'))
        const run = await it.schedule({ at: at('11:00') })
        const skip = await it.schedule({ at: at('11:00'), missed: 'skip' })
        await it.restart(() => it.hands.set(at('12:00')))
        await it.says(run, [at('11:00'), 'late', 1])
        await it.says(skip, [at('11:00'), 'skipped', 1])
      })

      test('a night of seconds is counted as far as it is worth while, and soon over', async () => {
        it.hands.set(at('00:00'))
        const once = await it.schedule({ cron: '* * * * * *' })
        const all = await it.schedule({ cron: '* * * * * *', missed: 'all', missedMost: 3 })
        await it.restart(() => it.hands.set(at('10:00')))
        const recent = Array.from({ length: 61 }, (_, nth): Said => {
          const time = Date.parse(at('10:00')) - (60 - nth) * 1000
          return [new Date(time).toISOString(), nth < 55 ? 'late' : 'fired', 1]
        })
        const [line] = await it.says(once, ['2027-07-01T09:58:59.000Z', 'skipped', 439], ...recent)
        assert.match(
          line.why.message,
          /^439 times or more were missed, from 2027-07-01T00:00:01.000Z to 2027-07-01T09:58:59.000Z/,
        )
        await until(
          'all of them are made up for',
          async () => (await it.ledger(all)).filter(one => one.outcome !== 'skipped').length === 64,
        )
        await it.post(`/api/workflows/${once.workflow}/deactivate`)
        await it.post(`/api/workflows/${all.workflow}/deactivate`)
      })

      test('a clock that jumps ahead and back neither doubles nor drops', async () => {
        it.hands.set(at('10:30'))
        const one = await it.schedule({ cron: '0 * * * *', missed: 'all' })
        it.hands.set(at('11:00'))
        await it.says(one, [at('11:00'), 'fired', 1])
        it.hands.forward(-HOUR)
        await it.settle()
        it.hands.set(at('11:00'))
        await it.settle()
        await it.says(one, [at('11:00'), 'fired', 1])
        it.hands.set(at('12:00'))
        await it.says(one, [at('11:00'), 'fired', 1], [at('12:00'), 'fired', 1])
        it.hands.forward(-24 * HOUR)
        await it.settle()
        assert.equal((await it.executions(one)).length, 2)
        it.hands.set(at('13:00'))
        const three: Said[] = [
          [at('11:00'), 'fired', 1],
          [at('12:00'), 'fired', 1],
          [at('13:00'), 'fired', 1],
        ]
        await it.says(one, ...three)
        it.hands.forward(24 * HOUR)
        const rest = Array.from({ length: 24 }, (_, nth): Said => {
          const time = new Date(Date.parse(at('14:00')) + nth * HOUR)
          return [time.toISOString(), nth === 23 ? 'fired' : 'late', 1]
        })
        await it.says(one, ...three, ...rest)
        it.hands.forward(-24 * HOUR)
        await it.settle()
        // Whoever is armed anew plans from the time there is, and what was started then is not started again.
        await it.post(`/api/workflows/${one.workflow}/deactivate`)
        await it.post(`/api/workflows/${one.workflow}/activate`)
        assert.equal((await it.get(`/api/triggers/${one.trigger}`)).nextAt, at('14:00'))
        it.hands.set(at('15:00'))
        await it.settle()
        assert.equal((await it.get(`/api/triggers/${one.trigger}`)).nextAt, at('16:00'))
        await it.says(one, ...three, ...rest)
        assert.equal((await it.executions(one)).length, 27)
      })
    })
  }
})
