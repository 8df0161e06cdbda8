import { isObject } from './schema.ts'
import { blankRule } from './values.ts'

/** Do all have to hold, or one of them? */
export type Sort = 'all' | 'any'

/** Conditions that belong together, as the builder has them. */
export type Group = { sort: Sort; rules: readonly unknown[] }

/** What can be asked, by the kind of value it is asked of. */
export const OPS = {
  any: ['equals', 'notEquals', 'exists', 'isEmpty', 'isNotEmpty', 'in'],
  text: ['contains', 'notContains', 'startsWith', 'endsWith', 'matches'],
  number: ['greater', 'greaterOrEqual', 'less', 'lessOrEqual'],
  boolean: ['isTrue', 'isFalse'],
} as const

/** A comparison. */
export type Op = (typeof OPS)[keyof typeof OPS][number]

const ALL: readonly string[] = Object.values(OPS).flat()

/** Is this a comparison we have words for? */
export const isOp = (value: unknown): value is Op => typeof value === 'string' && ALL.includes(value)

const ALONE: readonly unknown[] = ['isEmpty', 'isNotEmpty', 'isTrue', 'isFalse', 'exists']

/** Is it asked of one value alone? */
export const isAlone = (op: unknown): boolean => ALONE.includes(op)

/** The comparisons, those first that fit what was last seen. */
export function opsFor(seen: unknown): Op[] {
  const { any, text, number, boolean } = OPS
  if (typeof seen === 'number') return [...number, ...any, ...text, ...boolean]
  if (typeof seen === 'boolean') return [...boolean, ...any, ...text, ...number]
  if (Array.isArray(seen))
    return ['contains', 'notContains', 'isEmpty', 'isNotEmpty', ...rest(['contains', 'notContains', 'isEmpty', 'isNotEmpty'])]
  return [...any, ...text, ...number, ...boolean]
}

const rest = (but: readonly Op[]): Op[] =>
  Object.values(OPS)
    .flat()
    .filter(op => !but.includes(op))

/** Reads a value with `all` or `any`; null where it has both, or is something else. */
export function groupOf(value: unknown): Group | null {
  if (value === undefined || value === '') return { sort: 'all', rules: [] }
  if (!isObject(value)) return null
  const { all, any } = value
  if (Array.isArray(all) && any === undefined) return { sort: 'all', rules: all }
  if (Array.isArray(any) && all === undefined) return { sort: 'any', rules: any }
  return all === undefined && any === undefined ? { sort: 'all', rules: [] } : null
}

/** Is this entry a group of its own? */
export const isGroup = (entry: unknown): boolean => isObject(entry) && !('op' in entry) && ('all' in entry || 'any' in entry)

/** Writes a group; nothing where nothing is asked. */
export const writeGroup = ({ sort, rules }: Group): Record<string, unknown> | undefined =>
  rules.length === 0 ? undefined : { [sort]: rules }

/** The same condition with another comparison: what it no longer needs goes. */
export function withOp(rule: Record<string, unknown>, op: Op): Record<string, unknown> {
  const { right, ...others } = { ...blankRule(), ...rule }
  return isAlone(op) ? { ...others, op } : { ...others, op, right: right ?? '' }
}
