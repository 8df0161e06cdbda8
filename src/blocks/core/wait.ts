import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { pause } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { afterNow, momentOf } from './moment.ts'
import { nextAt, WEEKDAYS } from './zone.ts'

const Input = z
  .strictObject({
    for: z.union([z.string(), z.number()]).optional().meta({
      title: 'For',
      description: 'How long: 30s, 10m, 1h30m, 2d, PT10M, or a number of seconds.',
      ui: 'duration',
    }),
    until: z.union([z.string(), z.number()]).optional().meta({
      title: 'Until',
      description: 'A date, such as 2026-05-01 08:30 or {{ fetch.body.due }}. Without a zone it is meant in the time zone below.',
      ui: 'datetime',
    }),
    at: z.string().optional().meta({ title: 'At', description: 'The next time that clocks show this, such as 08:30.' }),
    weekdays: z.array(z.enum(WEEKDAYS)).optional().meta({
      title: 'On',
      description: 'Only on these days. For a time of day; without it, on any day.',
      ui: 'list',
    }),
    timezone: z.string().optional().meta({
      title: 'Time zone',
      description: 'That of the workflow unless said.',
      ui: 'timezone',
      advanced: true,
    }),
  })
  .refine(it => [it.for, it.until, it.at].filter(one => one !== undefined).length === 1, 'Give one of `for`, `until` and `at`.')

const CLOCK = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/

/** Waits for a time. */
export const wait = defineBlock({
  id: 'core.wait',
  version: 1,
  title: 'Wait',
  about: 'Waits for a while, until a date, or for the next time of day. A time that is over already does not hold anything up.',
  group: 'flow',
  icon: 'hourglass',
  input: Input,
  output: z
    .object({ until: z.string().meta({ title: 'Until', description: 'The time it waited for.' }) })
    .meta({ title: 'Time' }),
  effect: 'pure',
  example: { input: { until: '2020-05-01T08:30:00Z' }, output: { until: '2020-05-01T08:30:00.000Z' } },
  run(input, { now, timezone }) {
    const until = untilOf(input, now, input.timezone ?? timezone)
    return until > now ? pause({ kind: 'time', until }) : { until: new Date(until).toISOString() }
  },
})

function untilOf(input: z.output<typeof Input>, now: number, zone: string): number {
  if (input.for !== undefined) return afterNow('for', input.for, now)
  if (input.until !== undefined) return momentOf('until', input.until, zone, now)
  const clock = CLOCK.exec(input.at ?? '')
  if (!clock)
    throw new Refused('input.invalid', `\`at\` is “${input.at?.slice(0, 40)}”; write a time of day like 08:30 or 17:00.`)
  return nextAt(zone, now, Number(clock[1]), Number(clock[2]), input.weekdays ?? [])
}
