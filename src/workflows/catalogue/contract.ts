import { z } from 'zod'
import { contract, listOf } from '#http/contract.ts'

const Schema = z.record(z.string(), z.unknown()).meta({ description: 'A JSON Schema.' })

const Block = z
  .object({
    id: z.string(),
    version: z.int(),
    connector: z.string(),
    title: z.string(),
    about: z.string(),
    group: z.string(),
    icon: z.string(),
    start: z.string().nullable(),
    loop: z.string().nullable(),
    effect: z.enum(['pure', 'repeatable', 'once', 'depends']),
    outlets: z.array(z.string()).nullable().meta({ description: 'null: they depend on the parameters, as `outletsBy` says.' }),
    outletsBy: z
      .object({ each: z.string(), first: z.array(z.string()), last: z.array(z.string()) })
      .nullable()
      .meta({
        description: 'One outlet for each entry of the list in the field `each`, after `first` and before `last`.',
      }),
    input: Schema,
    output: Schema,
    verbatim: z.array(z.string()).meta({ description: 'Fields in which {{ means nothing.' }),
    later: z.array(z.string()).meta({ description: 'Fields that also see item and index.' }),
    perTurn: z.array(z.string()).meta({ description: 'Fields that are filled at the end of each turn, and see what is inside.' }),
    credentials: z.array(z.string()).meta({ description: 'The kinds of credential it can use.' }),
    credentialNeeded: z.boolean(),
    example: z.object({ input: z.unknown(), output: z.unknown() }),
  })
  .meta({ id: 'Block' })

const Connector = z
  .object({
    id: z.string(),
    title: z.string(),
    about: z.string(),
    blocks: z.array(z.string()),
    credentials: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        about: z.string(),
        fields: Schema,
        secrets: z.array(z.string()).meta({ description: 'Fields that are never shown again.' }),
      }),
    ),
  })
  .meta({ id: 'Connector' })

const area = 'blocks'

/** The catalogue. */
export const blocks = contract({
  method: 'get',
  path: '/api/blocks',
  area,
  needs: 'viewer',
  about: 'Every kind of node there is, in its newest version, with its parameters and output as JSON Schema.',
  reply: listOf(Block),
})

/** One block. */
export const block = contract({
  method: 'get',
  path: '/api/blocks/:block',
  area,
  needs: 'viewer',
  about: 'One kind of node; with `version` as it was then.',
  params: z.strictObject({ block: z.string().regex(/^[\w.-]{1,100}$/, { error: 'is not the id of a block' }) }),
  query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
  reply: Block,
  fails: ['block.not_found'],
})

/** The connectors. */
export const connectors = contract({
  method: 'get',
  path: '/api/connectors',
  area,
  needs: 'viewer',
  about: 'The connectors, each with its blocks and the kinds of credential they use.',
  reply: listOf(Connector),
})
