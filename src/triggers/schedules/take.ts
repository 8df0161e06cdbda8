import type { Statement } from '#executions/run.ts'
import { idOf } from '#ids.ts'
import { type Line, lineOf } from '#triggers/ledger.ts'
import { fireOnce } from '#triggers/origin.ts'
import type { Ahead } from './ahead.ts'
import { cancelOpen } from './cancel.ts'
import type { Ripe, Waker } from './due.ts'
import type { Policy } from './policy.ts'
import type { Due, Slot } from './slots.ts'
import { timesOf } from './times.ts'
import type { Watch } from './watch.ts'

/** Later than this is late. */
const LATE = 5_000
/** So many starts of one trigger wait for those before them. */
const MOST_WAITING = 100

/** The id of what comes of a planned time: whoever does it, and however often, it is the same. */
export const slotId = (prefix: string, { id }: Pick<Waker, 'id'>, at: number): string => idOf(prefix, at, `${id} ${at}`)

/** From one planned time to the next; nothing is written with it when somebody else was faster. */
const onward = ({ shell }: Watch, row: Waker, from: number, to: Slot | null): Statement =>
  shell.sentences.slot(row.id, from, to?.at ?? null, to?.due ?? null)

/** Goes on to another time with a line of the ledger; false when somebody else did. */
export async function passOn(
  watch: Watch,
  row: Waker,
  from: number,
  to: Slot | null,
  line: Omit<Line, 'trigger'>,
): Promise<boolean> {
  const { shell } = watch
  const group = [onward(watch, row, from, to), lineOf(shell, { ...line, trigger: row.id })]
  const outcome = await shell.journal.write(group)
  if (outcome instanceof Error) throw outcome
  return outcome === 'written'
}

/** Notes what was missed and is given up. */
export function giveUp(
  watch: Watch,
  row: Waker,
  from: number,
  to: Slot | null,
  given: NonNullable<Due['given']>,
): Promise<boolean> {
  const { times, orMore, first, last } = given
  const many = times === 1 ? 'One time was' : `${times} times${orMore ? ' or more' : ''} were`
  const when = times === 1 ? `at ${timeText(first)}` : `from ${timeText(first)} to ${timeText(last)}`
  return passOn(watch, row, from, to, {
    id: idOf('fir', last, `${row.id} ${first} missed`),
    slotAt: last,
    outcome: 'skipped',
    times,
    why: { code: 'schedule.missed', message: `${many} missed, ${when}: nobody was there to start it.` },
  })
}

const timeText = (moment: number) => new Date(moment).toISOString()

/** Does what is to be done at a planned time; false when somebody else does. */
export async function takeSlot(
  watch: Watch,
  { row, origin }: Ripe,
  overlap: NonNullable<Policy['overlap']>,
  { slot, next, ahead }: { slot: Slot; next: Slot | null; ahead: Ahead },
): Promise<boolean> {
  const { shell } = watch
  const { open, waiting } = ahead
  const now = shell.world.clock.now()
  const line = { id: slotId('fir', row, slot.at), slotAt: slot.at }
  const before = open.at(-1)
  const input = { value: timesOf(slot.at, now) }
  if (overlap === 'skip' && before !== undefined) {
    const why = { code: 'schedule.overlap', message: `The execution ${before} had not ended.` }
    return passOn(watch, row, slot.at, next, { ...line, outcome: 'skipped', executionId: before, why, input })
  }
  if (overlap === 'queue' && (before !== undefined || waiting > 0)) {
    const full = waiting >= MOST_WAITING
    const message = full ? `${waiting} wait already.` : `It waits until the one before has ended.`
    const why = { code: 'schedule.overlap', message }
    watch.queued.add(row.id)
    return passOn(watch, row, slot.at, next, { ...line, outcome: full ? 'skipped' : 'waiting', why, input })
  }
  if (overlap === 'replace' && before !== undefined && !(await cancelOpen(watch, row, slot.at))) return false
  const id = slotId('exe', row, slot.at)
  try {
    const firing = { input: timesOf(slot.at, now), line: { ...line, ...outcomeOf(now - slot.due) } }
    return (await fireOnce(shell, origin, { ...firing, id, guard: () => onward(watch, row, slot.at, next) })) !== null
  } catch (error) {
    if (!(await isThere(watch, row, id))) throw error
    // It was started before, under a clock that was set back since: once is enough.
    const outcome = await shell.journal.write([onward(watch, row, slot.at, next)])
    if (outcome instanceof Error) throw outcome
    return outcome === 'written'
  }
}

/** How a start is written down that comes so many milliseconds after its time. */
export function outcomeOf(late: number): Pick<Line, 'outcome' | 'why'> {
  if (late <= LATE) return { outcome: 'fired' }
  return { outcome: 'late', why: { code: 'schedule.late', message: `It was started ${spanText(late)} late.` } }
}

function spanText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const parts = {
    d: Math.floor(seconds / 86_400),
    h: Math.floor(seconds / 3600) % 24,
    min: Math.floor(seconds / 60) % 60,
    s: seconds % 60,
  }
  return Object.entries(parts)
    .flatMap(([unit, count]) => (count > 0 ? [`${count} ${unit}`] : []))
    .join(' ')
}

async function isThere({ shell }: Watch, row: Waker, id: string): Promise<boolean> {
  const found = await shell.world.db
    .selectFrom('executions')
    .select('id')
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return found !== undefined
}
