import { isObject } from './schema.ts'

/** A name with its value while it is being edited: two may have the same name for a moment. */
export type Pair = { id: number; name: string; value: unknown }

/** An object as pairs. */
export const pairsOf = (value: unknown): Pair[] =>
  isObject(value) ? Object.entries(value).map(([name, one], id) => ({ id, name, value: one })) : []

/** Pairs as an object: those without a name are not in it, and of two with the same name the first counts. */
export function objectOf(pairs: readonly Pair[]): Record<string, unknown> {
  const found = new Map<string, unknown>()
  for (const { name, value } of pairs) if (name.trim() !== '' && !found.has(name.trim())) found.set(name.trim(), value)
  return Object.fromEntries(found)
}

/** The pairs whose name was there before. */
export function wrongNames(pairs: readonly Pair[]): ReadonlySet<number> {
  const seen = new Set<string>()
  const wrong = new Set<number>()
  for (const { id, name } of pairs) {
    const key = name.trim()
    if (key === '') continue
    if (seen.has(key)) wrong.add(id)
    seen.add(key)
  }
  return wrong
}
