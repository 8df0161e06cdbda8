import { sql } from 'kysely'
import type { Group } from '#db/db.ts'
import { statementOf, takeTurns } from '#db/statement.ts'
import type { World } from '#world.ts'
import type { Hold, Spender } from './reserve.ts'
import { warn } from './tell.ts'

/** What a call took in the end. */
export type Taken = { cost: number; tokens: number }

/** Turns what was reserved into what was taken, to be written together with the event that says so. */
export function settle(world: Pick<World, 'db' | 'ids' | 'clock'>, who: Spender, hold: Hold, taken: Taken): Group {
  return [...release(world, hold, taken), ...warn(world, who, hold)]
}

/** What was reserved may have been let go of already, while nobody knew whether we are still there. */
function release({ db }: Pick<World, 'db'>, { id, budget, span }: Hold, { cost, tokens }: Taken): Group {
  const held = (column: 'amount' | 'tokens') =>
    sql<number>`coalesce((select ${sql.ref(`holds.${column}`)} from holds where holds.id = ${id} and holds.budget_id = ${budget.id}), 0)`
  const sums = db
    .updateTable('budget_sums')
    .set(it => ({
      spent: it('spent', '+', cost),
      tokens: it('tokens', '+', tokens),
      reserved: it('reserved', '-', held('amount')),
      reserved_tokens: it('reserved_tokens', '-', held('tokens')),
    }))
    .where('budget_id', '=', budget.id)
    .where('span', '=', span.name)
  const gone = db
    .deleteFrom('holds')
    .where('workspace_id', '=', budget.workspace_id)
    .where('id', '=', id)
    .where('budget_id', '=', budget.id)
  return [statementOf(sums, true), statementOf(gone, true)]
}

/** Reserves no more than what a call has taken, now that this is known. */
export async function shrink({ db, database }: Pick<World, 'db' | 'database'>, holds: readonly Hold[], { cost, tokens }: Taken) {
  if (holds.length === 0) return
  await db.transaction().execute(async trx => {
    if (holds.length > 1) await takeTurns(trx, database.kind)
    for (const { id, budget, span, amount, tokens: held } of holds) {
      const { numUpdatedRows } = await trx
        .updateTable('holds')
        .set({ amount: cost, tokens })
        .where('workspace_id', '=', budget.workspace_id)
        .where('id', '=', id)
        .where('budget_id', '=', budget.id)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) continue
      await trx
        .updateTable('budget_sums')
        .set(it => ({ reserved: it('reserved', '+', cost - amount), reserved_tokens: it('reserved_tokens', '+', tokens - held) }))
        .where('budget_id', '=', budget.id)
        .where('span', '=', span.name)
        .execute()
    }
  })
}
