import type { Event, Held } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { type Cell, cellAt, type State } from '#engine/state.ts'
import { messageOf } from '#errors.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type * as contract from './contract.ts'
import { readJournal } from './own.ts'
import type { Ready } from './plans.ts'
import { scopeOf } from './scope.ts'
import type { Shell } from './shell.ts'
import { demandExecution, type Row, shown, used } from './show.ts'

type Told = {
  event: ToldEvent | Closed
  cell: Cell
  /** The input, worked out again from what the node saw: it is a function of that. */
  input: unknown
}

/** What the nodes did, entry by entry. */
export async function logs(shell: Shell, { caller, params, query }: Given<typeof contract.logs>) {
  const row = await demandExecution(shell, caller.workspace, params.id)
  const from = Number(query.cursor ?? 0)
  const told = await retell(shell, row, from, from + query.limit)
  const items = await Promise.all(told.entries.map((one, at) => entry(shell, row, one, from + at + 1)))
  return { items, next: told.more ? String(from + query.limit) : null }
}

/** Goes through the journal once more and stops at each thing that belongs into the log. */
async function retell(shell: Shell, row: Row, from: number, to: number): Promise<{ entries: Told[]; more: boolean }> {
  const events = await readJournal(shell, row.id)
  let ready = await shell.plans.load(row.workspace_id, row.version_id)
  let state = blank(ready.plan)
  const entries: Told[] = []
  let count = 0
  const open = new Map<string, { cell: Cell; from: number }>()
  for (const [at, event] of events.entries()) {
    if (event.type === 'revived' && event.version !== undefined) {
      ready = await shell.plans.load(row.workspace_id, event.version)
      state = blank(ready.plan)
      for (const earlier of events.slice(0, at)) fold(state, earlier)
    }
    const cell = isTold(event) ? cellAt(state, event.path) : undefined
    if (cell && isTold(event)) {
      if (count >= to) return { entries, more: true }
      if (count >= from) entries.push({ event, cell, input: await inputAgain(shell, row, ready, state, cell, event) })
      count += 1
    }
    fold(state, event)
    if (event.type === 'opened' && cell) open.set(event.path, { cell, from: event.at })
    for (const [path, { cell: container, from: began }] of open) {
      if (container.is === 'open' || (event.type === 'revived' && container.is === 'failed')) continue
      open.delete(path)
      if (count >= to) return { entries, more: true }
      const closed = { type: 'closed' as const, at: event.at, from: began, path, done: container.is === 'done' }
      if (count >= from) entries.push({ event: closed, cell: container, input: null })
      count += 1
    }
  }
  return { entries, more: false }
}

/** A container whose turns are over; there is no event of it, because it follows from the last turn. */
type Closed = { type: 'closed'; at: number; from: number; path: string; done: boolean }
type ToldEvent = Exclude<Extract<Event, { path: string }>, { type: 'turned' | 'started' }>
const isTold = (event: Event): event is ToldEvent => 'path' in event && event.type !== 'turned' && event.type !== 'started'

async function inputAgain(shell: Shell, row: Row, ready: Ready, state: State, cell: Cell, event: Event): Promise<unknown> {
  const part = ready.parts.get(cell.node)
  if (!part || part.block.start !== undefined) return null
  if (!part.filler) return part.constant
  // What answers a wait has no input of its own: it was there when the wait began.
  const from = 'from' in event ? event.from : event.at
  try {
    const scope = await scopeOf(
      shell,
      { id: row.id, workspace: row.workspace_id, row, ready, state },
      cell.frame,
      part.filler.roots,
      from,
    )
    return { ...Object(part.filler.fill(scope)), ...part.raw }
  } catch (error) {
    return { $unreadable: messageOf(error) }
  }
}

/** What was put out; of a container that goes on, what it said. */
async function outputIn(show: (held: Held) => Promise<unknown>, it: Told['event'], cell: Cell): Promise<unknown> {
  if (it.type === 'done') return show(it.output)
  if (it.type === 'called') return show(it.said)
  return it.type === 'closed' && it.done ? show(cell.output) : null
}

const STATUS = {
  done: 'completed',
  failed: 'failed',
  suspended: 'waiting',
  opened: 'running',
  called: 'running',
  allowed: 'running',
  asked: 'asking',
  answered: 'running',
  closed: 'completed',
} as const

async function entry(shell: Shell, row: Row, { event: it, cell, input }: Told, seq: number) {
  const show = (held: Held) => shown(shell, row, held)
  const from = 'from' in it ? it.from : it.at
  const usage = 'usage' in it ? it.usage : undefined
  const retrying = it.type === 'failed' && it.retryAt !== null
  return {
    seq,
    nodeId: cell.node.id,
    key: cell.node.key,
    path: it.path,
    attempt: 'attempt' in it ? it.attempt : cell.attempt,
    status: retrying ? ('retrying' as const) : it.type === 'closed' && !it.done ? ('failed' as const) : STATUS[it.type],
    cached: it.type === 'done' && it.cached === true,
    outlet: it.type === 'done' ? it.outlet : null,
    also: it.type === 'done' ? (it.also ?? []) : [],
    input: await show(await shell.values.hold(row.workspace_id, input)),
    output: await outputIn(show, it, cell),
    error: it.type === 'failed' ? it.failure : null,
    lines: 'lines' in it ? (it.lines ?? []) : [],
    partial: 'partial' in it ? (it.partial ?? null) : null,
    startedAt: iso(from),
    completedAt: ['done', 'failed', 'closed'].includes(it.type) ? iso(it.at) : null,
    model: usage?.[0]?.model ?? null,
    usage: usage ? used(usage) : null,
  }
}
