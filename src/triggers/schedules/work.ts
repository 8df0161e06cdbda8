import { Fault, messageOf } from '#errors.ts'
import { BadTemplate } from '#template/fill.ts'
import { type Origin, originOf } from '#triggers/origin.ts'
import { type Ahead, aheadOf } from './ahead.ts'
import type { Waker } from './due.ts'
import { pause } from './pause.ts'
import { type Policy, policyOf } from './policy.ts'
import { dueSlots, type Slot, timetableOf } from './slots.ts'
import { giveUp, passOn, slotId, takeSlot } from './take.ts'
import type { Watch } from './watch.ts'

/** A trigger with the times that are to be run, in their order, and the one that follows them. */
type Work = { row: Waker; origin: Origin; overlap: NonNullable<Policy['overlap']>; run: Slot[]; next: Slot | null }

/** Does what is due of several triggers; what went wrong is answered, so that one of them does not hold up the others. */
export async function doAll(watch: Watch, rows: readonly Waker[], now: number): Promise<unknown[]> {
  const prepared = await Promise.allSettled(rows.map(row => prepare(watch, row, now)))
  const works = prepared.flatMap(one => (one.status === 'fulfilled' && one.value ? [one.value] : []))
  const ahead = await aheadOfAll(watch, works)
  const done = await Promise.allSettled(works.map(work => runAll(watch, work, ahead.get(work.row.id))))
  return [...prepared, ...done].flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
}

/** Finds out what is to be run, and notes what is not. Null where nothing is. */
async function prepare(watch: Watch, row: Waker, now: number): Promise<Work | null> {
  if (row.slot_at === null || row.due_at === null) return null
  const policy = policyOf(row.params)
  if (policy.pauseAfter > 0 && row.failures >= policy.pauseAfter) {
    await pause(watch, row, policy)
    return null
  }
  const timetable = timetableOf(watch.shell.world.library, row)
  if (!timetable) {
    const why = {
      code: 'schedule.unreadable',
      message: 'Its parameters are not understood any more. Publish the workflow again.',
    }
    await passOn(watch, row, row.slot_at, null, { outcome: 'refused', slotAt: row.slot_at, why })
    return null
  }
  const { run, given, next } = await dueSlots({ at: row.slot_at, due: row.due_at }, timetable, policy, now)
  if (given && !(await giveUp(watch, row, row.slot_at, run[0] ?? next, given))) return null
  if (run.length === 0) return null
  try {
    const origin = await originOf(watch.shell, row)
    return { row, origin, overlap: policy.overlap ?? origin.ready.drawn.settings.overlap, run, next }
  } catch (error) {
    if (!isLasting(error)) throw error
    await refuse(watch, row, run, next, messageOf(error))
    return null
  }
}

/** Is it the version itself that cannot be read, today and tomorrow? */
export const isLasting = (error: unknown): boolean =>
  error instanceof BadTemplate || (error instanceof Fault && error.status < 500)

async function refuse(watch: Watch, row: Waker, run: Slot[], next: Slot | null, message: string): Promise<void> {
  for (const [at, slot] of run.entries()) {
    const line = { id: slotId('fir', row, slot.at), slotAt: slot.at, why: { code: 'workflow.invalid', message } }
    if (!(await passOn(watch, row, slot.at, run[at + 1] ?? next, { ...line, outcome: 'refused' }))) return
  }
}

/** What stands before the first start of each, where that matters. */
async function aheadOfAll({ shell }: Watch, works: readonly Work[]): Promise<Map<string, Ahead>> {
  const all = new Map<string, Ahead>()
  const asked = Map.groupBy(
    works.filter(({ overlap }) => overlap !== 'allow'),
    ({ row }) => row.workspace_id,
  )
  for (const [workspace, some] of asked)
    for (const [id, ahead] of await aheadOf(
      shell,
      workspace,
      some.map(({ row }) => row.id),
    ))
      all.set(id, ahead)
  return all
}

const NOTHING: Ahead = { waiting: 0, open: [] }

async function runAll(watch: Watch, { row, origin, overlap, run, next }: Work, first: Ahead | undefined): Promise<void> {
  for (const [at, slot] of run.entries()) {
    const known = at === 0 || overlap === 'allow' ? first : await lookAhead(watch, row)
    const it = { slot, next: run[at + 1] ?? next, ahead: known ?? NOTHING }
    if (!(await takeSlot(watch, { row, origin }, overlap, it))) return
  }
}

const lookAhead = async ({ shell }: Watch, row: Waker) => (await aheadOf(shell, row.workspace_id, [row.id])).get(row.id)
