import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { cron } from './cron.ts'

const { start } = cron
if (start?.by !== 'time') throw new Error('it is woken by the clock')

/** The first times after a moment, as the planner asks for them one after the other. */
function times(params: Record<string, unknown>, zone: string, from: string, count: number, since = from): (string | null)[] {
  const read = cron.input.parse(params)
  const found: (string | null)[] = []
  for (let after = Date.parse(from); found.length < count; ) {
    const next = start?.by === 'time' ? start.next(read, after, { zone, since: Date.parse(since) }) : null
    found.push(next === null ? null : new Date(next).toISOString().replace(':00.000Z', 'Z'))
    if (next === null) break
    after = next
  }
  return found
}

type Case = [says: string, params: Record<string, unknown>, zone: string, from: string, times: (string | null)[]]

const NEW_YORK = 'America/New_York'
const BERLIN = 'Europe/Berlin'
const LORD_HOWE = 'Australia/Lord_Howe'

/** New York: 8 March 2026 at 2:00 EST (07:00Z) it is 3:00 EDT; 1 November 2026 at 2:00 EDT (06:00Z) it is 1:00 EST. */
const newYork: Case[] = [
  [
    'a fixed time in the gap comes once, when clocks jump over it',
    { cron: '30 2 * * *' },
    NEW_YORK,
    '2026-03-07T00:00:00Z',
    ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  ],
  [
    'two fixed times in the gap come as one',
    { cron: '15,45 2 * * *' },
    NEW_YORK,
    '2026-03-08T00:00:00Z',
    ['2026-03-08T07:00Z', '2026-03-09T06:15Z', '2026-03-09T06:45Z'],
  ],
  [
    'hours that do not follow each other are fixed times',
    { cron: '0 2,14 * * *' },
    NEW_YORK,
    '2026-03-07T20:00:00Z',
    ['2026-03-08T07:00Z', '2026-03-08T18:00Z', '2026-03-09T06:00Z'],
  ],
  [
    'a fixed time that comes twice comes once, the first time',
    { cron: '30 1 * * *' },
    NEW_YORK,
    '2026-10-31T12:00:00Z',
    ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  ['also when it is asked for between the two', { cron: '30 1 * * *' }, NEW_YORK, '2026-11-01T05:45:00Z', ['2026-11-02T06:30Z']],
  [
    'hourly through the gap',
    { cron: '@hourly' },
    NEW_YORK,
    '2026-03-08T05:30:00Z',
    ['2026-03-08T06:00Z', '2026-03-08T07:00Z', '2026-03-08T08:00Z'],
  ],
  [
    'hourly through the doubled hour',
    { cron: '0 * * * *' },
    NEW_YORK,
    '2026-11-01T03:30:00Z',
    ['2026-11-01T04:00Z', '2026-11-01T05:00Z', '2026-11-01T06:00Z', '2026-11-01T07:00Z', '2026-11-01T08:00Z'],
  ],
  [
    'every 15 minutes through the gap',
    { cron: '*/15 * * * *' },
    NEW_YORK,
    '2026-03-08T06:30:00Z',
    ['2026-03-08T06:45Z', '2026-03-08T07:00Z', '2026-03-08T07:15Z'],
  ],
  [
    'every 15 minutes through the doubled hour',
    { cron: '*/15 * * * *' },
    NEW_YORK,
    '2026-11-01T05:30:00Z',
    ['2026-11-01T05:45Z', '2026-11-01T06:00Z', '2026-11-01T06:15Z', '2026-11-01T06:30Z'],
  ],
  [
    'minutes across in an hour that comes twice come twice',
    { cron: '*/30 1 * * *' },
    NEW_YORK,
    '2026-11-01T03:00:00Z',
    ['2026-11-01T05:00Z', '2026-11-01T05:30Z', '2026-11-01T06:00Z', '2026-11-01T06:30Z', '2026-11-02T06:00Z'],
  ],
  [
    'minutes across in an hour that is left out are left out',
    { cron: '*/30 2 * * *' },
    NEW_YORK,
    '2026-03-07T07:15:00Z',
    ['2026-03-07T07:30Z', '2026-03-09T06:00Z'],
  ],
  [
    'hours that follow each other go along',
    { cron: '30 1,2 * * *' },
    NEW_YORK,
    '2026-11-01T03:00:00Z',
    ['2026-11-01T05:30Z', '2026-11-01T06:30Z', '2026-11-01T07:30Z', '2026-11-02T06:30Z'],
  ],
]

/** Berlin: 29 March 2026 at 2:00 (01:00Z) it is 3:00; 25 October 2026 at 3:00 (01:00Z) it is 2:00. */
const berlin: Case[] = [
  ['in the gap', { cron: '30 2 * * *' }, BERLIN, '2026-03-28T12:00:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:30Z']],
  ['twice', { cron: '30 2 * * *' }, BERLIN, '2026-10-24T12:00:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  [
    'hourly through the gap',
    { cron: '5 * * * *' },
    BERLIN,
    '2026-03-29T00:00:00Z',
    ['2026-03-29T00:05Z', '2026-03-29T01:05Z', '2026-03-29T02:05Z'],
  ],
  [
    'hourly through the doubled hour',
    { cron: '5 * * * *' },
    BERLIN,
    '2026-10-24T23:30:00Z',
    ['2026-10-25T00:05Z', '2026-10-25T01:05Z', '2026-10-25T02:05Z'],
  ],
  [
    'every 15 minutes through the gap',
    { cron: '*/15 * * * *' },
    BERLIN,
    '2026-03-29T00:40:00Z',
    ['2026-03-29T00:45Z', '2026-03-29T01:00Z', '2026-03-29T01:15Z'],
  ],
  [
    'every 15 minutes through the doubled hour',
    { cron: '*/15 * * * *' },
    BERLIN,
    '2026-10-25T00:40:00Z',
    ['2026-10-25T00:45Z', '2026-10-25T01:00Z', '2026-10-25T01:15Z'],
  ],
  [
    'the zone of the node counts',
    { cron: '0 12 * * *', timezone: BERLIN },
    NEW_YORK,
    '2026-07-01T00:00:00Z',
    ['2026-07-01T10:00Z'],
  ],
]

const elsewhere: Case[] = [
  [
    'a midnight that did not exist comes at one o’clock',
    { cron: '0 0 * * *' },
    'America/Sao_Paulo',
    '2017-10-14T00:00:00Z',
    ['2017-10-14T03:00Z', '2017-10-15T03:00Z', '2017-10-16T02:00Z'],
  ],
  ['and so does @daily', { cron: '@daily' }, 'America/Sao_Paulo', '2017-10-14T12:00:00Z', ['2017-10-15T03:00Z']],
  // Half an hour: 4 October 2026 at 2:00 (3 October, 15:30Z) it is 2:30; 5 April 2026 at 2:00 (4 April, 15:00Z) it is 1:30.
  ['half an hour forward', { cron: '15 2 * * *' }, LORD_HOWE, '2026-10-03T00:00:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
  [
    'every 15 minutes, half an hour forward',
    { cron: '*/15 * * * *' },
    LORD_HOWE,
    '2026-10-03T15:05:00Z',
    ['2026-10-03T15:15Z', '2026-10-03T15:30Z', '2026-10-03T15:45Z', '2026-10-03T16:00Z'],
  ],
  ['half an hour back', { cron: '45 1 * * *' }, LORD_HOWE, '2026-04-04T00:00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
  [
    'every 15 minutes, half an hour back',
    { cron: '*/15 * * * *' },
    LORD_HOWE,
    '2026-04-04T14:35:00Z',
    ['2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-04T15:30Z'],
  ],
  // 29 December 2011 was followed by the 31st: at 10:00Z clocks jumped by a day.
  [
    'a day that did not exist',
    { cron: '0 12 * * *' },
    'Pacific/Apia',
    '2011-12-28T23:00:00Z',
    ['2011-12-29T22:00Z', '2011-12-30T10:00Z', '2011-12-30T22:00Z', '2011-12-31T22:00Z'],
  ],
  [
    'every hour through a day that did not exist',
    { cron: '0 * * * *' },
    'Pacific/Apia',
    '2011-12-30T08:30:00Z',
    ['2011-12-30T09:00Z', '2011-12-30T10:00Z', '2011-12-30T11:00Z'],
  ],
]

const calendar: Case[] = [
  ['29 February', { cron: '0 0 29 2 *' }, 'UTC', '2026-05-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ['the last day', { cron: '0 0 L * *' }, 'UTC', '2028-01-31T00:00:00Z', ['2028-02-29T00:00Z', '2028-03-31T00:00Z']],
  [
    'the 1st of March, though February has no 31st',
    { cron: '0 0 1,31 * *' },
    'UTC',
    '2026-02-20T00:00:00Z',
    ['2026-03-01T00:00Z', '2026-03-31T00:00Z'],
  ],
  ['the last Friday', { cron: '0 9 * * 5L' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-30T09:00Z', '2026-02-27T09:00Z']],
  ['the second Friday', { cron: '0 9 * * FRI#2' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-09T09:00Z', '2026-02-13T09:00Z']],
  ['the working day next to the 15th', { cron: '0 0 15W * *' }, 'UTC', '2026-02-01T00:00:00Z', ['2026-02-16T00:00Z']],
  ['working days', { cron: '0 8 * * MON-FRI' }, 'UTC', '2026-01-02T08:00:00Z', ['2026-01-05T08:00Z', '2026-01-06T08:00Z']],
  ['the day or the weekday', { cron: '0 0 13 * FRI' }, 'UTC', '2026-01-10T00:00:00Z', ['2026-01-13T00:00Z', '2026-01-16T00:00Z']],
  ['names of months', { cron: '0 0 1 JAN,JUL *' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-07-01T00:00Z', '2027-01-01T00:00Z']],
  ['with seconds', { cron: '20 0 0 1 1 *' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:20.000Z']],
  [
    'every 20 seconds',
    { cron: '*/20 * * * * *' },
    'UTC',
    '2026-01-01T00:00:05.500Z',
    ['2026-01-01T00:00:20.000Z', '2026-01-01T00:00:40.000Z'],
  ],
  ['@daily', { cron: '@daily' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-02T00:00Z']],
  ['@weekly', { cron: '@weekly' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-04T00:00Z']],
  ['@monthly', { cron: '@monthly' }, 'UTC', '2026-01-01T00:00:00Z', ['2026-02-01T00:00Z']],
  ['@yearly', { cron: '@yearly' }, 'UTC', '2026-01-01T00:00:00Z', ['2027-01-01T00:00Z']],
  [
    'until a day, with all of it',
    { cron: '0 12 * * *', until: '2026-01-02' },
    BERLIN,
    '2026-01-01T00:00:00Z',
    ['2026-01-01T11:00Z', '2026-01-02T11:00Z', null],
  ],
  [
    'until a time',
    { cron: '0 12 * * *', until: '2026-01-02 11:59' },
    BERLIN,
    '2026-01-01T00:00:00Z',
    ['2026-01-01T11:00Z', null],
  ],
]

const others: Case[] = [
  [
    'every 15 minutes, from when it was armed',
    { every: '15m' },
    'UTC',
    '2026-01-01T00:00:10Z',
    ['2026-01-01T00:15:10.000Z', '2026-01-01T00:30:10.000Z'],
  ],
  ['every 90 seconds', { every: 90 }, 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T00:01:30.000Z', '2026-01-01T00:03Z']],
  [
    'every day of real time',
    { every: 'P1D', from: '2026-03-07 12:00' },
    NEW_YORK,
    '2026-03-01T00:00:00Z',
    ['2026-03-07T17:00Z', '2026-03-08T17:00Z', '2026-03-09T17:00Z'],
  ],
  [
    'from a date that is over',
    { every: '1h', from: '2026-01-01T00:05:00Z' },
    'UTC',
    '2026-05-01T00:00:00Z',
    ['2026-05-01T00:05Z', '2026-05-01T01:05Z'],
  ],
  ['once', { at: '2026-05-01 08:30' }, BERLIN, '2026-01-01T00:00:00Z', ['2026-05-01T06:30Z', null]],
  ['once, with an offset', { at: '2026-05-01T08:30:00+09:00' }, BERLIN, '2026-01-01T00:00:00Z', ['2026-04-30T23:30Z', null]],
  ['once, in the gap', { at: '2026-03-29 02:30' }, BERLIN, '2026-01-01T00:00:00Z', ['2026-03-29T01:00Z', null]],
  ['once, in the doubled hour', { at: '2026-10-25T02:30' }, BERLIN, '2026-01-01T00:00:00Z', ['2026-10-25T00:30Z', null]],
  ['once, and it is over', { at: '2026-05-01T00:00:00Z' }, 'UTC', '2026-05-01T00:00:00Z', [null]],
]

for (const [name, cases] of Object.entries({ newYork, berlin, elsewhere, calendar, others }))
  suite(`the next time: ${name}`, () => {
    for (const [says, params, zone, from, expected] of cases)
      test(`${says}: ${JSON.stringify(params)}`, () => assert.deepEqual(times(params, zone, from, expected.length), expected))
  })

test('what is no schedule is refused, and the field is named', () => {
  const refused: [Record<string, unknown>, string][] = [
    [{ cron: '60 * * * *' }, 'cron'],
    [{ cron: '*/0 * * * *' }, 'cron'],
    [{ cron: '* * * * *'.repeat(1024) }, 'cron'],
    [{ cron: '@reboot' }, 'cron'],
    [{ cron: '0 0 31 2 *' }, 'cron'],
    [{ cron: '0 0 30 2,2 *' }, 'cron'],
    [{ cron: '* * * *' }, 'cron'],
    [{ cron: '0 0 0 1 1 * 2030' }, 'cron'],
    [{ cron: '0 0 1 * +MON' }, 'cron'],
    [{ cron: '2030-01-01T00:00:00' }, 'cron'],
    [{ cron: '' }, 'cron'],
    [{ cron: '0 0 * * *', timezone: 'Mars/Olympus' }, 'timezone'],
    [{ cron: '0 0 * * *', timezone: '' }, 'timezone'],
    [{ cron: '0 0 * * *', jitter: 3601 }, 'jitter'],
    [{ cron: '0 0 * * *', until: 'tomorrow' }, 'until'],
    [{ cron: '0 0 * * *', until: '2026-02-30' }, 'until'],
    [{ cron: '0 0 * * *', from: '2026-02-28' }, 'from'],
    [{ cron: '0 0 * * *', missed: 'maybe' }, 'missed'],
    [{ cron: '0 0 * * *', every: '1h' }, 'every'],
    [{ every: '900ms' }, 'every'],
    [{ every: 0.5 }, 'every'],
    [{ every: 'P1M' }, 'every'],
    [{ every: 'often' }, 'every'],
    [{ every: '20y' }, 'every'],
    [{ at: 'now' }, 'at'],
    [{ at: '2026-01-01 24:00' }, 'at'],
    [{}, 'cron'],
  ]
  for (const [params, field] of refused) {
    const parsed = cron.input.safeParse(params)
    assert.deepEqual([parsed.success, parsed.error?.issues[0]?.path[0]], [false, field], JSON.stringify(params).slice(0, 80))
    assert.ok((parsed.error?.issues[0]?.message ?? '').length > 10)
  }
  assert.ok(cron.input.safeParse({ at: '2001-01-01' }).success, 'what is over may be saved')
})

const MINUTE = 60_000
const DAYS = 2

type Field = { text: string; holds: (value: number) => boolean }

const anything: Field = { text: '*', holds: () => true }

/** A field between two numbers: anything, a step, one, some, or a range. */
const field = (least: number, most: number): fc.Arbitrary<Field> => {
  const one = fc.integer({ min: least, max: most })
  return fc.oneof(
    fc.constant(anything),
    fc.integer({ min: 2, max: 20 }).map(step => ({ text: `*/${step}`, holds: (value: number) => (value - least) % step === 0 })),
    one.map(it => ({ text: `${it}`, holds: (value: number) => value === it })),
    fc
      .uniqueArray(one, { minLength: 2, maxLength: 4 })
      .map(all => ({ text: all.join(','), holds: (value: number) => all.includes(value) })),
    fc.tuple(one, one).map(
      ([a, b]): Field => ({
        text: `${Math.min(a, b)}-${Math.max(a, b)}`,
        holds: (value: number) => value >= Math.min(a, b) && value <= Math.max(a, b),
      }),
    ),
  )
}

const fields = fc.tuple(
  field(0, 59),
  field(0, 23),
  fc.oneof(fc.constant(anything), field(1, 31)),
  fc.oneof(fc.constant(anything), field(1, 12)),
  fc.oneof(fc.constant(anything), field(0, 6)),
)

/** Moments close to which clocks are set, or something else is strange. */
const places = fc.constantFrom(
  [NEW_YORK, '2026-03-08T07:00Z'],
  [NEW_YORK, '2026-11-01T06:00Z'],
  [BERLIN, '2026-03-29T01:00Z'],
  [BERLIN, '2026-10-25T01:00Z'],
  ['America/Sao_Paulo', '2017-10-15T03:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  [LORD_HOWE, '2026-10-03T15:30Z'],
  [LORD_HOWE, '2026-04-04T15:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:15Z'],
  ['UTC', '2028-02-29T00:00Z'],
)

/** What clocks of the zone show, as if it were UTC, minute by minute. */
function wallClock(zone: string): (moment: number) => Date {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return moment => new Date(`${clock.format(moment).replace(' ', 'T')}Z`)
}

/** Looks at every minute, one after the other, as nobody would in earnest. */
function slowly([minute, hour, day, month, weekday]: Field[], along: boolean, zone: string, after: number): number | null {
  const shows = wallClock(zone)
  const isIt = (wall: number) => {
    const it = new Date(wall)
    const days = [day?.holds(it.getUTCDate()), weekday?.holds(it.getUTCDay())]
    const isDay = day === anything || weekday === anything ? !days.includes(false) : days.includes(true)
    return isDay && month?.holds(it.getUTCMonth() + 1) && hour?.holds(it.getUTCHours()) && minute?.holds(it.getUTCMinutes())
  }
  // From a day before: what was shown then does not count again.
  const first = Math.floor(after / MINUTE) * MINUTE
  let highest = Number.NEGATIVE_INFINITY
  for (let moment = first - 24 * 60 * MINUTE; moment <= first + DAYS * 24 * 60 * MINUTE; moment += MINUTE) {
    const wall = shows(moment).getTime()
    const from = along || highest === Number.NEGATIVE_INFINITY ? wall : highest + MINUTE
    highest = Math.max(highest, wall)
    if (moment <= after) continue
    for (let shown = from; shown <= wall; shown += MINUTE) if (isIt(shown)) return moment
  }
  return null
}

/** The rule in words, once more: written across, or hours that follow each other. */
function goesAlong([minute, hour]: Field[]): boolean {
  if (/[*-]/.test(`${minute?.text} ${hour?.text}`)) return true
  const hours = (hour?.text ?? '').split(',').map(Number)
  return hours.length > 1 && hours.some(one => hours.includes((one + 1) % 24))
}

test('the next time is after, and the first that looking at every minute finds', context => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  context.diagnostic(`seed ${seed}`)
  fc.assert(
    fc.property(
      fields,
      places,
      fc.integer({ min: -30 * 60 * 60, max: 6 * 60 * 60 }),
      (written, [zone = '', turn = ''], seconds) => {
        const expression = written.map(({ text }) => text).join(' ')
        const parsed = cron.input.safeParse({ cron: expression })
        if (!parsed.success || start.by !== 'time') return
        const after = Date.parse(turn) + seconds * 1000
        const next = start.next(parsed.data, after, { zone, since: after })
        assert.ok(next === null || next > after)
        const found = slowly(written, goesAlong(written), zone, after)
        const horizon = Math.floor(after / MINUTE) * MINUTE + DAYS * 24 * 60 * MINUTE
        assert.equal(
          next === null || next > horizon ? null : new Date(next).toISOString(),
          found === null ? null : new Date(found).toISOString(),
          `${expression} in ${zone} after ${new Date(after).toISOString()}`,
        )
      },
    ),
    { seed, numRuns: Number(process.env.RUNS ?? 300) },
  )
})
