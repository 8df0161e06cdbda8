import type { Kysely } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import type { Given } from '#http/serve.ts'
import type { Tokens } from '#sdk/model.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { type Price, priceOf } from './known.ts'
import { findPrice } from './queries.ts'

/** What a call took, in millionths of a dollar: a price of a dollar for a million tokens is one for each. Null where the price is not known. */
export async function costOf(
  db: Kysely<Tables>,
  workspace: string,
  asked: string,
  answered: string,
  tokens: Tokens,
): Promise<number | null> {
  const price = await priceFor(db, workspace, asked, answered)
  if (!price) return null
  const cached = Math.min(tokens.cached ?? 0, tokens.input)
  const read = (tokens.input - cached) * price.input + cached * (price.cached ?? price.input)
  return Math.round(read + tokens.output * price.output)
}

/** What a model costs, in millionths of a dollar for each token; null where that is not known. */
export const priceFor = async (db: Kysely<Tables>, workspace: string, asked: string, answered = '') =>
  (await findPrice(db, workspace, asked)) ?? ours(asked, answered)

/** By what was asked for, and where that is a name such as “latest”, by what answered. */
function ours(asked: string, answered: string): Omit<Price, 'asOf'> | null {
  const at = asked.indexOf('/')
  const provider = asked.slice(0, at)
  if (provider === 'demo') return { input: 0, output: 0, cached: null }
  return priceOf(provider, asked.slice(at + 1)) ?? priceOf(provider, answered)
}

/** Says what a model costs. */
export async function setPrice(world: World, { caller, body }: Given<typeof contract.setPrice>) {
  const { model, price } = body
  await world.db.transaction().execute(async trx => {
    await trx.deleteFrom('model_prices').where('workspace_id', '=', caller.workspace).where('model', '=', model).execute()
    if (price)
      await trx
        .insertInto('model_prices')
        .values({ workspace_id: caller.workspace, model, ...price, as_of: world.clock.now(), set_by: caller.user.id })
        .execute()
    await record(trx, world, caller, 'model.priced', { id: model, name: model }, { price })
  })
  return { ok: true as const }
}
