import { z } from 'zod'
import { defineTrigger } from '#sdk/define.ts'

/** A person starts it, by hand or over the API. */
export const manual = defineTrigger({
  id: 'manual.start',
  version: 1,
  title: 'Start by hand',
  about: 'Starts when a person presses Run, or by a call of the API. What is given is the trigger’s value.',
  icon: 'play',
  start: { kind: 'manual', by: 'hand' },
  input: z.strictObject({
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ title: 'Form', description: 'A JSON Schema of the input; the run form is made of it.', ui: 'json' }),
  }),
  output: z.unknown().meta({ title: 'Input' }),
  example: { input: {}, output: { name: 'Ada' } },
})
