import { z } from 'zod'
import { defineTrigger } from '#sdk/define.ts'

/** Another program starts it. */
export const api = defineTrigger({
  id: 'api.call',
  version: 1,
  title: 'Start over the API',
  about:
    'Starts when a program calls the API with a key, or another workflow starts this one. What is given is the trigger’s value.',
  icon: 'terminal',
  start: { kind: 'api', by: 'hand' },
  input: z.strictObject({
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ title: 'Schema', description: 'A JSON Schema that the input must fit; other input is refused.', ui: 'json' }),
  }),
  output: z.unknown().meta({ title: 'Input' }),
  example: { input: {}, output: { orderId: 4711 } },
})
