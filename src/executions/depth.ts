import { Refused } from '#sdk/fail.ts'

/** Deeper than anything that people or programs write; what reads values level by level has room for ten times as many. */
export const DEEPEST = 256

/** Is it nested deeper than a value may be? Looks no further down than that. */
export function isTooDeep(value: unknown, left = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (left === 0) return true
  if (Array.isArray(value)) return value.some(one => isTooDeep(one, left - 1))
  for (const key in value) if (isTooDeep(Reflect.get(value, key), left - 1)) return true
  return false
}

/** Refuses it, in words for the one who drew the workflow. */
export const tooDeep = () =>
  new Refused('value.too_deep', `The value is nested deeper than ${DEEPEST} levels. Take out of it what is needed.`)
