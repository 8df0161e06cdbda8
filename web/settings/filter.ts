import { z } from 'zod'
import type { audit } from '#audit/contract.ts'
import type { Reply } from '#http/contract.ts'

/** One line of the audit log. */
export type Entry = Reply<typeof audit>['items'][number]

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** What the audit log is filtered by, as it stands in the address: days, and words as they were typed. Nonsense is left out. */
export const Filter = z.object({
  action: z.string().min(1).max(100).optional().catch(undefined),
  actor: z.string().min(1).max(254).optional().catch(undefined),
  from: Day.optional().catch(undefined),
  to: Day.optional().catch(undefined),
})

/** What the audit log is filtered by. */
export type Filter = { action?: string; actor?: string; from?: string; to?: string }

/** Reads a filter from an address, without what is not set. */
export function filterOf(search: Record<string, unknown>): Filter {
  const { action, actor, from, to } = Filter.parse(search)
  return { ...(action ? { action } : {}), ...(actor ? { actor } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

/** What the call takes for a filter: days become moments of the reader's own zone, the last day included. */
export function queryOf({ action, actor, from, to }: Filter): Record<string, string> {
  return {
    ...(action ? { action } : {}),
    ...(actor ? { actor: actor.trim().toLowerCase() } : {}),
    ...(from ? { from: momentOf(from, 0) } : {}),
    ...(to ? { to: momentOf(to, 1) } : {}),
  }
}

/** Would an entry that has just come be in the filtered list? */
export function matches(entry: Pick<Entry, 'action' | 'actor' | 'at'>, filter: Filter): boolean {
  const { action, actor, from, to } = queryOf(filter)
  if (action && !(action.endsWith('*') ? entry.action.startsWith(action.slice(0, -1)) : entry.action === action)) return false
  if (actor && entry.actor.toLowerCase() !== actor) return false
  return (!from || entry.at >= from) && (!to || entry.at < to)
}

function momentOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}
