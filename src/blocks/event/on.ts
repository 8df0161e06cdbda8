import { z } from 'zod'
import { conditions } from '#sdk/conditions.ts'
import { defineTrigger } from '#sdk/define.ts'
import { whyNotHeard } from '#sdk/event.ts'

const Listened = z.string().superRefine((name, context) => {
  const why = whyNotHeard(name)
  if (why !== null) context.addIssue({ code: 'custom', message: why })
})

/** Something happens in the workspace. */
export const on = defineTrigger({
  id: 'event.on',
  version: 1,
  title: 'When something happens',
  about:
    'Starts when an event happens in the workspace: one of PromptPilot itself, or one that a workflow or a program tells of.',
  icon: 'radio',
  start: {
    kind: 'event',
    by: 'event',
    names: ({ event }) => (typeof event === 'string' ? [event] : event),
  },
  input: z.strictObject({
    event: z.union([Listened, z.array(Listened).min(1).max(50)]).meta({
      title: 'Event',
      description: 'Such as execution.failed or order.paid; order.* for all that begin so; or a list of them.',
    }),
    filter: conditions().optional().meta({
      title: 'Only where',
      description: 'Asked of each event: {{ trigger.data.total }} is a field of what it carries, {{ trigger.event }} its name.',
      ui: 'conditions',
    }),
  }),
  output: z
    .object({
      event: z.string().meta({ title: 'Event' }),
      data: z.unknown().meta({ title: 'Data', description: 'What it carries.' }),
      at: z.string().meta({ title: 'At', description: 'When it happened.' }),
      id: z.string().meta({ title: 'Id', description: 'The same for everybody who hears of it.' }),
    })
    .meta({ title: 'Event' }),
  later: ['filter'],
  example: {
    input: { event: 'order.paid', filter: { all: [{ left: '{{ trigger.data.total }}', op: 'greater', right: 100 }] } },
    output: { event: 'order.paid', data: { id: 4711, total: 250 }, at: '2026-05-01T08:30:00.000Z', id: 'evt_1' },
  },
})
