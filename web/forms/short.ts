import { isObject } from './schema.ts'

const LONGEST = 120

/** A value in a few letters. Nothing large is written out for it. */
export function shortOf(value: unknown): string {
  if (typeof value === 'string') return `“${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}”`
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${partOf(value[0])}${value.length > 1 ? `, … ${value.length}` : ''}]`
  if (!isObject(value)) return String(value)
  const names = Object.keys(value)
  return `{ ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''} }`
}

function partOf(value: unknown): string {
  if (Array.isArray(value)) return '[…]'
  if (isObject(value)) return '{…}'
  return shortOf(value).slice(0, 40)
}
