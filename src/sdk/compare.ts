import { Refused } from './fail.ts'

/** Values nested deeper than this are not compared. */
const DEEPEST = 200

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** Always the same language, so that an order never depends on the machine. */
let words: { exact: Intl.Collator; anyCase: Intl.Collator } | undefined

/** The number that a value is or that a text writes. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  // Numbers that are written are short, and a long text need not be looked through.
  if (typeof value !== 'string' || value.length > 40 || !NUMBER.test(value)) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** The time that an ISO text writes, in milliseconds; without a zone it is taken as UTC. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string' || value.length < 10 || value.length > 35 || value.charCodeAt(4) !== 45) return null
  const found = DATE.exec(value)
  if (!found) return null
  const time = Date.parse(value.length > 10 && found[1] === undefined ? `${value}Z` : value)
  return Number.isNaN(time) ? null : time
}

const BOOLEANS: Record<string, boolean> = { true: true, false: false }
const booleanOf = (text: string): boolean | undefined => BOOLEANS[text.trim().toLowerCase()]

/** Are they equal, as a person means it: 5 is "5", and two ways to write one moment are one moment. */
export function same(a: unknown, b: unknown, ignoreCase = false): boolean {
  if (a === b) return true
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null)
  if (typeof a === 'string' && typeof b === 'string') {
    if (ignoreCase && a.toLowerCase() === b.toLowerCase()) return true
    const time = timeOf(a)
    return time !== null && time === timeOf(b)
  }
  if (typeof a === 'object' && typeof b === 'object') return alike(a, b, ignoreCase, 0)
  if (typeof a === 'number') return typeof b === 'string' && numberOf(b) === a
  if (typeof b === 'number') return typeof a === 'string' && numberOf(a) === b
  if (typeof a === 'boolean') return typeof b === 'string' && booleanOf(b) === a
  return typeof b === 'boolean' && typeof a === 'string' && booleanOf(a) === b
}

/** Inside of lists and objects nothing is read as something else. */
function alike(a: unknown, b: unknown, ignoreCase: boolean, depth: number): boolean {
  if (a === b) return true
  if (typeof a === 'string' && typeof b === 'string') return ignoreCase && a.toLowerCase() === b.toLowerCase()
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (depth > DEEPEST)
    throw new Refused('input.too_deep', `A value is nested more than ${DEEPEST} levels deep, too deep to be compared.`)
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((one, at) => alike(one, b[at], ignoreCase, depth + 1))
    )
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && alike(Reflect.get(a, key), Reflect.get(b, key), ignoreCase, depth + 1))
  )
}

/** Below 0 when `a` comes first; null when there is no order between them. */
export function order(a: unknown, b: unknown, ignoreCase = false): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const left = numberOf(a)
  const right = left === null ? null : numberOf(b)
  if (left !== null && right !== null) return left - right
  if (typeof a !== 'string' || typeof b !== 'string') return null
  const time = timeOf(a)
  const other = time === null ? null : timeOf(b)
  if (time !== null && other !== null) return time - other
  // Made when it is needed: it brings some megabytes of language data along.
  words ??= { exact: new Intl.Collator('en'), anyCase: new Intl.Collator('en', { sensitivity: 'accent' }) }
  return (ignoreCase ? words.anyCase : words.exact).compare(a, b)
}

/** One text for equal values, whatever the order of their fields: what lists are grouped and made unique by. */
export function keyOf(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? `"${value}` : String(value ?? null)
  if (depth > DEEPEST)
    throw new Refused('input.too_deep', `A value is nested more than ${DEEPEST} levels deep, too deep to be compared.`)
  if (Array.isArray(value)) return `[${value.map(one => sized(keyOf(one, depth + 1))).join('')}]`
  const fields = Object.keys(value).toSorted()
  return `{${fields.map(key => sized(key) + sized(keyOf(Reflect.get(value, key), depth + 1))).join('')}}`
}

/** With its length before it, no text can pretend to be two. */
const sized = (text: string): string => `${text.length}:${text}`
