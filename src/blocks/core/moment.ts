import { Refused } from '#sdk/fail.ts'
import { given } from '#sdk/given.ts'
import { momentAt } from './zone.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Nobody means to wait longer than ten years. */
const LONGEST = 3660 * DAY

/** Texts longer than this are no durations and no dates. */
const LONGEST_TEXT = 60

const UNITS: [RegExp, number][] = [
  [/^(ms|msecs?|milliseconds?)$/, 1],
  [/^(s|secs?|seconds?)$/, SECOND],
  [/^(m|mins?|minutes?)$/, MINUTE],
  [/^(h|hrs?|hours?)$/, HOUR],
  [/^(d|days?)$/, DAY],
  [/^(w|weeks?)$/, 7 * DAY],
]

const ISO = (() => {
  const part = (letter: string) => `(?:(\\d{1,9}(?:\\.\\d{1,9})?)${letter})?`
  return new RegExp(
    `^P(?=.)${part('Y')}${part('M')}${part('W')}${part('D')}(?:T(?=.)${part('H')}${part('M')}${part('S')})?$`,
    'i',
  )
})()

/** Calendar months, and milliseconds. */
type Duration = { months: number; time: number }

function durationOf(text: string): Duration | null {
  const iso = ISO.exec(text)
  if (iso) {
    const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = iso
      .slice(1)
      .map(part => Number(part ?? 0))
    return {
      months: Math.round(years * 12 + months),
      time: (weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND,
    }
  }
  if (/^\d+(\.\d+)?$/.test(text)) return { months: 0, time: Number(text) * SECOND }
  const part = /\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]+)\s*(?:,|and\b)?\s*/iy
  let time = 0
  while (part.lastIndex < text.length) {
    const [, count, unit = ''] = part.exec(text) ?? []
    const size = UNITS.find(([names]) => names.test(unit.toLowerCase()))?.[1]
    if (size === undefined) return null
    time += Number(count) * size
  }
  return text === '' ? null : { months: 0, time }
}

function add(now: number, { months, time }: Duration): number {
  if (months === 0) return now + time
  const date = new Date(now)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  // A month after the 31st of January is the end of February.
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime() + time
}

const shown = (value: unknown) => (typeof value === 'string' ? `“${value.slice(0, LONGEST_TEXT)}”` : given(value))

/** JavaScript knows no dates before this, nor after. */
const FARTHEST = 8_640_000_000_000_000

function inReach(field: string, moment: number, now: number): number {
  if (moment >= -FARTHEST && moment - now <= LONGEST) return Math.round(moment)
  throw new Refused('input.invalid', `\`${field}\` is more than ten years away. Check the unit: a number alone means seconds.`)
}

/** The moment that lies so long after now: `10m`, `1h 30m`, `PT10M`, or seconds. */
export function afterNow(field: string, value: unknown, now: number): number {
  const text = typeof value === 'number' ? (value >= 0 ? String(value) : '') : value
  const duration = typeof text === 'string' && text.length <= LONGEST_TEXT ? durationOf(text.trim()) : null
  if (typeof value === 'number' && value >= 0) return inReach(field, now + value * SECOND, now)
  if (!duration)
    throw new Refused('input.invalid', `\`${field}\` is ${shown(value)}; write a duration like 30s, 10m, 1h30m, 2d or PT10M.`)
  return inReach(field, add(now, duration), now)
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i

/** A date before this many milliseconds, in 1973, was meant in seconds. */
const MILLISECONDS = 100_000_000_000

function dateOf(value: unknown, zone: string): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return Math.abs(value) < MILLISECONDS ? value * SECOND : value
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) return null
  const text = value.trim()
  if (/^\d{9,14}$/.test(text)) return dateOf(Number(text), zone)
  const found = DATE.exec(text)
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(part => Number(part ?? 0))
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // What JavaScript moves into the next month, day or hour was no date.
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day || utc.getUTCHours() !== hour || utc.getUTCMinutes() !== minute)
    return null
  const part = Number(`0.${found[7] ?? 0}`) * SECOND
  if (found[8]) return Date.parse(text.replace(' ', 'T').replace(/\s/g, ''))
  return momentAt(zone, { year, month, day, hour, minute, second }) + part
}

/** A date: ISO 8601, in the zone where it names none, or seconds or milliseconds since 1970. */
export function momentOf(field: string, value: unknown, zone: string, now: number): number {
  const moment = dateOf(value, zone)
  if (moment === null || !Number.isFinite(moment))
    throw new Refused(
      'input.invalid',
      `\`${field}\` is ${shown(value)}; write a date like 2026-05-01, 2026-05-01 08:30 or 2026-05-01T08:30:00Z.`,
    )
  return inReach(field, moment, now)
}

/** A date, or a duration from now. */
export function dueAt(field: string, value: unknown, zone: string, now: number): number {
  const isDate = typeof value === 'string' && /^\s*\d{4}-\d\d-\d\d/.test(value)
  return isDate ? momentOf(field, value, zone, now) : afterNow(field, value, now)
}
