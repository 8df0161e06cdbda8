import { record } from '#audit/record.ts'
import type { Given } from '#http/serve.ts'
import type * as contract from './contract.ts'
import { signal } from './queries.ts'
import { RESUMED, type Shell } from './shell.ts'
import { demandExecution, summary } from './show.ts'

/** Asks for the end of an execution; whoever owns it ends it, and at once if that is us. */
export async function cancel(shell: Shell, { caller, params }: Pick<Given<typeof contract.cancel>, 'caller' | 'params'>) {
  const { world } = shell
  const row = await demandExecution(shell, caller.workspace, params.id)
  if (row.ended_at !== null) return summary(row)
  await world.db.transaction().execute(async trx => {
    await signal(trx, caller.workspace, row.id, world.clock.now(), { cancelled_by: caller.user.email })
    await record(trx, world, caller, 'execution.cancelled', { id: row.id, name: row.workflow_id })
  })
  const run = shell.runs.get(row.id)
  shell.hint(row.id, -RESUMED, caller.workspace)
  if (run) await Promise.race([run.ended.promise.catch(() => {}), shell.pause(1_000)])
  else
    for (let look = 0; look < 20 && (await demandExecution(shell, caller.workspace, row.id)).ended_at === null; look += 1)
      await shell.pause(25)
  return summary(await demandExecution(shell, caller.workspace, row.id))
}
