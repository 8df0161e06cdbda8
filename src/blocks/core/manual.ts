import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'

/** A person starts it, by hand or over the API. */
export const manual = defineBlock({
  id: 'manual.start',
  version: 1,
  title: 'Start by hand',
  about: 'Starts when a person presses Run, or by a call of the API. What is given is the trigger’s value.',
  group: 'start',
  icon: 'play',
  start: 'manual',
  input: z.strictObject({
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ title: 'Form', description: 'A JSON Schema of the input; the run form is made of it.', ui: 'json' }),
  }),
  output: z.unknown().meta({ title: 'Input' }),
  effect: 'pure',
  example: { input: {}, output: { name: 'Ada' } },
  run: () => null,
})
