import type { Tables } from '#db/tables.ts'
import type { Event, Held } from '#engine/events.ts'
import { begin as blank } from '#engine/fold.ts'
import { reachable } from '#engine/plan.ts'
import { Fault } from '#errors.ts'
import type { Caller } from '#http/caller.ts'
import { FAILURE } from './ends.ts'
import type { Ready } from './plans.ts'
import { append, makeRun, type Run, type Statement, Taken } from './run.ts'
import type { Shell } from './shell.ts'
import { refsIn } from './values.ts'

type Row = Tables['executions']

/** A person who starts executions, by hand or with a key. */
export type Starter = { user: string | null; key: string | null }

/** The one who calls, as the one who starts. */
export const starterOf = ({ kind, id, user }: Caller): Starter => ({ user: user.id, key: kind === 'key' ? id : null })

/** What is accepted: which version begins at which node, with what. */
export type Wanted = {
  workspace: string
  ready: Ready
  start: string
  triggerId: string | null
  nodeId: string
  lane: number
  parent: { id: string; path: string | null; depth: number } | null
  forkedFrom: string | null
  /** Who starts it, and with which key; nobody where a trigger does. */
  by?: Starter | null
  /** Its id, where that follows from what starts it. */
  id?: string
  /** Written before it, and when it changes nothing, neither is anything else: somebody has started it already. */
  guard?: (id: string) => Statement
  /** What is written with it or not at all. */
  beside?: (id: string) => Statement[]
}

/** A hint that was lost is made good after this long. */
const UNHINTED = 5_000

/** The row of an execution that is accepted now. */
export function acceptedRow(shell: Shell, wanted: Wanted & { owned: boolean }): Row {
  const { ready, parent, owned } = wanted
  const { clock, ids } = shell.world
  const now = clock.now()
  const node = ready.plan.nodes.findIndex(one => one.id === wanted.nodeId)
  return {
    id: wanted.id ?? ids.next('exe'),
    workspace_id: wanted.workspace,
    workflow_id: ready.workflowId,
    version_id: ready.id,
    version: ready.number,
    status: owned ? 'running' : 'queued',
    start: wanted.start,
    trigger_id: wanted.triggerId,
    node_id: wanted.nodeId,
    parent_id: parent?.id ?? null,
    parent_path: parent?.path ?? null,
    depth: parent ? parent.depth + 1 : 0,
    lane: wanted.lane,
    forked_from: wanted.forkedFrom,
    created_at: now,
    started_at: owned ? now : null,
    ended_at: null,
    seq: owned ? 0 : 1,
    epoch: 1,
    owner: owned ? shell.owner : null,
    lease_until: owned ? now + shell.limits.lease : null,
    due_at: now + (owned ? shell.limits.lease : UNHINTED),
    signals: 0,
    deaths: 0,
    cancelled_by: null,
    total: reachable(ready.plan, [node]).size,
    done: 0,
    at_node: null,
    failure: null,
    bytes: 0,
    user_id: wanted.by?.user ?? null,
    key_id: wanted.by?.key ?? null,
  }
}

/** The first event. */
function acceptedEvent(row: Row, input: Held, ready: Ready): Event {
  const { timeout } = ready.drawn.settings
  return {
    type: 'accepted',
    at: row.created_at,
    trigger: row.node_id,
    input,
    deadline: timeout ? row.created_at + timeout : null,
  }
}

/** The first segment of an execution that nobody owns yet. */
export function segmentOf({ sentences }: Shell, row: Row, input: Held, ready: Ready): Statement[] {
  const events = [acceptedEvent(row, input, ready)]
  const values = [...refsIn(events)].map(([hash, bytes]) => sentences.value(row.id, row.workspace_id, hash, bytes))
  return [sentences.segment(row.id, 1, JSON.stringify(events)), ...values]
}

/** An execution that was accepted: it is on disk. Where this process runs it already, `run` is there. */
export type Accepted = { id: string; run: Run | null }

/** Takes an execution: when the promise is kept, it is on disk and will run to its end. */
export async function accept(shell: Shell, wanted: Wanted, input: unknown): Promise<Accepted> {
  const looking = refuseWhenFull(shell, wanted)
  if (looking) await looking
  const going = shell.values.hold(wanted.workspace, input)
  const held = going instanceof Promise ? await going : going
  // Somebody may have been faster meanwhile.
  if (wanted.id !== undefined && shell.runs.has(wanted.id)) throw new Taken()
  if (!shell.hasRoom(wanted.workspace)) return queueUp(shell, wanted, held)
  const row = acceptedRow(shell, { ...wanted, owned: true })
  const run = makeRun(row, wanted.ready, blank(wanted.ready.plan), true)
  shell.runs.set(run.id, run)
  append(run, acceptedEvent(row, held, wanted.ready))
  run.guard = wanted.guard?.(run.id) ?? null
  run.extra.push(...(wanted.beside?.(run.id) ?? []))
  shell.advance(run)
  await run.begun.promise
  return { id: run.id, run }
}

/** The same, for what may have been started already: null where it was. */
export async function acceptOnce(
  shell: Shell,
  wanted: Wanted & Required<Pick<Wanted, 'guard'>>,
  input: unknown,
): Promise<Accepted | null> {
  if (wanted.id !== undefined && shell.runs.has(wanted.id)) return null
  try {
    return await accept(shell, wanted, input)
  } catch (error) {
    if (error instanceof Taken) return null
    throw error
  }
}

async function queueUp(shell: Shell, wanted: Wanted, held: Held): Promise<Accepted> {
  const row = acceptedRow(shell, { ...wanted, owned: false })
  const outcome = await shell.journal.write([
    ...(wanted.guard ? [wanted.guard(row.id)] : []),
    shell.sentences.insert(row),
    ...segmentOf(shell, row, held, wanted.ready),
    ...(wanted.beside?.(row.id) ?? []),
  ])
  if (outcome instanceof Error) throw outcome
  if (outcome === 'left out') throw new Taken()
  shell.load.queued(row.workspace_id)
  shell.hint(row.id, row.lane, row.workspace_id)
  return { id: row.id, run: null }
}

/** Refused before it is accepted, never after; a promise where it must be looked up first. */
function refuseWhenFull(shell: Shell, { workspace, start, forkedFrom }: Wanted): undefined | Promise<void> {
  if (shell.closing) throw new Fault('server.stopping', { retryAfter: 5 })
  if (shell.journal.waiting() > shell.limits.writes || shell.queue.waiting() > shell.limits.backlog)
    throw new Fault('execution.backlog', { retryAfter: 2 })
  // What mends work that was accepted before is part of it.
  return start === FAILURE || forkedFrom !== null ? undefined : shell.load.demand(workspace)
}
