import type { Spent } from '#blocks/ai/spend.ts'

/** What calls of models took together; the cost in dollars, null where a price is not known. */
export type Used = Spent['usage'] & Pick<Spent, 'cost'>

/** What calls took, in one row. */
export const usedBy = ({ usage, cost }: Spent): Used => ({ ...usage, cost })

const added = (one: number | null, other: number | null) => (one === null ? other : one + (other ?? 0))

/** What several took together. */
export const sumOf = (all: readonly Used[]): Used =>
  all.reduce((one, other) => ({
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedTokens: added(one.cachedTokens, other.cachedTokens),
    reasoningTokens: added(one.reasoningTokens, other.reasoningTokens),
    cost: one.cost === null || other.cost === null ? null : one.cost + other.cost,
  }))
