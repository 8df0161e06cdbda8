/** The units a length of time can have, from the shortest, with their letters. */
export const UNITS = ['s', 'm', 'h', 'd', 'w'] as const

/** One of them. */
export type Unit = (typeof UNITS)[number]

/** An amount of one unit. */
export type Amount = { count: string; unit: Unit }

const NAMES: Record<Unit, RegExp> = {
  s: /^(s|secs?|seconds?)$/,
  m: /^(m|mins?|minutes?)$/,
  h: /^(h|hrs?|hours?)$/,
  d: /^(d|days?)$/,
  w: /^(w|weeks?)$/,
}

/** Reads a length of time of one unit: `15m`, `2 hours`, or seconds; null for what has several, and for dates. */
export function amountOf(value: unknown): Amount | null {
  if (value === undefined || value === '') return { count: '', unit: 'm' }
  if (typeof value === 'number') return { count: String(value), unit: 's' }
  if (typeof value !== 'string') return null
  const [, count, name = 's'] = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)?\s*$/i.exec(value) ?? []
  const unit = UNITS.find(one => NAMES[one].test(name.toLowerCase()))
  return count === undefined || unit === undefined ? null : { count, unit }
}

/** Writes it: `15m`; nothing where no amount is given. */
export const written = ({ count, unit }: Amount): string | undefined =>
  count.trim() === '' ? undefined : `${count.trim()}${unit}`

const SIZES: Record<Unit, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds as people write them: `90s`, `2h`. */
export function textOfMillis(time: number): string {
  const unit = UNITS.findLast(one => one !== 'w' && time >= SIZES[one] && time % SIZES[one] === 0) ?? 's'
  return `${time / SIZES[unit]}${unit}`
}

/** The milliseconds of a length of time: `1h 30m`, `90s`; null for anything else. */
export function millisOf(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)]
  if (parts.length === 0 || text.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)|[\s,]|\band\b/gi, '') !== '') return null
  let time = 0
  for (const [, count, name = ''] of parts) {
    const unit = UNITS.find(one => NAMES[one].test(name.toLowerCase()))
    if (unit === undefined) return null
    time += Number(count) * SIZES[unit]
  }
  return Math.round(time)
}
