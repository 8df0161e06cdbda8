import { numberOf, timeOf } from '#sdk/compare.ts'

/** How values are compared when they are put in order. */
export type As = 'auto' | 'number' | 'text' | 'date' | 'natural'

/** Texts are compared as this language does. */
export type Words = { locale: string; ignoreCase: boolean }

type Rank = (a: unknown, b: unknown) => number

const isNothing = (value: unknown) => value === null || value === undefined

/** What a column holds: numbers, dates or texts. One value that is something else makes it texts. */
export function kindOf(values: readonly unknown[]): 'number' | 'date' | 'natural' {
  const there = values.filter(value => !isNothing(value) && value !== '')
  if (there.every(value => typeof value === 'boolean' || numberOf(value) !== null)) return 'number'
  return there.every(value => timeOf(value) !== null) ? 'date' : 'natural'
}

const wordOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

const numeric = (value: unknown) => (typeof value === 'boolean' ? Number(value) : numberOf(value))

/** Makes the values of a column ready to be compared: null for those that have no place in it. */
export function rankOf(values: readonly unknown[], as: As, { locale, ignoreCase }: Words): { ready: unknown[]; compare: Rank } {
  const kind = as === 'auto' ? kindOf(values) : as
  if (kind === 'number' || kind === 'date') {
    const ready = values.map(kind === 'number' ? numeric : timeOf)
    return { ready, compare: (a, b) => Number(a) - Number(b) }
  }
  const { compare } = new Intl.Collator(locale, { numeric: kind === 'natural', sensitivity: ignoreCase ? 'accent' : 'variant' })
  const ready = values.map(value => (isNothing(value) ? null : wordOf(value)))
  return { ready, compare: (a, b) => compare(String(a), String(b)) }
}
