import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { pause } from '#sdk/ending.ts'
import { dueAt } from './moment.ts'

/** Waits until somebody calls. */
export const callback = defineBlock({
  id: 'core.callback',
  version: 1,
  title: 'Wait for a callback',
  about:
    'Waits until another program calls an address that is made for this node: {{ execution.callbacks.<key> }}. Goes on by “expired” when nobody does in time.',
  group: 'flow',
  icon: 'phone-incoming',
  input: z.strictObject({
    timeout: z.union([z.string(), z.number()]).optional().meta({
      title: 'At most',
      description: 'How long, such as 1h or 2d, or until which date. Without it, as long as the workflow may take.',
      ui: 'duration',
    }),
    note: z.string().max(500).default('').meta({ title: 'Note', description: 'What it waits for; shown with the execution.' }),
  }),
  output: z.unknown().meta({ title: 'Call', description: 'What was sent, or when it expired.' }),
  outlets: ['main', 'expired'],
  effect: 'pure',
  example: {
    input: { timeout: '2d', note: 'The print shop calls when the order is done.' },
    output: { body: { status: 'printed' } },
  },
  run: ({ timeout, note }, { now, timezone }) =>
    pause({ kind: 'callback', until: timeout === undefined ? null : dueAt('timeout', timeout, timezone, now), note }),
})
