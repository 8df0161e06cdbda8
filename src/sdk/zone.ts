/** Known clocks; names can be written in many ways. */
const formats = new Map<string, Intl.DateTimeFormat>()
const KEPT = 200

/** The clock of a zone; null where there is no such zone. */
function clockOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    if (formats.size >= KEPT) formats.clear()
    formats.set(zone, format)
    return format
  } catch {
    return null
  }
}

/** Is there a zone of this name? */
export const isZone = (zone: string): boolean => zone.length <= 64 && clockOf(zone) !== null

/** By how much clocks of the zone are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(zone: string, moment: number): number {
  const clock = clockOf(zone)
  if (!clock) throw new RangeError(`There is no time zone “${zone}”.`)
  const parts: Record<string, number> = {}
  for (const { type, value } of clock.formatToParts(moment)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000
}

/** The first moment, after one and not after the other, at which clocks are set as they are at the other. */
export function turnBetween(zone: string, before: number, after: number): number {
  const offset = offsetAt(zone, after)
  let [low, high] = [before, after]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle) === offset) high = middle
    else low = middle
  }
  return high
}

/** No clock is further ahead of UTC, or behind it. */
const FARTHEST = 16 * 3_600_000

/**
 * The moments at which clocks of the zone show this, which is counted as if it were UTC: one, two where they are set back, and none
 * where they are set forward; then `gap` is the moment at which they jump over it.
 */
export function momentsOf(zone: string, wall: number): { moments: number[]; gap: number } {
  const offsets = new Set([offsetAt(zone, wall - FARTHEST), offsetAt(zone, wall + FARTHEST)])
  const moments = [...offsets].map(offset => wall - offset).filter(moment => moment + offsetAt(zone, moment) === wall)
  if (moments.length > 0) return { moments: moments.toSorted((one, other) => one - other), gap: Number.NaN }
  const guesses = [...offsets].map(offset => wall - offset)
  return { moments, gap: turnBetween(zone, Math.min(...guesses), Math.max(...guesses)) }
}
