import { recordOwn } from '#audit/record.ts'
import { signal } from '#executions/queries.ts'
import { RESUMED } from '#executions/shell.ts'
import { ownerOf, type Waker } from './due.ts'
import type { Watch } from './watch.ts'

/**
 * Asks for the end of everything that the trigger has started, as long as a planned time is the one that comes next: only then is what
 * is open from before it. False when somebody else has gone on to another time.
 */
export async function cancelOpen({ shell }: Watch, row: Waker, slot: number): Promise<boolean> {
  const { world } = shell
  const by = `The schedule of “${row.name}”`
  const cancelled = await world.db.transaction().execute(async trx => {
    // Holds the trigger's row until this is written.
    const { numUpdatedRows } = await trx
      .updateTable('triggers')
      .set({ slot_at: slot })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .where('slot_at', '=', slot)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return null
    const open = await trx
      .selectFrom('executions')
      .select(['id', 'workflow_id'])
      .where('workspace_id', '=', row.workspace_id)
      .where('trigger_id', '=', row.id)
      .where('ended_at', 'is', null)
      .where('status', 'in', ['queued', 'running', 'paused'])
      .where('cancelled_by', 'is', null)
      .execute()
    for (const { id, workflow_id } of open) {
      await signal(trx, row.workspace_id, id, world.clock.now(), { cancelled_by: by })
      await recordOwn(trx, world, ownerOf(row), 'execution.cancelled', { id, name: workflow_id })
    }
    return open
  })
  for (const { id } of cancelled ?? []) shell.hint(id, -RESUMED, row.workspace_id)
  return cancelled !== null
}
