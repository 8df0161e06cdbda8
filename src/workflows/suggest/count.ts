import { record } from '#audit/record.ts'
import type { Member } from '#http/caller.ts'
import type { Reply } from '#sdk/model.ts'
import type { World } from '#world.ts'

/** What a design has taken so far. `cost` in millionths of a dollar; null where the price is not known. */
export type Spent = { asks: number; inputTokens: number; outputTokens: number; cost: number | null }

/** Nothing yet. */
export const nothing = (): Spent => ({ asks: 0, inputTokens: 0, outputTokens: 0, cost: 0 })

/** What one more answer makes of it. */
export const plus = (spent: Spent, { tokens, cost }: Pick<Reply, 'tokens' | 'cost'>): Spent => ({
  asks: spent.asks,
  inputTokens: spent.inputTokens + tokens.input,
  outputTokens: spent.outputTokens + tokens.output,
  cost: spent.cost === null || cost === null ? null : spent.cost + cost,
})

/** How a design ended. */
export type Ended = { model: string; how: 'made' | 'failed' | 'given up'; problems: number }

/** Writes down what a design has taken, and who asked for it: the one place where it is counted. */
export async function count(
  world: World,
  caller: Member,
  workflow: { id: string; name: string } | null,
  { asks, inputTokens, outputTokens, cost }: Spent,
  ended: Ended,
): Promise<void> {
  const details = { ...ended, asks, inputTokens, outputTokens, cost }
  await world.db.transaction().execute(trx => record(trx, world, caller, 'workflow.designed', workflow, details))
}
