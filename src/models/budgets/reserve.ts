import { type Kysely, sql, type Transaction } from 'kysely'
import { takeTurns } from '#db/statement.ts'
import type { Tables } from '#db/tables.ts'
import type { World } from '#world.ts'
import { type Budget, budgetsOf, forgetBudgets } from './known.ts'
import { takenIn } from './queries.ts'
import { type Span, spanOf } from './span.ts'
import { tellExhausted } from './tell.ts'

/** Who spends: an execution, and whatever a budget may be of. */
export type Spender = {
  workspace: string
  execution: string
  workflow: string
  user: string | null
  key: string | null
  /** The process that runs it. */
  owner: string
  depth: number
}

/** What a call may take at the most; the amount in millionths of a dollar, null where the price is not known. */
export type Estimate = { amount: number | null; tokens: number }

/** What a call has reserved of one budget. */
export type Hold = { id: string; budget: Budget; span: Span; amount: number; tokens: number }

/** A budget that does not allow a call, and how it stands. */
export type Refusal = {
  budget: Budget
  unpriced: boolean
  spent: number
  reserved: number
  tokens: number
  reservedTokens: number
  /** When it begins anew. */
  end: number | null
}

type Needed = Pick<World, 'db' | 'database' | 'clock' | 'ids' | 'feed'>

/** The budgets that a call of this one falls under. */
export async function budgetsFor(world: Needed, who: Spender): Promise<Budget[]> {
  const known = budgetsOf(world, who.workspace)
  const all = known instanceof Promise ? await known : known
  return all.length === 0 ? all : all.filter(budget => isUnder(budget, who))
}

const isUnder = ({ scope, subject_id }: Budget, { workflow, user, key }: Spender): boolean =>
  scope === 'workspace' || subject_id === { workflow, member: user, key }[scope]

class Full extends Error {
  readonly budget: Budget
  readonly span: Span

  constructor(budget: Budget, span: Span) {
    super(budget.id)
    this.budget = budget
    this.span = span
  }
}

/**
 * Reserves what a call may take of all these budgets, or of none where it does not fit into one of them. `over` lets it go over those
 * that ask a person.
 */
export async function reserve(
  world: Needed,
  who: Spender,
  budgets: readonly Budget[],
  estimate: Estimate,
  over: boolean,
): Promise<Hold[] | Refusal> {
  const now = world.clock.now()
  const unpriced = budgets.find(budget => budget.dollars !== null && estimate.amount === null)
  if (unpriced) return { budget: unpriced, unpriced: true, spent: 0, reserved: 0, tokens: 0, reservedTokens: 0, end: null }
  const id = world.ids.next('hld')
  const holds = budgets.map(budget => ({
    id,
    budget,
    span: spanOf(budget.period, now, who.execution),
    amount: estimate.amount ?? 0,
    tokens: estimate.tokens,
  }))
  try {
    await world.db.transaction().execute(async trx => {
      if (holds.length > 1) await takeTurns(trx, world.database.kind)
      for (const hold of holds) await take(trx, world, who, hold, over && hold.budget.way === 'ask')
    })
    return holds
  } catch (error) {
    if (error instanceof Full) return refusalOf(world, who, error)
    // One that was deleted meanwhile bounds nothing.
    forgetBudgets(world, who.workspace)
    const left = await budgetsFor(world, who)
    if (budgets.every(({ id }) => left.some(one => one.id === id))) throw error
    return reserve(world, who, left, estimate, over)
  }
}

async function take(trx: Transaction<Tables>, world: Needed, who: Spender, hold: Hold, over: boolean): Promise<void> {
  const { id, budget, span, amount, tokens } = hold
  const now = world.clock.now()
  const raise = () =>
    trx
      .updateTable('budget_sums')
      .set(it => ({ reserved: it('reserved', '+', amount), reserved_tokens: it('reserved_tokens', '+', tokens) }))
      .where('budget_id', '=', budget.id)
      .where('span', '=', span.name)
      .$if(budget.dollars !== null && amount > 0 && !over, it =>
        it.where(sql<boolean>`spent + reserved + ${amount} <= ${budget.dollars}`),
      )
      .$if(budget.tokens !== null && tokens > 0 && !over, it =>
        it.where(sql<boolean>`tokens + reserved_tokens + ${tokens} <= ${budget.tokens}`),
      )
      .executeTakeFirst()
  if ((await raise()).numUpdatedRows === 0n) {
    await begin(trx, who, budget, span, now)
    if ((await raise()).numUpdatedRows === 0n) throw new Full(budget, span)
  }
  await trx
    .insertInto('holds')
    .values({
      ...{
        id,
        budget_id: budget.id,
        workspace_id: who.workspace,
        span: span.name,
        execution_id: who.execution,
        owner: who.owner,
      },
      ...{ amount, tokens, at: now },
    })
    .execute()
}

/** The first call of a span finds what was taken in it before there was the budget. Changes nothing where somebody has begun it. */
async function begin(trx: Kysely<Tables>, who: Spender, budget: Budget, span: Span, now: number): Promise<void> {
  const taken = await takenIn(trx, who.workspace, budget, span)
  const zero = { reserved: 0, reserved_tokens: 0, warned: 0, exhausted: 0 }
  await trx
    .insertInto('budget_sums')
    .values({ budget_id: budget.id, span: span.name, at: now, ...taken, ...zero })
    .onConflict(it => it.columns(['budget_id', 'span']).doNothing())
    .execute()
}

async function refusalOf(world: Needed, who: Spender, { budget, span }: Full): Promise<Refusal> {
  const row = await world.db.transaction().execute(async trx => {
    await begin(trx, who, budget, span, world.clock.now())
    const { numUpdatedRows } = await trx
      .updateTable('budget_sums')
      .set({ exhausted: 1 })
      .where('budget_id', '=', budget.id)
      .where('span', '=', span.name)
      .where('exhausted', '=', 0)
      .executeTakeFirst()
    if (numUpdatedRows === 1n) await tellExhausted(trx, world, who, budget, span)
    return trx
      .selectFrom('budget_sums')
      .selectAll()
      .where('budget_id', '=', budget.id)
      .where('span', '=', span.name)
      .executeTakeFirstOrThrow()
  })
  // Somebody may have raised it since we looked.
  forgetBudgets(world, who.workspace)
  const { spent, reserved, tokens, reserved_tokens: reservedTokens } = row
  return { budget, unpriced: false, spent, reserved, tokens, reservedTokens, end: span.end }
}
