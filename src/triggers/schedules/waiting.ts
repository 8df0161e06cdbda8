import { messageOf } from '#errors.ts'
import { fireOnce, originOf } from '#triggers/origin.ts'
import { type Ahead, aheadOf } from './ahead.ts'
import { type Waker, wakers } from './due.ts'
import { outcomeOf, slotId } from './take.ts'
import { timesOf } from './times.ts'
import type { Watch } from './watch.ts'
import { isLasting } from './work.ts'

/** So many triggers are looked at in one go. */
const PORTION = 200

/** Starts what waits for the end of an earlier start, where that has come; one of each trigger. */
export async function startWaiting(watch: Watch): Promise<void> {
  const { db } = watch.shell.world
  const found = await db
    .selectFrom('fires')
    .innerJoin('triggers', 'triggers.id', 'fires.trigger_id')
    .select('fires.trigger_id')
    .distinct()
    .where('fires.outcome', '=', 'waiting')
    .where('triggers.wakes', '=', 'time')
    .execute()
  const ids = found.map(row => row.trigger_id)
  for (const id of watch.queued) if (!ids.includes(id)) watch.queued.delete(id)
  for (const id of ids) watch.queued.add(id)
  for (let at = 0; at < ids.length; at += PORTION) await startSome(watch, ids.slice(at, at + PORTION))
}

async function startSome(watch: Watch, ids: readonly string[]): Promise<void> {
  const { world } = watch.shell
  const rows = await wakers(world.db).where('triggers.id', 'in', ids).execute()
  for (const id of ids) if (!rows.some(row => row.id === id)) await giveUpWaiting(watch, id, ASLEEP)
  const ahead = new Map<string, Ahead>()
  for (const [workspace, some] of Map.groupBy(rows, row => row.workspace_id))
    for (const [id, it] of await aheadOf(
      watch.shell,
      workspace,
      some.map(row => row.id),
    ))
      ahead.set(id, it)
  const free = rows.filter(row => ahead.get(row.id)?.open.length === 0)
  await Promise.all(free.map(row => startOldest(watch, row)))
}

const ASLEEP = { code: 'trigger.asleep', message: 'The trigger was turned off while this waited.' }

async function startOldest(watch: Watch, row: Waker): Promise<void> {
  const { shell, words } = watch
  const { clock, db } = shell.world
  const line = await db
    .selectFrom('fires')
    .select(['id', 'slot_at'])
    .where('trigger_id', '=', row.id)
    .where('outcome', '=', 'waiting')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!line || line.slot_at === null) return
  const origin = await originOf(shell, row).catch(async error => {
    if (!isLasting(error)) throw error
    await giveUpWaiting(watch, row.id, { code: 'workflow.invalid', message: messageOf(error) })
  })
  if (!origin) return
  const now = clock.now()
  const { outcome, why = null } = outcomeOf(now - line.slot_at)
  const to = { at: now, outcome, why: why && JSON.stringify(why) }
  await fireOnce(shell, origin, {
    input: timesOf(line.slot_at, now),
    // The line is there: the guard makes it this.
    line: { id: line.id, outcome },
    id: slotId('exe', row, line.slot_at),
    guard: execution => words.turn(row.id, line.id, { ...to, execution }),
  })
}

/** A trigger that starts nothing any more does not start what waited either. */
async function giveUpWaiting({ shell }: Watch, trigger: string, why: { code: string; message: string }): Promise<void> {
  await shell.world.db
    .updateTable('fires')
    .set({ outcome: 'skipped', why: JSON.stringify(why) })
    .where('trigger_id', '=', trigger)
    .where('outcome', '=', 'waiting')
    .execute()
}
