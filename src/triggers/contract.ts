import { z } from 'zod'
import { contract, Id, listOf, Page, Time } from '#http/contract.ts'

/** What starts a workflow by itself. */
const Trigger = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    nodeId: z.string(),
    kind: z.string(),
    enabled: z.boolean(),
    url: z.string().optional().meta({ description: 'The full address of a webhook.' }),
    lastAt: Time.nullable(),
  })
  .meta({ id: 'Trigger' })

/** Lists the triggers. */
export const triggers = contract({
  method: 'get',
  path: '/api/triggers',
  area: 'triggers',
  needs: 'viewer',
  about: 'The triggers of published workflows, newest first, with the addresses of webhooks.',
  query: Page.extend({ workflowId: z.string().max(64).optional() }),
  reply: listOf(Trigger),
})

/** One trigger. */
export const trigger = contract({
  method: 'get',
  path: '/api/triggers/:id',
  area: 'triggers',
  needs: 'viewer',
  about: 'A trigger of a published workflow.',
  params: Id,
  reply: Trigger,
  fails: ['trigger.not_found'],
})
