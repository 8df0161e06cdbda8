import { setImmediate } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Library } from '#sdk/library.ts'
import { dueAt, nextSlot } from '#workflows/versions/arm.ts'
import type { Policy } from './policy.ts'

/** A planned time, and when somebody looks at it. */
export type Slot = { at: number; due: number }

type Row = Pick<Selectable<Tables['triggers']>, 'id' | 'block' | 'block_version' | 'params' | 'zone' | 'armed_at'>

/** The planned times of a trigger, one after the other; null where its block does not know them any more. */
export type Timetable = (after: number, notBefore?: number) => Slot | null

/** Reads the times of a trigger, as publishing plans them. */
export function timetableOf(library: Library, row: Row): Timetable | null {
  const block = library.find(row.block, row.block_version)
  if (block?.start?.by !== 'time' || !block.input.safeParse(JSON.parse(row.params)).success) return null
  return (after, notBefore = 0) => {
    const at = nextSlot(library, row, after, row.armed_at ?? after)
    // What chance adds never lets a time come before an earlier one.
    return at === null ? null : { at, due: Math.max(dueAt(row, at), notBefore) }
  }
}

/** A time that nobody has looked at for longer than this was missed. */
const PATIENCE = 60_000
/** So many may come within that. */
const RECENT = 100
/** So many are counted one by one; what comes every second has more in a night. */
const COUNTED = 500
/** Others are let in after so many: each takes some hundred microseconds. */
const BREATH = 100

/** What has come: the times to run, in their order, those that are given up, and the one that is planned next. */
export type Due = {
  run: Slot[]
  given: { times: number; orMore: boolean; first: number; last: number } | null
  next: Slot | null
}

/** Looks from the time that is planned up to now, and does with what was missed as the policy says. */
export async function dueSlots(first: Slot, timetable: Timetable, { missed, missedMost }: Policy, now: number): Promise<Due> {
  const most = RECENT + (missed === 'all' ? missedMost : 1)
  const { slots, count, orMore, next } = await gather(first, timetable, now, most + 1)
  const kept = slots.findIndex(slot => slot.due >= now - PATIENCE)
  const gone = kept === -1 ? slots.length : kept
  // What comes in time stands for what was missed before it.
  const madeUp = { skip: 0, once: gone < slots.length ? 0 : 1, all: missedMost }[missed]
  const from = Math.max(gone - madeUp, slots.length - most, 0)
  const times = count - (slots.length - from)
  const last = slots[from - 1]?.at ?? first.at
  return { run: slots.slice(from), given: times > 0 ? { times, orMore, first: first.at, last } : null, next }
}

type Gathered = { slots: Slot[]; count: number; orMore: boolean; next: Slot | null }

/** The newest of the times that have come, and how many there are. */
async function gather(first: Slot, timetable: Timetable, now: number, most: number): Promise<Gathered> {
  const slots: Slot[] = []
  let slot: Slot | null = first
  let count = 0
  for (; slot !== null && slot.due <= now && count < Math.max(COUNTED, most); slot = timetable(slot.at, slot.due)) {
    slots.push(slot)
    if (slots.length > most) slots.shift()
    count += 1
    if (count % BREATH === 0) await setImmediate()
  }
  if (slot === null || slot.due > now) return { slots, count, orMore: false, next: slot }
  return { ...(await fromBehind(timetable, now, most)), count, orMore: true }
}

/** The newest times where there are too many to count: found by looking back from now, each time twice as far. */
async function fromBehind(timetable: Timetable, now: number, most: number): Promise<Pick<Gathered, 'slots' | 'next'>> {
  for (let back = 1_000; ; back *= 2) {
    const slots: Slot[] = []
    let slot = timetable(now - back)
    for (; slot !== null && slot.due <= now; slot = timetable(slot.at, slot.due)) {
      slots.push(slot)
      if (slots.length % BREATH === 0) await setImmediate()
    }
    if (slots.length >= most) return { slots: slots.slice(-most), next: slot }
  }
}
