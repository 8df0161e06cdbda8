import { z } from 'zod'
import type { Event, Held } from '#engine/events.ts'
import { type Cell, cellAt, pathOf } from '#engine/state.ts'
import { messageOf } from '#errors.ts'
import { waitId } from './pause.ts'
import { append, type Run } from './run.ts'
import type { Shell } from './shell.ts'

/** What was heard by a wait, as it stands in its row. */
export type Heard =
  | { is: 'outlet'; outlet: string; output: Held }
  | { is: 'failure'; code: string; message: string; details?: unknown }
  | { is: 'permission'; allowed: boolean; by: string; comment: string }
  | { is: 'answer'; answer: 'happened' | 'repeat' | 'fail'; by: string; output: Held }

const HEARD = z.custom<Heard>(value => typeof value === 'object' && value !== null && 'is' in value)

/** Puts into words what a wait has heard. */
export const heardText = (heard: Heard): string => JSON.stringify(heard)

/** Listens: what was sent to an execution that we own, and whether somebody has waited long enough. Then it goes on. */
export async function listen(shell: Shell, run: Run): Promise<void> {
  if (run.gone || run.listening) return
  run.listening = true
  try {
    await expire(shell, run)
    if (run.row.signals !== run.heard || (await hasSignals(shell, run))) await hear(shell, run)
  } catch (error) {
    shell.world.log.warn({ execution: run.id, err: error }, `what was sent could not be read: ${messageOf(error)}; trying again`)
    setTimeout(() => shell.listen(run), 1_000).unref()
  } finally {
    run.listening = false
  }
  shell.advance(run)
}

async function hasSignals({ world }: Shell, run: Run): Promise<boolean> {
  const row = await world.db
    .selectFrom('executions')
    .select(['signals', 'cancelled_by'])
    .where('workspace_id', '=', run.workspace)
    .where('id', '=', run.id)
    .executeTakeFirst()
  if (!row) return false
  run.row.signals = row.signals
  run.row.cancelled_by = row.cancelled_by
  return row.signals !== run.heard || row.cancelled_by !== null
}

/** Takes everything that was sent into the journal. */
export async function hear(shell: Shell, run: Run): Promise<void> {
  const { signals } = run.row
  const rows = await shell.world.db
    .selectFrom('waits')
    .select(['id', 'path', 'heard'])
    .where('workspace_id', '=', run.workspace)
    .where('execution_id', '=', run.id)
    .where('taken', '=', 0)
    .where('heard_at', 'is not', null)
    .execute()
  if (run.gone || run.state.status !== 'running') return
  run.heard = signals
  for (const row of rows) {
    const cell = cellAt(run.state, row.path)
    const heard = HEARD.parse(JSON.parse(row.heard ?? 'null'))
    const events = cell && eventsOf(shell, cell, heard)
    if (!events) continue
    for (const [at, event] of events.entries()) append(run, event, at === 0 ? [shell.sentences.take(run.id, row.id)] : [])
  }
  if (run.row.cancelled_by !== null) shell.cancel(run)
}

/** Null for what comes too early: its node does not wait yet. */
function eventsOf(shell: Shell, cell: Cell, heard: Heard): Event[] | null {
  const at = shell.world.clock.now()
  const path = pathOf(cell)
  const { attempt } = cell
  if (heard.is === 'answer') {
    if (cell.is !== 'asking') return null
    const { answer, by, output } = heard
    const answered: Event = { type: 'answered', at, path, answer, by }
    return answer === 'happened'
      ? [answered, { type: 'done', at, from: at, path, attempt: attempt + 1, outlet: 'main', output }]
      : [answered]
  }
  if (cell.is !== 'suspended') return null
  if (heard.is === 'permission') return cell.wait?.kind === 'permission' ? [permitted(heard, path, attempt, at)] : null
  if (heard.is === 'outlet') return [{ type: 'done', at, from: at, path, attempt, outlet: heard.outlet, output: heard.output }]
  const { code, message, details } = heard
  return [{ type: 'failed', at, from: at, path, attempt, failure: { code, message, details }, retryAt: null }]
}

function permitted(
  { allowed, by, comment }: Extract<Heard, { is: 'permission' }>,
  path: string,
  attempt: number,
  at: number,
): Event {
  if (allowed) return { type: 'allowed', at, path, by }
  const message = `${by} did not allow it${comment === '' ? '.' : `: ${comment}`}`
  return { type: 'failed', at, from: at, path, attempt, failure: { code: 'node.not_allowed', message }, retryAt: null }
}

/** Times that are over. Where a person or a program might still be faster, whoever writes first has it. */
async function expire(shell: Shell, run: Run): Promise<void> {
  const now = shell.world.clock.now()
  const over: Cell[] = []
  for (const frame of run.state.frames.values())
    for (const cell of frame.cells)
      if (cell.is === 'suspended' && cell.wait && cell.wait.until !== null && cell.wait.until <= now) over.push(cell)
  for (const cell of over) {
    if (cell.wait?.kind === 'time') {
      if (cell.is !== 'suspended') continue
      const output: Held = { value: { until: new Date(cell.wait.until ?? now).toISOString() } }
      append(run, { type: 'done', at: now, from: now, path: pathOf(cell), attempt: cell.attempt, outlet: 'main', output })
    } else await giveUp(shell, run, cell, now)
  }
}

async function giveUp({ world }: Shell, run: Run, cell: Cell, now: number): Promise<void> {
  const heard = heardText({ is: 'outlet', outlet: 'expired', output: { value: { expiredAt: new Date(now).toISOString() } } })
  await world.db
    .updateTable('waits')
    .set({ heard_at: now, heard })
    .where('workspace_id', '=', run.workspace)
    .where('id', '=', waitId(run.id, pathOf(cell)))
    .where('heard_at', 'is', null)
    .execute()
  // Whoever was faster has sent a signal as well; ours is heard in any case.
  run.heard = -1
}
