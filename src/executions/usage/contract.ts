import { z } from 'zod'
import { contract, raw } from '#http/contract.ts'

const Day = z.iso.date()

const Text = z.string().min(1).max(300)

/** What can be summed by. */
const BY = ['day', 'workflow', 'model', 'member', 'key', 'prompt', 'kind'] as const

const Asked = z.strictObject({
  from: Day.optional().meta({ description: 'The first day, in UTC; 30 days ago unless said.' }),
  to: Day.optional().meta({ description: 'The last day; today unless said.' }),
  by: z.enum(BY).default('day'),
  workflowId: Text.optional(),
  model: Text.optional(),
  userId: Text.optional(),
  keyId: Text.optional(),
  prompt: Text.optional(),
  kind: z.enum(['ask', 'embed', 'draw', 'moderate']).optional(),
})

const Sum = z.object({
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().meta({ description: 'Of the input, what providers had in their caches.' }),
  reasoningTokens: z.number().meta({ description: 'Of the output, what models only thought.' }),
  cost: z.number().nullable().meta({ description: 'In dollars; null where the price of one of the calls is not known.' }),
  knownCost: z.number().meta({ description: 'In dollars, of the calls whose price is known.' }),
  unpricedCalls: z.number().meta({ description: 'Calls whose price is not known.' }),
})

const Line = Sum.extend({
  key: z
    .string()
    .nullable()
    .meta({ description: 'The day, or the id of what is summed by; null for what was started by nobody, or without a key.' }),
  name: z.string().nullable().meta({ description: 'What it is called, where it is still there.' }),
}).meta({ id: 'UsageLine' })

/** What models took. */
export const usage = contract({
  method: 'get',
  path: '/api/usage',
  area: 'usage',
  needs: 'viewer',
  about:
    'What calls of models took, in tokens and dollars, summed by day, workflow, model, member, key, version of a prompt or kind; failed attempts count. An admin sees all of the workspace, others what they started themselves.',
  query: Asked,
  reply: z.object({ items: z.array(Line), total: Sum, from: Day, to: Day, next: z.null() }),
})

/** The same as a file. */
export const exportUsage = contract({
  method: 'get',
  path: '/api/usage/export',
  area: 'usage',
  needs: 'viewer',
  about: 'The same as CSV: a line for each day, workflow, model, member, key, version of a prompt and kind.',
  query: Asked.omit({ by: true }),
  reply: raw('file', 'text/csv', 'One line for each sum of a day.'),
})
