import { record } from '#audit/record.ts'
import type { Member } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import { adding } from '#models/used.ts'
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
  const sum = {
    workspace_id: caller.workspace,
    day: iso(world.clock.now()).slice(0, 10),
    workflow_id: workflow?.id ?? '',
    model: ended.model,
    user_id: caller.user.id,
    key_id: caller.kind === 'key' ? caller.id : '',
    prompt: '',
    kind: 'ask',
    calls: asks,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cached_tokens: 0,
    reasoning_tokens: 0,
    cost: cost ?? 0,
    unpriced: cost === null ? asks : 0,
  }
  const details = { ...ended, asks, inputTokens, outputTokens, cost }
  await world.db.transaction().execute(async trx => {
    await adding(trx, sum).execute()
    await record(trx, world, caller, 'workflow.designed', workflow, details)
  })
}
