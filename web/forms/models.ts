import type { Reply } from '#http/contract.ts'
import type { models } from '#models/contract.ts'

/** A model that can be asked. */
export type Model = Reply<typeof models>['items'][number]

/** The models of a provider. */
export type Provider = { name: string; models: Model[] }

/** Those that can do what is needed, by their providers; the demo comes last. */
export function providersOf(all: readonly Model[], able: readonly string[]): Provider[] {
  const found = new Map<string, Model[]>()
  for (const model of all) {
    if (!able.every(ability => model.abilities.some(one => one === ability))) continue
    found.set(model.provider, [...(found.get(model.provider) ?? []), model])
  }
  return [...found]
    .map(([name, models]) => ({ name, models }))
    .toSorted((one, other) => Number(isDemo(one)) - Number(isDemo(other)) || (one.name < other.name ? -1 : 1))
}

const isDemo = ({ models }: Provider) => models.every(model => model.demo)

/** How many tokens, in a few letters: 128k, 1M. */
export function tokensOf(count: number): string {
  if (count >= 1_000_000) return `${round(count / 1_000_000)}M`
  return count >= 1_000 ? `${round(count / 1_000)}k` : String(count)
}

const round = (number: number) => (number >= 10 ? Math.round(number) : Math.round(number * 10) / 10)

/** Dollars, as exact as such prices are: $0.15, $3, $0.0375. */
export function dollars(amount: number): string {
  const digits = amount === 0 || amount >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(amount)))
  return `$${Number(amount.toFixed(digits))}`
}
