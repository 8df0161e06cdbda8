const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Texts longer than this are no durations and no dates. */
const LONGEST = 60

const UNITS: [RegExp, number][] = [
  [/^(s|secs?|seconds?)$/, SECOND],
  [/^(m|mins?|minutes?)$/, MINUTE],
  [/^(h|hrs?|hours?)$/, HOUR],
  [/^(d|days?)$/, DAY],
  [/^(w|weeks?)$/, 7 * DAY],
]

const ISO = (() => {
  const part = (letter: string) => `(?:(\\d{1,9}(?:\\.\\d{1,9})?)${letter})?`
  return new RegExp(`^P(?=.)${part('W')}${part('D')}(?:T(?=.)${part('H')}${part('M')}${part('S')})?$`, 'i')
})()

/** A duration in milliseconds: `15m`, `1h30m`, `PT15M`, or seconds. Months have no length of their own. Null for anything else. */
export function spanOf(value: string | number): number | null {
  const text = String(value).trim()
  if (text.length > LONGEST) return null
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * SECOND)
  const iso = ISO.exec(text)
  if (iso) {
    const sizes = [7 * DAY, DAY, HOUR, MINUTE, SECOND]
    return Math.round(sizes.reduce((sum, size, at) => sum + size * Number(iso[at + 1] ?? 0), 0))
  }
  const part = /\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]+)\s*(?:,|and\b)?\s*/iy
  let time = 0
  while (part.lastIndex < text.length) {
    const [, count, unit = ''] = part.exec(text) ?? []
    const size = UNITS.find(([names]) => names.test(unit.toLowerCase()))?.[1]
    if (size === undefined) return null
    time += Number(count) * size
  }
  return text === '' ? null : Math.round(time)
}

/** A date that was read: counted as if it were UTC, unless `offset` says how far its clock is ahead. */
export type Written = { wall: number; offset: number | null; isDay: boolean }

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?\s?(Z|([+-])(\d\d):?(\d\d))?)?$/i

/** Reads a date: ISO 8601, with an offset or without. Null for what is none. */
export function readDate(value: string): Written | null {
  const found = value.length <= LONGEST ? DATE.exec(value.trim()) : null
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(part => Number(part ?? 0))
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // What JavaScript moves into the next month, day or hour was no date.
  const kept = [utc.getUTCMonth() === month - 1, utc.getUTCDate() === day, utc.getUTCHours() === hour]
  if (kept.includes(false) || minute > 59 || second > 59) return null
  const wall = utc.getTime() + Number((found[7] ?? '0').padEnd(3, '0'))
  const ahead = (Number(found[10] ?? 0) * 60 + Number(found[11] ?? 0)) * MINUTE * (found[9] === '-' ? -1 : 1)
  return { wall, offset: found[8] === undefined ? null : ahead, isDay: found[4] === undefined }
}
