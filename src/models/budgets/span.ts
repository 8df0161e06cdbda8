import { z } from 'zod'
import { PERIODS } from './contract.ts'

/** One of the spans of a budget: its name, the days of it (in UTC), and when it is over. */
export type Span = { name: string; days: { first: string; last: string } | null; end: number | null }

const PERIOD = z.enum(PERIODS)

/** The span of a period that a moment falls into. */
export function spanOf(period: string, now: number, execution: string): Span {
  const kind = PERIOD.parse(period)
  if (kind === 'execution') return { name: execution, days: null, end: null }
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (kind === 'day') {
    const day = textOf(now)
    return { name: day, days: { first: day, last: day }, end: Date.UTC(year, month, date.getUTCDate() + 1) }
  }
  const end = Date.UTC(year, month + 1, 1)
  const days = { first: textOf(Date.UTC(year, month, 1)), last: textOf(end - 1) }
  return { name: days.first.slice(0, 7), days, end }
}

const textOf = (time: number) => new Date(time).toISOString().slice(0, 10)
