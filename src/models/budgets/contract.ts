import { z } from 'zod'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'

/** What a budget is of. */
export const SCOPES = ['workspace', 'workflow', 'member', 'key'] as const
/** For how long it lasts. */
export const PERIODS = ['execution', 'day', 'month'] as const
/** What becomes of a call that does not fit any more. */
export const WAYS = ['fail', 'cheaper', 'ask'] as const

const Dollars = z.number().min(0).max(1_000_000)
const Tokens = z.number().int().min(0).max(1e12)
const Model = z
  .string()
  .min(3)
  .max(300)
  .regex(/^[\w.-]+\/\S+$/, { error: 'must be provider/model' })

const Parts = z.strictObject({
  scope: z.enum(SCOPES),
  subjectId: Id.shape.id
    .nullable()
    .default(null)
    .meta({ description: 'The workflow, the person or the API key; null for the workspace.' }),
  period: z.enum(PERIODS).meta({ description: 'One execution, a day or a month; days and months are those of UTC.' }),
  dollars: Dollars.nullable().default(null),
  tokens: Tokens.nullable().default(null).meta({ description: 'Read and written together.' }),
  onExhausted: z.enum(WAYS).default('fail').meta({
    description:
      'What becomes of a call that does not fit: the node fails, a cheaper `model` is asked instead, or the execution pauses and a person is asked.',
  }),
  model: Model.nullable().default(null).meta({ description: 'The cheaper model.' }),
})

const State = z.object({
  spent: z.number().meta({ description: 'In dollars, by calls that are over.' }),
  reserved: z.number().meta({ description: 'In dollars, for calls that are under way: the most they should take.' }),
  left: z.number().nullable(),
  tokens: z.number(),
  reservedTokens: z.number(),
  leftTokens: z.number().nullable(),
  resetsAt: Time,
  exhausted: z.boolean().meta({ description: 'A call did not fit any more.' }),
})

const Budget = z
  .object({
    id: z.string(),
    ...Parts.shape,
    subjectId: z.string().nullable(),
    dollars: z.number().nullable(),
    tokens: z.number().nullable(),
    onExhausted: z.enum(WAYS),
    model: z.string().nullable(),
    createdAt: Time,
    state: State.nullable().meta({ description: 'How it stands now; null for one of single executions.' }),
  })
  .meta({ id: 'Budget' })

/** Lists budgets. */
export const budgets = contract({
  method: 'get',
  path: '/api/budgets',
  area: 'budgets',
  needs: 'viewer',
  about:
    'The budgets of the workspace and how they stand. Those of members and keys are shown to admins, and to whom they are of.',
  query: Page,
  reply: listOf(Budget),
})

/** Makes a budget. */
export const createBudget = contract({
  method: 'post',
  path: '/api/budgets',
  area: 'budgets',
  needs: 'admin',
  status: 201,
  creates: true,
  about:
    'Bound what models may take: the workspace, a workflow, a member or an API key; in an execution, a day or a month; in dollars, tokens or both. What was taken since the day or the month began counts.',
  body: Parts,
  reply: Budget,
})

/** One budget. */
export const budget = contract({
  method: 'get',
  path: '/api/budgets/:id',
  area: 'budgets',
  needs: 'viewer',
  about: 'A budget and how it stands.',
  params: Id,
  reply: Budget,
  fails: ['budget.not_found'],
})

/** Changes a budget. */
export const changeBudget = contract({
  method: 'patch',
  path: '/api/budgets/:id',
  area: 'budgets',
  needs: 'admin',
  about: 'Change how much a budget has, or what becomes of a call that does not fit. What was taken stays taken.',
  params: Id,
  body: z.strictObject({
    dollars: Dollars.nullable().optional(),
    tokens: Tokens.nullable().optional(),
    onExhausted: z.enum(WAYS).optional(),
    model: Model.nullable().optional(),
  }),
  reply: Budget,
  fails: ['budget.not_found'],
})

/** Deletes a budget. */
export const deleteBudget = contract({
  method: 'delete',
  path: '/api/budgets/:id',
  area: 'budgets',
  needs: 'admin',
  about: 'Delete a budget; what it bounded is bounded no more.',
  params: Id,
  reply: Done,
  fails: ['budget.not_found'],
})
