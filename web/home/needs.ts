import type { executions } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import type { triggers } from '#triggers/contract.ts'
import type { Item } from '../workflows/list.ts'

/** An execution as lists tell of it. */
export type Run = Reply<typeof executions>['items'][number]
type Trigger = Reply<typeof triggers>['items'][number]

/** The failures a person should look at: of each workflow the newest, unless it went well since. */
export function unmended(failed: readonly Run[], workflows: readonly Item[]): Run[] {
  const now = new Map(workflows.map(({ id, lastRun }) => [id, lastRun]))
  const seen = new Set<string>()
  return failed.filter(({ id, workflowId }) => {
    if (seen.has(workflowId)) return false
    seen.add(workflowId)
    const last = now.get(workflowId)
    return !last || last.id <= id || last.status !== 'completed'
  })
}

/** What is planned next, the soonest first. */
export const upcoming = (list: readonly Trigger[]) =>
  list
    .flatMap(trigger => (trigger.nextAt !== null && trigger.state === 'on' ? [{ ...trigger, nextAt: trigger.nextAt }] : []))
    .toSorted((one, other) => (one.nextAt < other.nextAt ? -1 : 1))

/** One day of a chart, in parts of its highest bar. */
export type Bar = {
  day: string
  completed: number
  failed: number
  other: number
  tall: { completed: number; failed: number; other: number }
}

type Day = { day: string; completed: number; failed: number; cancelled: number; open: number }

/** Days as bars: the busiest is as tall as the chart, and what happened at all can be seen. */
export function barsOf(days: readonly Day[]): Bar[] {
  const most = Math.max(1, ...days.map(one => one.completed + one.failed + one.cancelled + one.open))
  const part = (many: number) => (many === 0 ? 0 : Math.max(0.02, many / most))
  return days.map(({ day, completed, failed, cancelled, open }) => {
    const other = cancelled + open
    return { day, completed, failed, other, tall: { completed: part(completed), failed: part(failed), other: part(other) } }
  })
}

/** The cost of each of some days, those without any included. */
export const costsOf = (days: readonly string[], lines: readonly { key: string | null; knownCost: number }[]): number[] =>
  days.map(day => lines.find(({ key }) => key === day)?.knownCost ?? 0)

/** Dollars as people write them: small sums keep their first digits. */
export const dollars = (amount: number, language: string): string =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    ...(amount > 0 && amount < 0.1 ? { minimumSignificantDigits: 1, maximumSignificantDigits: 2 } : {}),
  }).format(amount)
