import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import { BadTemplate } from '#template/fill.ts'
import { snapshotDraft } from '#workflows/document.ts'
import { findVersion, findWorkflow } from '#workflows/queries.ts'
import { type Accepted, accept, starterOf } from './accept.ts'
import type * as contract from './contract.ts'
import { checkInput } from './input.ts'
import type { Ready } from './plans.ts'
import { findExecution } from './queries.ts'
import type { End } from './run.ts'
import { executionTopic, type Shell } from './shell.ts'
import { demandExecution, type Row, whole } from './show.ts'
import { startFor } from './starts.ts'
import { refuseUnsound } from './unsound.ts'

const MOST_WAITING = 60_000
/** Looked at so often where the end comes from another process. */
const SLOW_LOOK = 500

/** The lanes by the priority of a workflow. */
export const LANES = { interactive: 0, normal: 1, bulk: 2 } as const

/** Starts a workflow by hand or by a program, and waits for its end where that is wanted. */
export async function execute(shell: Shell, { caller, params, body, as, signal, reply }: Given<typeof contract.execute>) {
  const ready = await versionFor(shell, caller.workspace, params.id, body.version)
  const nodeId = body.node === undefined ? shell.startOf(ready, STARTS[caller.kind]) : namedStart(ready, body.node)
  const wanted = {
    workspace: caller.workspace,
    ready,
    start: caller.kind === 'key' ? 'api' : 'manual',
    triggerId: null,
    nodeId,
    lane: caller.kind === 'key' ? LANES[ready.drawn.settings.priority] : LANES.interactive,
    parent: null,
    forkedFrom: null,
    by: starterOf(caller),
  }
  const input = checkInput(ready, nodeId, body.input ?? {}, 'body.input')
  const accepted = await startFor(shell, { caller, reply }, () => accept(shell, wanted, input))
  const patience = body.wait === true ? MOST_WAITING : Number(body.wait ?? 0) * 1000
  if (patience > 0 && (await ended(shell, caller.workspace, accepted, patience - 1_000, signal))) {
    as.status = 200
    return { executionId: accepted.id, ...(await whole(shell, await demandExecution(shell, caller.workspace, accepted.id))) }
  }
  return { executionId: accepted.id }
}

/** People start by hand, programs by a call; where there is only the other, that is meant. */
const STARTS = { session: ['manual', 'api'], key: ['api', 'manual'] } as const

function namedStart({ plan, parts }: Ready, name: string): string {
  const node = plan.nodes.find(one => (one.id === name || one.key === name) && parts.get(one)?.block.start !== undefined)
  if (!node) throw new Fault('workflow.no_trigger', { message: `There is no trigger “${name}”.` })
  return node.id
}

/** The version that was asked for: the live one unless said, and the draft where nothing was published. */
async function versionFor(
  shell: Shell,
  workspace: string,
  id: string,
  wanted: number | 'live' | 'draft' | undefined,
): Promise<Ready> {
  const { db } = shell.world
  const row = await findWorkflow(db, workspace, id)
  if (!row) throw new Fault('workflow.not_found')
  if (row.archived_at !== null) throw new Fault('workflow.archived')
  const number = typeof wanted === 'number' ? wanted : wanted === 'draft' ? null : row.live
  if (number === null) {
    if (wanted === 'live') throw new Fault('workflow.not_published')
    await refuseUnsound(shell.world, workspace, id, row.draft)
    return load(shell, workspace, await snapshotDraft(db, shell.world, workspace, id))
  }
  const version = await findVersion(db, workspace, id, number)
  if (!version) throw new Fault('version.not_found')
  return load(shell, workspace, version.id)
}

/** A version that was stored without having been checked may not be readable. */
async function load(shell: Shell, workspace: string, id: string): Promise<Ready> {
  try {
    return await shell.plans.load(workspace, id)
  } catch (error) {
    if (error instanceof BadTemplate)
      throw new Fault('workflow.invalid', { details: [{ path: error.field, message: error.message }] })
    throw error
  }
}

/** Has it ended in time? Where it runs in this process we are told, else we look. */
async function ended(
  shell: Shell,
  workspace: string,
  { id, run }: Accepted,
  patience: number,
  signal: AbortSignal,
): Promise<boolean> {
  const late = AbortSignal.any([AbortSignal.timeout(Math.max(patience, 0)), signal])
  const gone = new Promise<null>(resolve => late.addEventListener('abort', () => resolve(null)))
  // It is let go of while it waits for something: its end will come from whoever takes it up again.
  if (run && (await Promise.race([run.ended.promise.catch((): End | null => null), gone]))) return true
  return awaitRow(shell, workspace, id, late, row => row.ended_at !== null)
}

/** Waits until an execution stands as it is wanted: told by those who write in this process, and looked for where others do. */
export async function awaitRow(
  shell: Shell,
  workspace: string,
  id: string,
  late: AbortSignal,
  isIt: (row: Row) => boolean | Promise<boolean>,
): Promise<boolean> {
  let wake = () => {}
  const stop = shell.world.feed.listen(executionTopic(id), () => wake())
  late.addEventListener('abort', () => wake())
  try {
    for (;;) {
      const row = await findExecution(shell.world.db, workspace, id)
      if (row && (await isIt(row))) return true
      if (late.aborted || shell.closing) return false
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, SLOW_LOOK)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    stop()
  }
}
