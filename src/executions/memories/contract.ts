import { z } from 'zod'
import { contract, Done, listOf, Page, Time } from '#http/contract.ts'

const Which = z.strictObject({
  key: z.string().min(1).max(200).meta({ description: 'What tells the conversation apart.' }),
  workflowId: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'Whose memory; left out, that which all workflows of the workspace share.' }),
})

/** Lists what agents remember. */
export const memories = contract({
  method: 'get',
  path: '/api/memories',
  area: 'executions',
  needs: 'viewer',
  about: 'The conversations that agents remember, by their keys; `workflowId` is null for those that all workflows share.',
  query: Page.extend({ cursor: z.string().max(300).optional(), workflowId: z.string().max(64).optional() }),
  reply: listOf(
    z.object({ key: z.string(), workflowId: z.string().nullable(), lines: z.number(), updatedAt: Time }).meta({ id: 'Memory' }),
  ),
})

/** What was said in one. */
export const memoryLines = contract({
  method: 'get',
  path: '/api/memories/lines',
  area: 'executions',
  needs: 'viewer',
  about: 'What is remembered of a conversation, newest first: what was asked and answered, and a summary of what came before.',
  query: Page.extend(Which.shape),
  reply: listOf(
    z.object({
      id: z.string(),
      role: z.enum(['user', 'assistant', 'summary']),
      text: z.string(),
      executionId: z.string(),
      at: Time,
    }),
  ),
})

/** Forgets one. */
export const forgetMemory = contract({
  method: 'delete',
  path: '/api/memories',
  area: 'executions',
  needs: 'operator',
  about: 'Forget a conversation. The journals of its executions are kept as long as those are.',
  query: Which,
  reply: Done,
})
