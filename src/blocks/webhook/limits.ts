import { z } from 'zod'
import { spanOf } from '#sdk/span.ts'

const DAY = 86_400_000

/** A duration within bounds, which the words tell. */
const duration = (least: number, most: number, words: string) =>
  z.string().superRefine((text, context) => {
    const time = spanOf(text)
    if (time === null) context.addIssue({ code: 'custom', message: 'Write a duration like 30s, 10m, 1h30m or 7d.' })
    else if (time < least || time > most) context.addIssue({ code: 'custom', message: words })
  })

/** Addresses and ranges of them, as people write them. */
const ADDRESSES = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]

/** An address, or a range such as 10.0.0.0/8. */
export const Range = z
  .string()
  .max(50)
  .refine(
    text => ADDRESSES.some(kind => kind.safeParse(text).success),
    'Write an address or a range like 10.0.0.0/8 or 2001:db8::/32.',
  )

/** The origin of a page, or any. */
export const Origin = z
  .string()
  .max(300)
  .refine(
    text => text === '*' || (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text),
    'Write the origin of a page, like https://shop.example, or * for any.',
  )

/** How often it may be called. */
export const Rate = z.strictObject({
  calls: z.int().min(1).max(1_000_000).meta({ title: 'Calls' }),
  per: duration(1_000, DAY, 'From one second to one day.')
    .default('1m')
    .meta({ title: 'In', description: 'Such as 10s, 1m or 1h.', ui: 'duration' }),
})

const Same = z
  .strictObject({
    by: z.enum(['header', 'expression', 'body']).meta({
      title: 'Known by',
      description: 'A header with the id that the sender gives each delivery, an expression, or the body itself.',
    }),
    header: z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'This is no name of a header.')
      .optional()
      .meta({ title: 'Header', description: 'Such as x-github-delivery.', when: { field: 'by', is: ['header'] } }),
    expression: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ title: 'Expression', description: 'Such as {{ trigger.body.id }}.', when: { field: 'by', is: ['expression'] } }),
    window: duration(1_000, 30 * DAY, 'From one second to 30 days.')
      .default('7d')
      .meta({
        title: 'Within',
        description: 'For how long a call is remembered: at most 30 days.',
        ui: 'duration',
      }),
  })
  .superRefine((it, context) => {
    if (it.by !== 'body' && it[it.by] === undefined)
      context.addIssue({ code: 'custom', path: [it.by], message: `Known by “${it.by}” needs \`${it.by}\`.` })
  })

/** What is the same in calls that are repeated. */
export const Dedupe = z.union([z.string().max(500), Same])
