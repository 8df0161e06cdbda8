import { z } from 'zod'
import { contract, Id, listOf, Page, Time } from '#http/contract.ts'

const Name = z.string().min(1).max(200)

/** Something that happened. */
const Happening = z
  .object({
    id: z.string(),
    event: z.string(),
    at: Time,
    data: z.unknown(),
    executionId: z.string().nullable().meta({ description: 'The execution that led to it.' }),
    open: z.boolean().meta({ description: 'Not everybody who listens was started yet.' }),
  })
  .meta({ id: 'Event' })

/** Tells of an event. */
export const emitEvent = contract({
  method: 'post',
  path: '/api/events',
  area: 'events',
  needs: 'operator',
  status: 202,
  creates: true,
  about:
    'Tell of an event: every workflow of the workspace that listens to it is started. 202 when it is on disk. Calls with the same `id` within a month are one event.',
  body: z.strictObject({
    event: Name.meta({ description: 'Such as `order.paid`.' }),
    data: z.unknown().optional().meta({ description: 'Up to 256 KiB of JSON.' }),
    id: Name.optional().meta({ description: 'What the event is known by where it comes from.' }),
  }),
  reply: z.object({ id: z.string() }),
  fails: ['event.bad_name', 'event.too_large', 'execution.backlog', 'storage.full'],
})

/** What happened. */
export const events = contract({
  method: 'get',
  path: '/api/events',
  area: 'events',
  needs: 'viewer',
  about:
    'What happened in the workspace in the last month, newest first. What a trigger made of it stands in the ledger of that trigger.',
  query: Page.extend({
    cursor: Id.shape.id.optional(),
    event: Name.optional().meta({ description: 'A name, or `order.*` for all that begin so.' }),
  }),
  reply: listOf(Happening),
})
