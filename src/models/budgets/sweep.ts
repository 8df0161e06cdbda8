import { takeTurns } from '#db/statement.ts'
import type { World } from '#world.ts'

/** No call of a model takes longer outside of an execution, in milliseconds. */
const LONGEST = 15 * 60_000
/** Looked at in one go. */
const MANY = 200

/** Lets go of what was reserved by those who are not there any more; answers with how many that were. */
export async function releaseDead({ db, database, clock }: Pick<World, 'db' | 'database' | 'clock'>): Promise<number> {
  const dead = await db
    .selectFrom('holds')
    .leftJoin('executions', 'executions.id', 'holds.execution_id')
    .select(['holds.id', 'holds.budget_id'])
    .where(it =>
      it.or([
        // What is no execution, such as a design, has no end to be seen: it is over when it has taken too long.
        it.and([it('executions.id', 'is', null), it('holds.at', '<', clock.now() - LONGEST)]),
        it('executions.ended_at', 'is not', null),
        it('executions.owner', 'is', null),
        it('executions.owner', '!=', it.ref('holds.owner')),
        it('executions.lease_until', '<', clock.now()),
      ]),
    )
    .limit(MANY)
    .execute()
  if (dead.length === 0) return 0
  await db.transaction().execute(async trx => {
    await takeTurns(trx, database.kind)
    for (const { id, budget_id } of dead) {
      const hold = await trx
        .deleteFrom('holds')
        .where('id', '=', id)
        .where('budget_id', '=', budget_id)
        .returningAll()
        .executeTakeFirst()
      if (!hold) continue
      await trx
        .updateTable('budget_sums')
        .set(it => ({ reserved: it('reserved', '-', hold.amount), reserved_tokens: it('reserved_tokens', '-', hold.tokens) }))
        .where('budget_id', '=', hold.budget_id)
        .where('span', '=', hold.span)
        .execute()
    }
  })
  return dead.length
}

const DAY = 86_400_000
/** Sums of executions are kept as long as these may go on, those of days and months for who looks back. */
const KEPT = { execution: 40 * DAY, others: 400 * DAY }

/** Deletes sums that nobody asks about any more. */
export async function forgetSums({ db, clock }: Pick<World, 'db' | 'clock'>): Promise<void> {
  const now = clock.now()
  await db
    .deleteFrom('budget_sums')
    .where('at', '<', now - KEPT.execution)
    .where(it =>
      it.or([
        it('at', '<', now - KEPT.others),
        it.and([
          it('span', 'like', 'exe_%'),
          it.not(it.exists(it.selectFrom('executions').select('id').whereRef('executions.id', '=', 'span'))),
        ]),
      ]),
    )
    .execute()
}
