import { messageOf } from '#errors.ts'
import { armTriggers } from '#workflows/versions/arm.ts'
import { wakers } from './due.ts'
import type { Watch } from './watch.ts'
import { doAll } from './work.ts'

/** So many are looked at in one go. */
const PORTION = 200

type Place = { due: number; id: string }

/** Starts what is due, oldest first. It proposes; whoever moves a trigger on to its next time has done it. */
export async function sweep(watch: Watch): Promise<void> {
  const { world } = watch.shell
  const now = world.clock.now()
  const troubles: unknown[] = []
  for (let after: Place | null = null; !watch.shell.closing; ) {
    const found: Place[] = await findDue(watch, now, after)
    if (found.length === 0) break
    const ids = found.map(({ id }) => id)
    const rows = await wakers(world.db).where('triggers.id', 'in', ids).execute()
    for (const id of ids) if (!rows.some(row => row.id === id)) await layDown(watch, id)
    troubles.push(...(await doAll(watch, rows, now)))
    after = found.at(-1) ?? null
    if (found.length < PORTION) break
  }
  if (troubles.length === 0) return
  throw new AggregateError(troubles, `${troubles.length} schedules could not be started: ${messageOf(troubles[0])}`)
}

async function findDue({ shell }: Watch, now: number, after: Place | null): Promise<Place[]> {
  let query = shell.world.db.selectFrom('triggers').select(['id', 'due_at']).where('due_at', '<=', now)
  if (after)
    query = query.where(it =>
      it.or([it('due_at', '>', after.due), it.and([it('due_at', '=', after.due), it('id', '>', after.id)])]),
    )
  const rows = await query.orderBy('due_at').orderBy('id').limit(PORTION).execute()
  return rows.map(row => ({ id: row.id, due: row.due_at ?? now }))
}

/** One that is due and may not start anything was put to sleep in between; where it was not, it is now. */
async function layDown({ shell }: Watch, id: string): Promise<void> {
  const { db } = shell.world
  const row = await db
    .selectFrom('triggers')
    .select(['workspace_id', 'workflow_id'])
    .where('id', '=', id)
    .where('due_at', 'is not', null)
    .executeTakeFirst()
  if (row) await armTriggers(db, shell.world, row.workspace_id, row.workflow_id)
}
