import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Span } from './span.ts'

type Db = Kysely<Tables>

/** A page of budgets, newest first; those of a person's own and of all where `person` is named. */
export function listBudgets(
  db: Db,
  workspace: string,
  { limit, cursor, id, person }: { limit: number; cursor?: string | undefined; id?: string; person: string | null },
) {
  let query = db.selectFrom('budgets').selectAll().where('workspace_id', '=', workspace)
  if (cursor) query = query.where('id', '<', cursor)
  if (id) query = query.where('id', '=', id)
  if (person !== null)
    query = query.where(it =>
      it.or([
        it('scope', 'in', ['workspace', 'workflow']),
        it.and([it('scope', '=', 'member'), it('subject_id', '=', person)]),
        it.and([
          it('scope', '=', 'key'),
          it(
            'subject_id',
            'in',
            db.selectFrom('api_keys').select('id').where('workspace_id', '=', workspace).where('user_id', '=', person),
          ),
        ]),
      ]),
    )
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** All budgets, in an order that is the same for everybody. */
export const allBudgets = (db: Db, workspace: string) =>
  db.selectFrom('budgets').selectAll().where('workspace_id', '=', workspace).orderBy('id').execute()

/** One budget. */
export const findBudget = (db: Db, workspace: string, id: string) =>
  db.selectFrom('budgets').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()

/** What was taken of a budget in one of its spans, where somebody has begun it. */
export const sumIn = (db: Db, workspace: string, budget: string, span: string) =>
  db
    .selectFrom('budget_sums')
    .innerJoin('budgets', 'budgets.id', 'budget_sums.budget_id')
    .selectAll('budget_sums')
    .where('budgets.workspace_id', '=', workspace)
    .where('budget_sums.budget_id', '=', budget)
    .where('budget_sums.span', '=', span)
    .executeTakeFirst()

/** What was taken in a span by what a budget is of, as the sums of days know it. */
export async function takenIn(
  db: Db,
  workspace: string,
  { scope, subject_id }: Pick<Tables['budgets'], 'scope' | 'subject_id'>,
  { days }: Span,
): Promise<{ spent: number; tokens: number }> {
  if (days === null) return { spent: 0, tokens: 0 }
  let query = db
    .selectFrom('usage')
    .select(it => [
      it.fn.sum<number | null>('cost').as('spent'),
      it.fn.sum<number | null>('input_tokens').as('read'),
      it.fn.sum<number | null>('output_tokens').as('written'),
    ])
    .where('workspace_id', '=', workspace)
    .where('day', '>=', days.first)
    .where('day', '<=', days.last)
  if (scope === 'workflow') query = query.where('workflow_id', '=', subject_id ?? '')
  if (scope === 'member') query = query.where('user_id', '=', subject_id ?? '')
  if (scope === 'key') query = query.where('key_id', '=', subject_id ?? '')
  const row = await query.executeTakeFirst()
  return { spent: Number(row?.spent ?? 0), tokens: Number(row?.read ?? 0) + Number(row?.written ?? 0) }
}
