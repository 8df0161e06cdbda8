import type { Counted, Tokens } from '#sdk/model.ts'

/** What was taken so far, as the output says it. */
export type Spent = {
  usage: { inputTokens: number; outputTokens: number; cachedTokens: number | null; reasoningTokens: number | null }
  cost: number | null
}

/** Adds up what calls take. */
export function spending() {
  const taken: Counted[] = []
  const sum = (of: (tokens: Tokens) => number | null): number | null => {
    const known = taken.map(({ tokens }) => of(tokens)).filter(one => one !== null)
    return known.length === 0 ? null : known.reduce((one, other) => one + other, 0)
  }
  const dollars = () => taken.reduce((all, { cost }) => all + (cost ?? 0), 0) / 1e6
  return {
    add: (it: Counted) => void taken.push(it),
    spent: (): Spent => ({
      usage: {
        inputTokens: sum(tokens => tokens.input) ?? 0,
        outputTokens: sum(tokens => tokens.output) ?? 0,
        cachedTokens: sum(tokens => tokens.cached),
        reasoningTokens: sum(tokens => tokens.reasoning),
      },
      cost: taken.some(({ cost }) => cost === null) ? null : dollars(),
    }),
  }
}
