import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import type { Event, Held, Usage } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { lastOf, type State } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import { iso } from '#http/contract.ts'
import { STATUSES } from './contract.ts'
import { readJournal } from './own.ts'
import type { Ready } from './plans.ts'
import { findExecution } from './queries.ts'
import type { Shell } from './shell.ts'

/** A row of an execution. */
export type Row = Selectable<Tables['executions']>

const FAILURE = z
  .object({ code: z.string(), message: z.string(), path: z.string().optional(), details: z.unknown().optional() })
  .nullable()
const STATUS = z.enum(STATUSES)
/** A larger value is not sent along: it has an address of its own. */
const LARGE = 256 * 1024

/** An execution as a list shows it. */
export const summary = (row: Row) => ({
  id: row.id,
  workflowId: row.workflow_id,
  version: row.version,
  status: STATUS.parse(row.status),
  trigger: row.start,
  triggerId: row.trigger_id,
  parentId: row.parent_id,
  forkedFrom: row.forked_from,
  userId: row.user_id,
  keyId: row.key_id,
  createdAt: iso(row.created_at),
  startedAt: row.started_at === null ? null : iso(row.started_at),
  completedAt: row.ended_at === null ? null : iso(row.ended_at),
  totalNodes: row.total,
  completedNodes: row.done,
  currentNode: row.at_node,
  error: FAILURE.parse(JSON.parse(row.failure ?? 'null')),
})

/** One execution of the workspace. Fails with `execution.not_found`. */
export async function demandExecution({ world }: Pick<Shell, 'world'>, workspace: string, id: string): Promise<Row> {
  const row = await findExecution(world.db, workspace, id)
  if (!row) throw new Fault('execution.not_found')
  return row
}

/** The version an execution goes on with, and everything that has happened to it. */
export async function history(shell: Shell, row: Row): Promise<{ events: Event[]; ready: Ready; state: State }> {
  const events = await readJournal(shell, row.id)
  const ready = await shell.plans.load(row.workspace_id, versionOf(row, events))
  const state = blank(ready.plan)
  for (const event of events) fold(state, event)
  return { events, ready, state }
}

function versionOf(row: Row, events: readonly Event[]): string {
  const last = events.findLast(event => event.type === 'revived' && event.version !== undefined)
  return (last?.type === 'revived' && last.version) || row.version_id
}

/** An execution with what came of it. */
export async function whole(shell: Shell, row: Row) {
  const { events, state } = await history(shell, row)
  const show = (held: Held) => shown(shell, row, held)
  const results: Record<string, unknown> = {}
  for (const cell of state.frames.get('')?.cells ?? [])
    if (cell.is === 'done' && cell.node.loop === null && cell.node.id === row.node_id) continue
    else if (cell.is === 'done') results[cell.node.key] = await show(cell.output)
  return {
    ...summary(row),
    input: await show(state.input),
    results,
    output: await outputOf(shell, row, state),
    usage: used(events.flatMap(event => ('usage' in event ? (event.usage ?? []) : []))),
  }
}

/** What an execution puts out: its answer, or what its last node put out. */
export async function outputOf(shell: Shell, row: Row, state: State): Promise<unknown> {
  const { reply, status } = state
  if (reply) return bodyOf(await shown(shell, row, reply))
  return status === 'completed' ? shown(shell, row, lastOf(state, state.frames.get(''))) : null
}

const bodyOf = (reply: unknown): unknown => (typeof reply === 'object' && reply !== null && 'body' in reply ? reply.body : reply)

/** What the calls of models took together. A price that is not known makes the sum unknown. */
export function used(all: readonly Usage[]) {
  const sum = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0, cost: 0 as number | null }
  for (const { inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0, cost } of all) {
    sum.inputTokens += inputTokens
    sum.outputTokens += outputTokens
    sum.cachedTokens += cachedTokens
    sum.reasoningTokens += reasoningTokens
    sum.cost = sum.cost === null || cost === null ? null : sum.cost + cost
  }
  return { ...sum, cost: sum.cost === null ? null : sum.cost / 1e6 }
}

/** A value as the API shows it. */
export async function shown(shell: Shell, row: Pick<Row, 'id' | 'workspace_id'>, held: Held): Promise<unknown> {
  if ('value' in held) return held.value
  if ('list' in held) {
    const list: unknown[] = []
    for (const one of held.list) list.push(await shown(shell, row, one))
    return list
  }
  if (held.bytes <= LARGE) return shell.values.read(row.workspace_id, held)
  return { $large: { bytes: held.bytes, url: `/api/executions/${row.id}/values/${held.ref}` } }
}
