import { keyOf, numberOf } from '#sdk/compare.ts'
import { Refused } from '#sdk/fail.ts'
import { given } from '#sdk/given.ts'
import { rankOf } from './rank.ts'

/** What can be worked out of many values. */
export const OPS = ['count', 'sum', 'avg', 'min', 'max', 'median', 'first', 'last', 'list', 'unique', 'distinct', 'join'] as const

/** One of them. */
export type Op = (typeof OPS)[number]

/** Works one thing out. Values that are not there do not count, except in `list`. */
export function work(op: Op, values: readonly unknown[], field: string, separator: string): unknown {
  if (op === 'list') return values
  const there = values.filter(value => value !== null && value !== undefined)
  switch (op) {
    case 'count':
      return there.length
    case 'unique':
      return new Set(there.map(value => keyOf(value))).size
    case 'distinct':
      return [...new Map(there.map(value => [keyOf(value), value])).values()]
    case 'first':
      return there[0] ?? null
    case 'last':
      return there.at(-1) ?? null
    case 'join':
      return there.map(value => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(separator)
    case 'min':
    case 'max':
      return extreme(op, there)
    default:
      return ofNumbers(op, numbersOf(there, field))
  }
}

function extreme(op: 'min' | 'max', values: readonly unknown[]): unknown {
  const { ready, compare } = rankOf(values, 'auto', { locale: 'en', ignoreCase: false })
  let best: number | null = null
  for (const [at, value] of ready.entries()) {
    if (value === null) continue
    const way = best === null ? 0 : compare(value, ready[best])
    if (best === null || (op === 'min' ? way < 0 : way > 0)) best = at
  }
  return best === null ? null : (values[best] ?? null)
}

function numbersOf(values: readonly unknown[], field: string): number[] {
  return values
    .filter(value => value !== '')
    .map(value => {
      const number = numberOf(value)
      if (number === null) {
        const shown = typeof value === 'string' ? `the text “${value.slice(0, 40)}”` : given(value)
        throw new Refused('input.wrong_kind', `\`${field}\` can only count with numbers, but one value is ${shown}.`)
      }
      return number
    })
}

function ofNumbers(op: 'sum' | 'avg' | 'median', numbers: readonly number[]): number | null {
  if (op === 'sum') return rounded(total(numbers))
  if (numbers.length === 0) return null
  if (op === 'avg') return rounded(total(numbers) / numbers.length)
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : rounded(((sorted[middle - 1] ?? 0) + upper) / 2)
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** 15 digits are what a double can hold, so 0.1 + 0.2 is 0.3. */
const rounded = (number: number): number | null => {
  if (!Number.isFinite(number)) return null
  return Number.isSafeInteger(number) ? number : Number(number.toPrecision(15))
}
