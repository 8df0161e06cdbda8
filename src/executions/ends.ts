import { happeningOf, spread } from '#audit/happen.ts'
import type { Tables } from '#db/tables.ts'
import type { Failure } from '#engine/events.ts'
import { iso } from '#http/contract.ts'
import { earsOf } from './ears.ts'
import type { Run, Statement } from './run.ts'
import type { Shell } from './shell.ts'

/** What starts an error workflow, and the name of the happening that wants it: without a dot, so that nobody can listen to it. */
export const FAILURE = 'failure'

/** How an execution ended, as far as others want to know. */
type Ended = {
  row: Tables['executions']
  status: 'completed' | 'failed'
  failure: Failure | null
  version: number | null
  name: string
  /** The workflow that its own names for when it fails. */
  own: string | undefined
}

/** Lets those hear of the ends of executions who listen, and error workflows be started. */
export function tellEnds(shell: Shell): void {
  shell.ending.push(run => endOf(shell, run))
}

function endOf(shell: Shell, { row, ready, state }: Run): Statement[] {
  const { status, failure } = state
  if (status !== 'completed' && status !== 'failed') return []
  const { name, settings } = ready.drawn
  return toldOf(shell, { row, status, failure, version: ready.number, name, own: settings.onFailure })
}

/** What is written together with the end of an execution. */
export function toldOf(shell: Shell, ended: Ended): Statement[] {
  const { row, status } = ended
  const name = `execution.${status}` as const
  const told = earsOf(shell).hear(row.workspace_id, name)
    ? [shell.sentences.happen(rowOf(shell, ended, name, dataOf(shell, ended)))]
    : []
  // An error workflow that fails starts no other one.
  if (status === 'failed' && row.start !== FAILURE) told.push(wantFailure(shell, ended))
  if (told.length > 0) spread(shell.world)
  return told
}

const rowOf = ({ world }: Shell, { row }: Ended, name: string, data: unknown) =>
  happeningOf(world, { workspace: row.workspace_id, name, data, after: { execution: row.id, depth: row.depth } })

/** Where its workflow names none, it is written only if its workspace does. */
function wantFailure(shell: Shell, ended: Ended): Statement {
  const { row, own } = ended
  const { executionId, workflowId, workflowName, version, trigger, startedAt, completedAt, error } = dataOf(shell, ended)
  const url = `${shell.world.place()}/execution/${executionId}`
  const execution = { id: executionId, url, workflowId, workflowName, version, trigger, startedAt, completedAt }
  const wanted = rowOf(shell, ended, FAILURE, { workflow: own ?? null, input: { execution, error } })
  return own === undefined ? shell.sentences.failed(wanted, row.workspace_id) : shell.sentences.happen(wanted)
}

const dataOf = ({ world }: Shell, { row, status, failure, version, name }: Ended) => ({
  executionId: row.id,
  workflowId: row.workflow_id,
  workflowName: name,
  version,
  status,
  trigger: row.start,
  startedAt: iso(row.started_at ?? row.created_at),
  completedAt: iso(world.clock.now()),
  error: failure ? { code: failure.code, message: failure.message, node: failure.path ?? null } : null,
})
