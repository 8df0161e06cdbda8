import { type Kysely, sql } from 'kysely'
import { happen, happeningOf } from '#audit/happen.ts'
import type { Group } from '#db/db.ts'
import { statementOf } from '#db/statement.ts'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'
import type { World } from '#world.ts'
import type { Budget } from './known.ts'
import type { Hold, Spender } from './reserve.ts'
import type { Span } from './span.ts'

/** So much of a budget is most of it. */
const MOST = 0.8

const dataOf = ({ id, scope, subject_id, period, dollars, tokens, way }: Budget, { end }: Span, who: Spender) => ({
  budgetId: id,
  scope,
  subjectId: subject_id,
  period,
  dollars: dollars === null ? null : dollars / 1e6,
  tokens,
  onExhausted: way,
  resetsAt: end === null ? null : iso(end),
  executionId: who.execution,
  workflowId: who.workflow,
})

const named = (name: string, budget: Budget, span: Span, who: Spender) => ({
  workspace: who.workspace,
  name,
  data: dataOf(budget, span, who),
  after: { execution: who.execution, depth: who.depth },
})

/** A call did not fit any more. */
export const tellExhausted = (
  trx: Kysely<Tables>,
  world: Pick<World, 'ids' | 'clock' | 'feed'>,
  who: Spender,
  budget: Budget,
  span: Span,
): Promise<void> => happen(trx, world, named('budget.exhausted', budget, span, who))

/** Tells once of each span that most of it is used. That of one execution is over too soon for anybody to hear of it. */
export function warn(world: Pick<World, 'db' | 'ids' | 'clock'>, who: Spender, { budget, span }: Hold): Group {
  if (span.days === null || (budget.dollars === null && budget.tokens === null)) return []
  const { db } = world
  const row = happeningOf(world, named('budget.warned', budget, span, who))
  const reached = sql<boolean>`(spent >= ${atLeast(budget.dollars)} or tokens >= ${atLeast(budget.tokens)})`
  const columns = ['id', 'workspace_id', 'name', 'data', 'at', 'depth', 'cause', 'open'] as const
  const told = db
    .insertInto('happenings')
    .columns([...columns])
    .expression(
      db
        .selectFrom('budget_sums')
        .select([
          sql<string>`cast(${row.id} as text)`.as('id'),
          sql<string>`cast(${row.workspace_id} as text)`.as('workspace_id'),
          sql<string>`cast(${row.name} as text)`.as('name'),
          sql<string>`cast(${row.data} as text)`.as('data'),
          sql<number>`cast(${row.at} as bigint)`.as('at'),
          sql<number>`cast(${row.depth} as bigint)`.as('depth'),
          sql<string | null>`cast(${row.cause} as text)`.as('cause'),
          sql<number>`cast(${row.open} as bigint)`.as('open'),
        ])
        .where('budget_id', '=', budget.id)
        .where('span', '=', span.name)
        .where('warned', '=', 0)
        .where(reached),
    )
  const once = db
    .updateTable('budget_sums')
    .set({ warned: 1 })
    .where('budget_id', '=', budget.id)
    .where('span', '=', span.name)
    .where('warned', '=', 0)
    .where(reached)
  return [statementOf(told, true), statementOf(once, true)]
}

/** What is not bounded is never reached. */
const atLeast = (most: number | null) => sql.lit(most === null ? Number.MAX_SAFE_INTEGER : Math.ceil(most * MOST))
