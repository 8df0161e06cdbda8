import { Cron } from 'croner'
import type { Calendar } from './walk.ts'

/** An expression that was read: the calendar of its times, and whether it goes on hour by hour. */
export type Pattern = { calendar: Calendar; along: boolean }

/** Nobody writes a longer one by hand. */
const LONGEST = 200
const NAMED: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}
/** Expressions that were used lately. */
const known = new Map<string, Pattern | string>()
const KEPT = 1_000
/** Whoever comes at all comes within the 400 years after which the calendar repeats itself. */
const EARLY = Date.UTC(2000, 0, 1)

/** Reads a cron expression; what is wrong with it is answered as a sentence. */
export function readPattern(text: string): Pattern | string {
  if (text.length > LONGEST) return `An expression has at most ${LONGEST} characters`
  const kept = known.get(text)
  if (kept !== undefined) return kept
  const read = parse(text.trim())
  if (known.size >= KEPT) known.clear()
  known.set(text, read)
  return read
}

function parse(text: string): Pattern | string {
  const named = NAMED[text.toLowerCase()]
  if (named === undefined && text.startsWith('@')) return `“${text}” is not known; there are ${Object.keys(NAMED).join(', ')}`
  const fields = (named ?? text).split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6)
    return 'Write five fields (minute, hour, day, month, weekday), or six with the seconds first'
  const strange = fields.find(field => !/^[\dA-Za-z*,\-/#?]+$/.test(field))
  if (strange !== undefined) return `“${strange}” is not understood`
  const calendar = calendarOf(fields.join(' '))
  if (typeof calendar === 'string') return calendar
  if (calendar(EARLY) === null) return 'There is no such date, so it would never start'
  return { calendar, along: goesAlong(fields) }
}

function calendarOf(expression: string): Calendar | string {
  try {
    const cron = new Cron(expression, { timezone: 'UTC', paused: true })
    const next: Calendar = after => cron.nextRun(new Date(after))?.getTime() ?? null
    return after => pastFebruary(next, after)
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : ''
    return `${words.slice(0, 150) || 'It is not understood'}`
  }
}

/** Where a day 30 or 31 is asked for in February, croner goes on at the 2nd or 3rd of March and misses what comes before it. */
function pastFebruary(next: Calendar, after: number): number | null {
  const found = next(after)
  const date = new Date(after)
  const march = Date.UTC(date.getUTCFullYear(), 2, 1)
  if (date.getUTCMonth() !== 1 || found === null || found <= march) return found
  return Math.min(found, next(march - 1) ?? found)
}

/** Is it written across the hours or the minutes, or does it name hours that follow each other? */
function goesAlong(fields: readonly string[]): boolean {
  const times = fields.slice(0, fields.length - 3)
  if (times.some(field => /[*/?-]/.test(field))) return true
  const hours = new Set((times.at(-1) ?? '').split(',').map(Number))
  return [...hours].some(hour => hours.has((hour + 1) % 24) && hours.size > 1)
}
