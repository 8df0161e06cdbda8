import { Refused } from './fail.ts'

/** What a value is, in words for a message. */
export function given(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text'
  if (typeof value === 'boolean') return 'true or false'
  return typeof value === 'number' ? 'a number' : 'an object'
}

/** An object, and not a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** More entries than this nobody goes through in one node. */
export const MOST_ITEMS = 100_000

/** The list that a field must have; says what it has instead. */
export function listOf(field: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new Refused('input.wrong_kind', `\`${field}\` is ${given(value)}; give a list, for example {{ fetch.body.items }}.`)
  if (value.length > MOST_ITEMS) throw tooMany(field, value.length)
  return value
}

/** The refusal of a list that is too long. */
export const tooMany = (field: string, count: number): Refused =>
  new Refused(
    'input.too_large',
    `\`${field}\` has ${count} entries; at most ${MOST_ITEMS} are possible. Fetch it in pages, or filter it before.`,
  )

/** The text of a simple value; says what it has instead. */
export function textOf(field: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Refused('input.wrong_kind', `\`${field}\` is ${given(value)}; give a text, for example {{ fetch.body }}.`)
}
