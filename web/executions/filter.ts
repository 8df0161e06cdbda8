import { z } from 'zod'
import { type executions, STATUSES } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'

/** An execution as the list shows it. */
export type Item = Reply<typeof executions>['items'][number]
/** How an execution can stand. */
export type Status = Item['status']

/** What can start an execution, as it is written in its `trigger`. */
export const STARTS = ['manual', 'api', 'webhook', 'schedule', 'event', 'form', 'chat', 'fork', 'workflow', 'mcp'] as const

const Filter = z.object({
  workflow: z.string().min(1).max(64).optional().catch(undefined),
  status: z.enum(STATUSES).optional().catch(undefined),
  trigger: z.string().min(1).max(32).optional().catch(undefined),
  dead: z.coerce.boolean().optional().catch(undefined),
})

/** What the list is narrowed by, as it stands in the address. */
export type Filter = { workflow?: string; status?: Status; trigger?: string; dead?: true }

/** Reads a filter from an address; nonsense is left out. */
export function filterOf(search: Record<string, unknown>): Filter {
  const { workflow, status, trigger, dead } = Filter.parse(search)
  return {
    ...(workflow ? { workflow } : {}),
    ...(status ? { status } : {}),
    ...(trigger ? { trigger } : {}),
    ...(dead ? { dead } : {}),
  }
}

/** What of an execution an address names: a node, and another execution to compare it with. */
export const viewOf = ({ node, with: other }: Record<string, unknown>): { node?: string | undefined; with?: string } => ({
  ...(typeof node === 'string' ? { node: node.slice(0, 100) } : {}),
  ...(typeof other === 'string' ? { with: other.slice(0, 64) } : {}),
})

/** What the call takes for a filter. */
export const queryOf = ({ workflow, status, trigger, dead }: Filter): Record<string, string> => ({
  ...(workflow ? { workflowId: workflow } : {}),
  ...(status ? { status } : {}),
  ...(trigger ? { trigger } : {}),
  ...(dead ? { dead: 'true' } : {}),
})

/** The list with what is new: each execution once, as it was read last, newest first. */
export function joined(fresh: readonly Item[], known: readonly Item[], isOpenEnded: boolean): { items: Item[]; gap: boolean } {
  const byId = new Map(known.map(item => [item.id, item]))
  const oldest = fresh.at(-1)
  // Where nothing of the newest page is known, there may be more between it and what is.
  const gap = isOpenEnded && known.length > 0 && oldest !== undefined && !fresh.some(item => byId.has(item.id))
  const inFresh = new Set(fresh.map(item => item.id))
  // What the newest page reaches over and does not name is no longer in this list: it ended, or was deleted.
  const rest = known.filter(item => !inFresh.has(item.id) && (isOpenEnded ? oldest !== undefined && item.id < oldest.id : false))
  return { items: [...fresh, ...rest], gap }
}

/** Has it ended? */
export const isOver = (status: Status): boolean => status === 'completed' || status === 'failed' || status === 'cancelled'

/** Milliseconds that it took, or has taken until now; null before it began. */
export function tookOf({ startedAt, completedAt }: Pick<Item, 'startedAt' | 'completedAt'>, now: number): number | null {
  if (startedAt === null) return null
  return Math.max(0, (completedAt === null ? now : Date.parse(completedAt)) - Date.parse(startedAt))
}
