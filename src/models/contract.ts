import { z } from 'zod'
import { contract, Done, Id, Time } from '#http/contract.ts'

/** Dollars for a million tokens. */
const Amount = z.number().min(0).max(100_000)

const Price = z.object({
  input: z.number(),
  output: z.number(),
  cached: z
    .number()
    .nullable()
    .meta({ description: 'Read again from the cache of the provider; null where that costs the same.' }),
  asOf: Time.meta({ description: 'When this was the price.' }),
  own: z.boolean().meta({ description: 'Somebody of the workspace has set it.' }),
})

const Model = z
  .object({
    id: z.string().meta({ description: 'What a node names, such as `openai/gpt-5`.' }),
    provider: z.string(),
    name: z.string(),
    abilities: z.array(z.enum(['text', 'images', 'files', 'tools', 'schema', 'reasoning', 'draws', 'embeds', 'moderates'])),
    context: z.number().nullable().meta({ description: 'How many tokens it can read at once, where that is known.' }),
    price: Price.nullable().meta({ description: 'Dollars for a million tokens; null is unknown, not free.' }),
    demo: z.boolean().meta({ description: 'Not an AI: it only lets workflows be tried.' }),
    credentialId: z.string().nullable().meta({ description: 'The credential it is reached with; null where it needs none.' }),
  })
  .meta({ id: 'Model' })

/** Lists the models. */
export const models = contract({
  method: 'get',
  path: '/api/models',
  area: 'models',
  needs: 'viewer',
  about:
    'The models that can be asked now: those of every credential of a provider, of servers that speak as OpenAI does, of an Ollama on this machine, and the demo. `problems` says which could not be asked for their list, and why.',
  reply: z.object({
    items: z.array(Model),
    next: z.null(),
    problems: z.array(z.object({ provider: z.string(), credentialId: z.string().nullable(), message: z.string() })),
  }),
})

const Named = z
  .string()
  .min(3)
  .max(300)
  .regex(/^[\w.-]+\/\S+$/, { error: 'must be provider/model' })

/** Says what a model costs. */
export const setPrice = contract({
  method: 'put',
  path: '/api/models/prices',
  area: 'models',
  needs: 'admin',
  about:
    'Say what a model costs in dollars for a million tokens: for one whose price is unknown here, or where yours is another. With `price: null` ours counts again.',
  body: z.strictObject({
    model: Named,
    price: z.strictObject({ input: Amount, output: Amount, cached: Amount.nullable().default(null) }).nullable(),
  }),
  reply: Done,
})

/** Tries a credential. */
export const testCredential = contract({
  method: 'post',
  path: '/api/credentials/:id/test',
  area: 'credentials',
  needs: 'editor',
  about: 'Make a real and cheap call with a credential, and say in words whether it works and what is wrong.',
  params: Id,
  rate: 30,
  reply: z.object({ ok: z.boolean(), message: z.string() }),
  fails: ['credential.not_found', 'credential.unreadable', 'credential.untestable'],
})
