import type { Schema } from './schema.ts'

/** What a choice can stand for. */
export type Plain = string | number | boolean | null

/** One of several values: its words, and what it means. */
export type Choice = { value: Plain; title: string; about?: string }

const isPlain = (value: unknown): value is Plain => value === null || ['string', 'number', 'boolean'].includes(typeof value)

/** The values of an enumeration, or of a union of constants; null where a schema is neither. */
export function valuesOf({ enum: list, const: only }: Schema, branches: readonly Schema[]): Plain[] | null {
  if (Array.isArray(list)) return list.filter(isPlain)
  if (isPlain(only)) return [only]
  if (branches.length === 0) return null
  const each = branches.map(branch => valuesOf(branch, []))
  return each.every(values => values !== null) ? each.flat() : null
}

const SHORT = new Set(['json', 'csv', 'xml', 'html', 'url', 'api', 'id', 'http', 'hmac', 'png', 'jpeg', 'webp'])

/** A word of a program as people read it: `onItemError` becomes “On item error”, and GET stays GET. */
export function wordOf(value: Plain): string {
  if (typeof value !== 'string' || value === '' || value === value.toUpperCase()) return String(value)
  if (SHORT.has(value)) return value.toUpperCase()
  const words = value
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Splits a description such as `all: every entry. one: the first.` into what is said of each choice, and the rest. */
export function choicesOf(
  values: readonly Plain[],
  description: string | undefined,
): { choices: Choice[]; about: string | undefined } {
  const bare = values.map(value => ({ value, title: wordOf(value) }))
  if (description === undefined) return { choices: bare, about: undefined }
  const names = values.filter(value => typeof value === 'string').map(escaped)
  const mark = new RegExp(`(?:^|[\\s.])(${names.join('|')}): `, 'g')
  const found = names.length === 0 ? [] : [...description.matchAll(mark)]
  // Where only one is explained in the midst of a sentence, the sentence is about more than that one.
  if (found.length < 2 && found[0]?.index !== 0) return { choices: bare, about: description }
  const abouts = new Map<string, string>()
  for (const [at, match] of found.entries()) {
    const text = description.slice(match.index + match[0].length, found[at + 1]?.index).trim()
    abouts.set(match[1] ?? '', text.charAt(0).toUpperCase() + text.slice(1))
  }
  const rest = description.slice(0, found[0]?.index).trim()
  return {
    choices: bare.map(choice => {
      const about = abouts.get(String(choice.value))
      return about ? { ...choice, about } : choice
    }),
    about: rest === '' ? undefined : rest,
  }
}

/** The choices of a union of constants that have words of their own; null where a schema is none. */
export function titled(branches: readonly Schema[]): Choice[] | null {
  const choices = branches.flatMap(({ const: value, title, description }): Choice[] =>
    isPlain(value) && typeof title === 'string'
      ? [{ value, title, ...(typeof description === 'string' && description !== '' ? { about: description } : {}) }]
      : [],
  )
  return branches.length > 0 && choices.length === branches.length ? choices : null
}
