import { z } from 'zod'
import { order, same } from './compare.ts'
import { Refused } from './fail.ts'
import { given } from './given.ts'
import { matches } from './pattern.ts'

/** What can be asked of two values, or of one. */
const OPS = [
  'equals',
  'notEquals',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'matches',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
  'isEmpty',
  'isNotEmpty',
  'isTrue',
  'isFalse',
  'in',
  'exists',
] as const

type Op = (typeof OPS)[number]

const Rule = z
  .strictObject({
    left: z.unknown().optional().meta({ title: 'Value', description: 'What is looked at, such as {{ fetch.status }}.' }),
    op: z.enum(OPS).meta({ title: 'Comparison' }),
    right: z
      .unknown()
      .optional()
      .meta({ title: 'Compared with', description: 'Not needed to ask whether something is there, empty, true or false.' }),
    ignoreCase: z
      .boolean()
      .optional()
      .meta({ title: 'Ignore case', description: 'Capital and small letters count as the same.', advanced: true }),
  })
  .meta({ title: 'Condition' })

type Rule = z.output<typeof Rule>

/** Conditions that must all hold, or of which one must. */
export type Conditions = { all?: (Rule | Conditions)[] | undefined; any?: (Rule | Conditions)[] | undefined }

const One: z.ZodType<Rule | Conditions> = z.lazy(() => z.union([Rule, Group]))

/** The two fields of conditions, for a block that has them at its top. */
export const conditionFields = () => ({
  all: z.array(One).min(1).optional().meta({
    title: 'All of these hold',
    description: 'Every condition must hold. An entry may be a group with `all` or `any` of its own.',
    ui: 'conditions',
  }),
  any: z.array(One).min(1).optional().meta({
    title: 'One of these holds',
    description: 'At least one condition must hold.',
    ui: 'conditions',
  }),
})

/** Are there conditions of exactly one sort? */
export const isOneSort = ({ all, any }: { all?: unknown; any?: unknown }): boolean => (all === undefined) !== (any === undefined)

/** What is said where that is not so. */
export const ONE_SORT = 'Give either `all` or `any`, with at least one condition.'

/** Conditions as a field has them: `{ all: […] }` or `{ any: […] }`. Made anew for each, so that its form stands in one piece. */
export const conditions = (): z.ZodType<Conditions> =>
  z.strictObject(conditionFields()).refine(isOneSort, ONE_SORT).meta({ title: 'Conditions', ui: 'conditions' })

const Group = conditions()

/** Reads conditions that were filled later than the rest; throws Zod's error. */
export const readConditions = (filled: unknown): Conditions => Group.parse(filled)

/** Do they hold? The values are filled in already. */
export function holds(conditions: Conditions): boolean {
  const { all, any } = conditions
  return all ? all.every(isTrue) : (any ?? []).some(isTrue)
}

const isTrue = (one: Rule | Conditions): boolean => ('op' in one ? ask(one.op, one.left, one.right, one.ignoreCase) : holds(one))

/** Asks one thing of one or two values. */
function ask(op: Op, left: unknown, right: unknown, ignoreCase = false): boolean {
  switch (op) {
    case 'equals':
      return same(left, right, ignoreCase)
    case 'notEquals':
      return !same(left, right, ignoreCase)
    case 'greater':
      return (compare(op, left, right, ignoreCase) ?? 0) > 0
    case 'greaterOrEqual':
      return (compare(op, left, right, ignoreCase) ?? -1) >= 0
    case 'less':
      return (compare(op, left, right, ignoreCase) ?? 0) < 0
    case 'lessOrEqual':
      return (compare(op, left, right, ignoreCase) ?? 1) <= 0
    case 'contains':
      return contains(left, right, ignoreCase)
    case 'notContains':
      return !contains(left, right, ignoreCase)
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return askText(op, left, right, ignoreCase)
    case 'isEmpty':
      return isEmpty(left)
    case 'isNotEmpty':
      return !isEmpty(left)
    case 'isTrue':
      return YES.has(plain(left))
    case 'isFalse':
      return NO.has(plain(left))
    case 'in':
      return isIn(left, right, ignoreCase)
    case 'exists':
      return left !== null && left !== undefined
  }
}

const YES = new Set<unknown>([true, 1, 'true', '1', 'yes', 'on'])
const NO = new Set<unknown>([false, 0, 'false', '0', 'no', 'off'])
const plain = (value: unknown) => (typeof value === 'string' && value.length < 20 ? value.trim().toLowerCase() : value)

/** Null when one of them is not there, or they are of kinds that have no order. */
function compare(op: Op, left: unknown, right: unknown, ignoreCase: boolean): number | null {
  for (const [side, value] of [
    ['left', left],
    ['right', right],
  ] as const)
    if (typeof value === 'object' && value !== null)
      throw new Refused(
        'condition.wrong_kind',
        `“${op}” compares numbers, dates and texts, but the ${side} side is ${given(value)}. Name one value in it, such as {{ fetch.body.total }}.`,
      )
  return order(left, right, ignoreCase)
}

function contains(left: unknown, right: unknown, ignoreCase: boolean): boolean {
  if (left === null || left === undefined || right === null || right === undefined) return false
  if (Array.isArray(left)) return left.some(one => same(one, right, ignoreCase))
  if (typeof right === 'object')
    throw new Refused('condition.wrong_kind', `“contains” looks for one value in ${given(left)}, but was given ${given(right)}.`)
  if (typeof left === 'object') return Object.hasOwn(left, String(right))
  return ignoreCase ? String(left).toLowerCase().includes(String(right).toLowerCase()) : String(left).includes(String(right))
}

function askText(op: 'startsWith' | 'endsWith' | 'matches', left: unknown, right: unknown, ignoreCase: boolean): boolean {
  if (left === null || left === undefined) return false
  if (typeof left === 'object' || typeof right === 'object' || right === undefined)
    throw new Refused(
      'condition.wrong_kind',
      `“${op}” compares texts, but the left side is ${given(left)} and the right side is ${given(right)}.`,
    )
  const text = String(left)
  const part = String(right)
  if (op === 'matches') return matches(text, part, ignoreCase)
  const [whole, end] = ignoreCase ? [text.toLowerCase(), part.toLowerCase()] : [text, part]
  return op === 'startsWith' ? whole.startsWith(end) : whole.endsWith(end)
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function isIn(left: unknown, right: unknown, ignoreCase: boolean): boolean {
  if (Array.isArray(right)) return right.some(one => same(left, one, ignoreCase))
  if (typeof right === 'string') return right.split(',').some(one => same(left, one.trim(), ignoreCase))
  if (right === null || right === undefined) return false
  throw new Refused(
    'condition.wrong_kind',
    `“in” needs a list or a text with commas on the right side, but it is ${given(right)}.`,
  )
}
