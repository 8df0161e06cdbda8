import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { whyNotTold } from '#sdk/event.ts'

/** Tells of an event. */
export const emit = defineBlock({
  id: 'event.emit',
  version: 1,
  title: 'Tell of an event',
  about: 'Lets an event happen: every workflow of the workspace that listens to it is started.',
  group: 'flow',
  icon: 'megaphone',
  input: z.strictObject({
    event: z
      .string()
      .superRefine((name, context) => {
        const why = whyNotTold(name)
        if (why !== null) context.addIssue({ code: 'custom', message: why })
      })
      .meta({ title: 'Event', description: 'Words with dots between them, such as order.paid.' }),
    data: z
      .unknown()
      .optional()
      .meta({ title: 'Data', description: 'What those who listen see as {{ trigger.data }}; up to 256 KiB.', ui: 'json' }),
  }),
  output: z.object({ id: z.string().meta({ title: 'Id' }), event: z.string().meta({ title: 'Event' }) }).meta({ title: 'Event' }),
  // What happened is written down together with the end of this node, so it cannot happen twice.
  effect: 'pure',
  example: { input: { event: 'order.paid', data: { id: 4711, total: 250 } }, output: { id: 'evt_1', event: 'order.paid' } },
  run: ({ event, data }, context) => ({ id: context.emit(event, data ?? null), event }),
})
