import { Refused } from '#sdk/fail.ts'
import { isZone, offsetAt } from '#sdk/zone.ts'

/** A day and a time as a clock on the wall shows them. */
export type Wall = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const DAY = 86_400_000

/** What a clock in this zone shows at a moment. */
function wallOf(zone: string, moment: number): Wall {
  const shown = new Date(moment + aheadAt(zone, moment))
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
  }
}

const asUtc = ({ year, month, day, hour, minute, second }: Wall): number => Date.UTC(year, month - 1, day, hour, minute, second)

function aheadAt(zone: string, moment: number): number {
  if (!isZone(zone))
    throw new Refused('input.invalid', `“${zone.slice(0, 60)}” is no time zone. Write it like Europe/Berlin or UTC.`)
  return offsetAt(zone, moment)
}

/**
 * The moment at which a clock in this zone shows this. Of a time that comes twice, when clocks are set back, it is the first; a time that is left out,
 * when they are set forward, is taken as much later.
 */
export function momentAt(zone: string, wall: Wall): number {
  const guess = asUtc(wall)
  const before = aheadAt(zone, guess - DAY)
  if (aheadAt(zone, guess - before) === before) return guess - before
  const after = aheadAt(zone, guess + DAY)
  return aheadAt(zone, guess - after) === after ? guess - after : guess - before
}

/** Days of the week as `Date` counts them. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** A day of the week. */
export type Weekday = (typeof WEEKDAYS)[number]

/** The next moment after this one at which clocks of the zone show the time, on one of the days if any are named. */
export function nextAt(zone: string, now: number, hour: number, minute: number, days: readonly Weekday[]): number {
  const today = wallOf(zone, now)
  for (let ahead = 0; ; ahead += 1) {
    // Counted in UTC, where every day has 24 hours.
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead))
    const weekday = WEEKDAYS[date.getUTCDay()]
    if (days.length > 0 && !days.some(day => day === weekday)) continue
    const moment = momentAt(zone, {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour,
      minute,
      second: 0,
    })
    if (moment > now) return moment
  }
}
