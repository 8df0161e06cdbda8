import { z } from 'zod'
import type { Armed } from '#sdk/define.ts'
import { defineTrigger } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { readDate, spanOf } from '#sdk/span.ts'
import { isZone } from '#sdk/zone.ts'
import { readPattern } from './pattern.ts'
import { firstMoment, nextAlong, nextFixed } from './walk.ts'

const DAY = 86_400_000
const LONGEST_SPAN = 3660 * DAY

const Moment = z.string().refine(text => readDate(text) !== null, 'Write a date like 2027-05-01 08:30 or 2027-05-01T08:30:00Z')

const Cron = z.string().superRefine((text, context) => {
  const read = readPattern(text)
  if (typeof read === 'string') context.addIssue({ code: 'custom', message: read })
})

const Every = z.union([z.string(), z.number()]).superRefine((value, context) => {
  const span = spanOf(value)
  if (span === null) context.addIssue({ code: 'custom', message: 'Write a duration like 15m, 1h30m, 2d or PT15M' })
  else if (span < 1000 || span > LONGEST_SPAN)
    context.addIssue({ code: 'custom', message: 'It must be from one second to ten years' })
})

const WAYS = ['cron', 'every', 'at'] as const

const Input = z
  .strictObject({
    cron: Cron.optional().meta({
      title: 'Times',
      description:
        'A cron expression: minute, hour, day, month, weekday, such as 30 8 * * MON-FRI; with six fields seconds come first. L, W, #, names and @daily are understood.',
      ui: 'cron',
    }),
    every: Every.optional().meta({
      title: 'Every',
      description:
        'Again and again after so long, such as 15m or 2h; counted from when it was turned on, or from the date below.',
      ui: 'duration',
    }),
    from: Moment.optional().meta({
      title: 'Counted from',
      description: 'For “Every”: the first time.',
      ui: 'datetime',
      advanced: true,
    }),
    at: Moment.optional().meta({
      title: 'Once at',
      description: 'One time, such as 2027-05-01 08:30. Without an offset it is meant in the time zone below.',
      ui: 'datetime',
    }),
    timezone: z
      .string()
      .refine(isZone, 'There is no such time zone; write it like Europe/Berlin or UTC')
      .optional()
      .meta({ title: 'Time zone', description: 'That of the workflow unless said.', ui: 'timezone' }),
    missed: z.enum(['skip', 'once', 'all']).default('once').meta({
      title: 'Missed times',
      description: 'What becomes of times at which the server did not run: nothing, one start for all of them, or one for each.',
    }),
    missedMost: z
      .int()
      .min(1)
      .max(1000)
      .default(100)
      .meta({
        title: 'At most',
        description: 'So many missed times are made up for, the newest of them.',
        when: { field: 'missed', is: ['all'] },
        advanced: true,
      }),
    overlap: z.enum(['allow', 'skip', 'queue', 'replace']).optional().meta({
      title: 'While it still runs',
      description:
        'What becomes of a time that comes while an earlier start has not ended: start beside it, skip, wait for its end, or cancel it. As in the settings of the workflow unless said.',
    }),
    jitter: z.int().min(0).max(3600).default(0).meta({
      title: 'Spread',
      description: 'Starts up to so many seconds later, by chance, so that not everything begins at once.',
      advanced: true,
    }),
    until: Moment.optional().meta({
      title: 'Until',
      description: 'No starts after this date. A date without a time is meant with its whole day.',
      ui: 'datetime',
      advanced: true,
    }),
    pauseAfter: z.int().min(0).max(1000).default(10).meta({
      title: 'Pause after failures',
      description: 'After so many failures in a row it pauses itself and tells the admins. 0: never.',
      advanced: true,
    }),
  })
  .superRefine((it, context) => {
    const given = WAYS.filter(name => it[name] !== undefined)
    if (given.length !== 1)
      context.addIssue({ code: 'custom', path: [given[1] ?? 'cron'], message: 'Give one of `cron`, `every` and `at`' })
    if (it.from !== undefined && it.every === undefined)
      context.addIssue({ code: 'custom', path: ['from'], message: 'Only `every` is counted from a date' })
  })

type Params = z.output<typeof Input>

/** The moment that was written; of a time that comes twice the first, of one that is left out the moment after it. */
function momentOf(text: string, zone: string, isEnd = false): number {
  const written = readDate(text)
  if (!written) throw new Refused('input.invalid', `“${text.slice(0, 40)}” is no date.`)
  if (written.offset !== null) return written.wall - written.offset
  return isEnd && written.isDay ? firstMoment(zone, written.wall + DAY) - 1 : firstMoment(zone, written.wall)
}

/** The first planned time after a moment; what jitter adds is not in it. */
function next(params: Params, after: number, armed: Armed): number | null {
  const zone = params.timezone ?? armed.zone
  if (!isZone(zone)) throw new Refused('input.invalid', `“${zone.slice(0, 60)}” is no time zone.`)
  const found = nextOf(params, after, { ...armed, zone })
  if (found === null || params.until === undefined) return found
  return found <= momentOf(params.until, zone, true) ? found : null
}

function nextOf({ cron, every, from, at }: Params, after: number, { zone, since }: Armed): number | null {
  if (at !== undefined) {
    const moment = momentOf(at, zone)
    return moment > after ? moment : null
  }
  if (every !== undefined) {
    const span = spanOf(every) ?? LONGEST_SPAN
    const first = from === undefined ? since + span : momentOf(from, zone)
    return after < first ? first : first + (Math.floor((after - first) / span) + 1) * span
  }
  const pattern = readPattern(cron ?? '')
  if (typeof pattern === 'string') throw new Refused('input.invalid', `\`cron\` cannot be meant: ${pattern}.`)
  return (pattern.along ? nextAlong : nextFixed)(pattern.calendar, zone, after)
}

/** The clock starts it. */
export const cron = defineTrigger({
  id: 'schedule.cron',
  version: 1,
  title: 'Schedule',
  about: 'Starts at times that are given by a cron expression, again and again after a while, or once at a date.',
  icon: 'calendar-clock',
  start: { kind: 'schedule', by: 'time', next },
  input: Input,
  output: z
    .object({
      scheduledAt: z.string().meta({ title: 'Planned', description: 'The time it was planned for.' }),
      firedAt: z.string().meta({ title: 'Started', description: 'When it really started.' }),
    })
    .meta({ title: 'Times' }),
  example: {
    input: { cron: '30 8 * * MON-FRI', timezone: 'Europe/Berlin', missed: 'once', overlap: 'skip' },
    output: { scheduledAt: '2027-05-03T06:30:00.000Z', firedAt: '2027-05-03T06:30:00.412Z' },
  },
})
