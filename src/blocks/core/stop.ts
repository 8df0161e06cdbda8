import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { stop } from '#sdk/ending.ts'

/** Ends the execution. */
export const end = defineBlock({
  id: 'core.stop',
  version: 1,
  title: 'Stop',
  about: 'Ends the whole execution at once, as completed or as failed. What still runs is cancelled.',
  group: 'flow',
  icon: 'octagon-x',
  input: z.strictObject({
    outcome: z.enum(['completed', 'failed']).default('completed').meta({ title: 'As' }),
    message: z.string().max(2000).default('').meta({ title: 'Message', description: 'Why; shown with the execution.' }),
    output: z
      .unknown()
      .optional()
      .meta({ title: 'Output', description: 'What the execution gives back.', ui: 'json', advanced: true }),
  }),
  output: z.unknown().meta({ title: 'Output' }),
  outlets: [],
  effect: 'pure',
  example: { input: { outcome: 'failed', message: 'The order {{ trigger.id }} has no address.' }, output: null },
  run: ({ outcome, message, output = null }) =>
    stop(outcome, message || (outcome === 'failed' ? 'The workflow was stopped by its Stop node.' : ''), output),
})
