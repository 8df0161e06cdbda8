import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

/** Room is looked for again after this long. */
const PAUSE = 500

/** Holds what a node has made. Where the disk has no room for it, it is kept in memory until there is: what was done outside must not be lost. */
export function holdMade(shell: Shell, run: Run, value: unknown): Held | Promise<Held> {
  const going = shell.values.hold(run.workspace, value)
  return going instanceof Promise ? going.catch(error => again(shell, run, value, error)) : going
}

async function again(shell: Shell, run: Run, value: unknown, first: unknown): Promise<Held> {
  for (let error = first; ; ) {
    if (!(error instanceof Fault) || error.code !== 'storage.full') throw error
    // Nobody hears of it any more; whoever goes on with the execution finds it as after a crash.
    if (run.gone || shell.closing) return new Promise(() => {})
    await shell.pause(PAUSE)
    try {
      return await shell.values.hold(run.workspace, value)
    } catch (next) {
      error = next
    }
  }
}

/** What is sent to an execution and stands apart belongs to it from the moment on that it is sent, also where it is heard much later. */
export async function keepSent(trx: Kysely<Tables>, workspace: string, execution: string, sent: Held): Promise<void> {
  if (!('ref' in sent)) return
  await trx
    .insertInto('held_values')
    .values({ execution_id: execution, workspace_id: workspace, hash: sent.ref, bytes: sent.bytes })
    .onConflict(it => it.columns(['execution_id', 'hash']).doNothing())
    .execute()
}
