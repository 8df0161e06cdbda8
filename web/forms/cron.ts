/** How often something starts, as people choose it. */
export type Plan =
  | { every: 'minutes'; step: number }
  | { every: 'hours'; step: number; minute: number }
  | { every: 'day'; time: string }
  | { every: 'week'; days: readonly number[]; time: string }
  | { every: 'month'; day: number | 'last'; time: string }

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** Monday first, as a week is planned. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

const two = (number: number) => String(number).padStart(2, '0')
const whole = (text: string, most: number): number | null =>
  /^\d{1,2}$/.test(text) && Number(text) <= most ? Number(text) : null

const NICKS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * SUN',
  '@monthly': '0 0 1 * *',
}

/** Reads a pattern as one of the plans; null for any other, which stays text. */
export function planOf(pattern: string): Plan | null {
  const text = NICKS[pattern.trim().toLowerCase()] ?? pattern.trim()
  const parts = text.split(/\s+/)
  if (parts.length === 6 && parts[0] === '0') parts.shift()
  if (parts.length !== 5) return null
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts
  if (month !== '*') return null
  const anyDay = day === '*' && (weekday === '*' || weekday === '?')
  if (anyDay && hour === '*') {
    const step = stepOf(minute, 59)
    if (step !== null) return { every: 'minutes', step }
  }
  const at = whole(minute, 59)
  if (at === null) return null
  const step = hour === '*' ? 1 : stepOf(hour, 23)
  if (anyDay && step !== null) return { every: 'hours', step, minute: at }
  const clock = whole(hour, 23)
  if (clock === null) return null
  return dated({ day, weekday, anyDay, time: `${two(clock)}:${two(at)}` })
}

function dated({ day, weekday, anyDay, time }: { day: string; weekday: string; anyDay: boolean; time: string }): Plan | null {
  if (anyDay) return { every: 'day', time }
  if (day === '*') {
    const days = daysOf(weekday)
    return days && { every: 'week', days, time }
  }
  if (weekday !== '*' && weekday !== '?') return null
  if (day === 'L') return { every: 'month', day: 'last', time }
  const number = whole(day, 31)
  return number === null || number === 0 ? null : { every: 'month', day: number, time }
}

function stepOf(text: string, most: number): number | null {
  if (text === '*') return 1
  const [, step] = /^(?:\*|0)\/(\d{1,2})$/.exec(text) ?? []
  return step === undefined || Number(step) < 1 || Number(step) > most ? null : Number(step)
}

/** The days that a list of weekdays names, in the order of the week; null where there is more in it than days and ranges. */
function daysOf(text: string): number[] | null {
  const found = new Set<number>()
  for (const part of text.toUpperCase().split(',')) {
    const [from = '', to = from, more] = part.split('-')
    const [first, last] = [dayOf(from), dayOf(to)]
    if (first === null || last === null || more !== undefined) return null
    for (let day = first, steps = 0; steps < 7; day = (day + 1) % 7, steps += 1) {
      found.add(day)
      if (day === last) break
    }
  }
  return WEEK.filter(day => found.has(day))
}

function dayOf(text: string): number | null {
  const named = NAMES.indexOf(text)
  if (named !== -1) return named
  const number = whole(text, 7)
  return number === null ? null : number % 7
}

/** Writes a plan as a pattern. */
export function patternOf(plan: Plan): string {
  switch (plan.every) {
    case 'minutes':
      return plan.step === 1 ? '* * * * *' : `*/${plan.step} * * * *`
    case 'hours':
      return `${plan.minute} ${plan.step === 1 ? '*' : `*/${plan.step}`} * * *`
    case 'day':
      return `${clock(plan.time)} * * *`
    case 'week':
      return `${clock(plan.time)} * * ${weekdays(plan.days)}`
    case 'month':
      return `${clock(plan.time)} ${plan.day === 'last' ? 'L' : plan.day} * *`
  }
}

function clock(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':')
  return `${Number(minute)} ${Number(hour)}`
}

/** Monday to Friday is written as everybody writes it. */
function weekdays(days: readonly number[]): string {
  const sorted = WEEK.filter(day => days.includes(day))
  if (sorted.join() === '1,2,3,4,5') return 'MON-FRI'
  return sorted.length === 0 ? '*' : sorted.map(day => NAMES[day]).join(',')
}

/** What changing to another kind of plan begins with: the time of day stays. */
export function planLike(every: Plan['every'], before: Plan | null): Plan {
  const time = before && 'time' in before ? before.time : '08:30'
  switch (every) {
    case 'minutes':
      return { every, step: 15 }
    case 'hours':
      return { every, step: 1, minute: 0 }
    case 'day':
      return { every, time }
    case 'week':
      return { every, days: [1, 2, 3, 4, 5], time }
    case 'month':
      return { every, day: 1, time }
  }
}
