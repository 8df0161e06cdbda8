import { Readable } from 'node:stream'
import { Fault } from '#errors.ts'
import { pageOf } from '#http/contract.ts'
import { type Frame, serve } from '#http/serve.ts'
import { cancel } from './cancel.ts'
import * as it from './contract.ts'
import { approval, approvals, decideApproval } from './decide.ts'
import { execute } from './execute.ts'
import { fork } from './fork.ts'
import { logs } from './log.ts'
import { listExecutions } from './queries.ts'
import { retry } from './retry.ts'
import type { Shell } from './shell.ts'
import { demandExecution, history, summary, whole } from './show.ts'
import { executionEvents } from './stream.ts'
import { routes as usage } from './usage/routes.ts'

/** Every endpoint of executions. */
export function routes(frame: Frame, shell: Shell): void {
  usage(frame, shell.world)
  serve(frame, it.execute, given => execute(shell, given))
  serve(frame, it.executions, async ({ caller, query }) => {
    const { items, next } = pageOf(await listExecutions(shell.world.db, caller.workspace, query), query.limit)
    return { items: items.map(summary), next }
  })
  serve(frame, it.execution, async ({ caller, params }) =>
    whole(shell, await demandExecution(shell, caller.workspace, params.id)),
  )
  serve(frame, it.logs, given => logs(shell, given))
  serve(frame, it.logsOf, given => logs(shell, given))
  serve(frame, it.executionEvents, given => executionEvents(shell, given))
  serve(frame, it.executionWorkflow, async ({ caller, params }) => {
    const row = await demandExecution(shell, caller.workspace, params.id)
    return (await history(shell, row)).ready.drawn
  })
  serve(frame, it.executionValue, async ({ caller, params }) => ({
    stream: Readable.from([await jsonOf(shell, caller.workspace, params.id, params.hash)]),
    headers: { 'cache-control': 'private, max-age=86400, immutable' },
  }))
  serve(frame, it.cancel, given => cancel(shell, given))
  serve(frame, it.retry, given => retry(shell, given))
  serve(frame, it.fork, given => fork(shell, given))
  serve(frame, it.approvals, given => approvals(shell, given))
  serve(frame, it.approval, given => approval(shell, given))
  serve(frame, it.decide, given => decideApproval(shell, given))
}

/** A value that belongs to the execution, and not to another one whose hash somebody knows. */
async function jsonOf(shell: Shell, workspace: string, id: string, hash: string): Promise<string> {
  const row = await shell.world.db
    .selectFrom('held_values')
    .select('hash')
    .where('workspace_id', '=', workspace)
    .where('execution_id', '=', id)
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!row) throw new Fault('execution.not_found')
  return shell.values.text(workspace, hash)
}
