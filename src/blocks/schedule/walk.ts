import { momentsOf, offsetAt, turnBetween } from '#sdk/zone.ts'

/** The next time on a calendar that knows no zones; times are counted as if they were UTC. */
export type Calendar = (after: number) => number | null

/** Clocks are set back by no more than this. */
const FARTHEST = 26 * 3_600_000

/** The first moment at which clocks show this; where they never do, the one at which they jump over it. */
export function firstMoment(zone: string, wall: number): number {
  const { moments, gap } = momentsOf(zone, wall)
  return moments[0] ?? gap
}

/** For fixed times of day: each comes once on its day, the first time that clocks show it or when they jump over it. */
export function nextFixed(calendar: Calendar, zone: string, after: number): number | null {
  for (let wall = calendar(after + offsetAt(zone, after)); wall !== null; wall = calendar(wall)) {
    const moment = firstMoment(zone, wall)
    if (moment > after) return moment
  }
  return null
}

/** For what goes on hour by hour: every moment at which clocks show it, also when they show it twice. */
export function nextAlong(calendar: Calendar, zone: string, after: number): number | null {
  const offset = offsetAt(zone, after)
  const found = firstShown(calendar, zone, after, calendar(after + offset))
  const until = Math.min(found ?? after + FARTHEST, after + FARTHEST)
  const later = offsetAt(zone, until)
  if (later >= offset) return found
  // Clocks are set back before that: what they have shown already may come again.
  const again = calendar(turnBetween(zone, after, until) + later - 1)
  if (again === null || offsetAt(zone, again - later) !== later) return found
  return found === null ? again - later : Math.min(found, again - later)
}

function firstShown(calendar: Calendar, zone: string, after: number, first: number | null): number | null {
  for (let wall = first; wall !== null; ) {
    const { moments, gap } = momentsOf(zone, wall)
    const moment = moments.find(one => one > after)
    if (moment !== undefined) return moment
    wall = calendar(moments.length > 0 ? wall : gap + offsetAt(zone, gap) - 1)
  }
  return null
}
