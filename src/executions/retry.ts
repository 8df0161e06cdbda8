import { record } from '#audit/record.ts'
import type { Event } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import type { Plan } from '#engine/plan.ts'
import { cellAt } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import { accept, type Starter, starterOf } from './accept.ts'
import type * as contract from './contract.ts'
import { RESUMED, type Shell } from './shell.ts'
import { demandExecution, history, type Row } from './show.ts'
import { startFor } from './starts.ts'

/** Tries again: from the failed nodes on, or anew. */
export async function retry(shell: Shell, { caller, params, body, reply }: Given<typeof contract.retry>) {
  const row = await demandExecution(shell, caller.workspace, params.id)
  if (body.from === 'start') return startFor(shell, { caller, reply }, () => again(shell, row, body.version, starterOf(caller)))
  if (row.status !== 'failed' && row.status !== 'cancelled')
    throw new Fault('execution.not_failed', {
      message: `Only a failed or cancelled execution can go on; this one is ${row.status}.`,
    })
  const { events, ready } = await history(shell, row)
  const target = body.version === 'live' ? await shell.liveVersion(caller.workspace, row.workflow_id) : ready
  if (target.id !== ready.id) {
    const misfit = misfitOf(target.plan, events)
    if (misfit) throw new Fault('execution.does_not_fit', { message: misfit })
  }
  const { world } = shell
  const now = world.clock.now()
  const revived: Event = {
    type: 'revived',
    at: now,
    by: caller.user.email,
    ...(target.id === ready.id ? {} : { version: target.id }),
  }
  await world.db.transaction().execute(async trx => {
    const { numUpdatedRows } = await trx
      .updateTable('executions')
      .set(it => ({
        status: 'queued',
        ended_at: null,
        failure: null,
        cancelled_by: null,
        seq: it('seq', '+', 1),
        epoch: it('epoch', '+', 1),
        deaths: 0,
        due_at: now,
        version: target.number,
      }))
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .where('seq', '=', row.seq)
      .where('ended_at', 'is not', null)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n)
      throw new Fault('execution.not_failed', { message: 'Somebody else was faster: it goes on already.' })
    await trx
      .insertInto('journal')
      .values({ execution_id: row.id, seq: row.seq + 1, events: JSON.stringify([revived]) })
      .execute()
    await record(trx, world, caller, 'execution.retried', { id: row.id, name: row.workflow_id }, { version: target.number })
  })
  shell.hint(row.id, row.lane - RESUMED, row.workspace_id)
  return { executionId: row.id }
}

async function again(shell: Shell, row: Row, version: 'same' | 'live', by: Starter) {
  const { events, ready, state } = await history(shell, row)
  const target = version === 'live' ? await shell.liveVersion(row.workspace_id, row.workflow_id) : ready
  const first = events[0]
  const nodeId = first?.type === 'accepted' ? first.trigger : row.node_id
  if (!target.plan.nodes.some(node => node.id === nodeId))
    throw new Fault('execution.does_not_fit', { message: 'The trigger it began at is not in that version.' })
  const input = await shell.values.read(row.workspace_id, state.input)
  const accepted = await accept(
    shell,
    {
      workspace: row.workspace_id,
      ready: target,
      start: row.start,
      triggerId: row.trigger_id,
      nodeId,
      lane: row.lane,
      parent: null,
      forkedFrom: row.id,
      by,
    },
    input,
  )
  return { executionId: accepted.id }
}

/** Why what has happened cannot have happened in this plan; null when it can. */
export function misfitOf(plan: Plan, events: readonly Event[]): string | null {
  const state = blank(plan)
  for (const event of events) {
    if (event.type === 'accepted' && !plan.nodes.some(node => node.id === event.trigger))
      return 'The trigger it began at is gone.'
    if ('path' in event && event.type !== 'turned') {
      const cell = cellAt(state, event.path)
      if (!cell) return `“${event.path}” has run already and is not there any more.`
      if (cell.is === 'idle' || cell.is === 'out' || cell.is === 'skipped')
        return `“${event.path}” has run already, but in the new version something else comes before it.`
    }
    if (event.type === 'turned' && !state.frames.has(event.path)) return `The turn ${event.path} has no place any more.`
    fold(state, event)
  }
  return null
}
