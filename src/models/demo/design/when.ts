/** What starts a workflow. */
export type Begin =
  | { is: 'schedule'; cron: string }
  | { is: 'every'; every: string }
  | { is: 'hook' }
  | { is: 'form' }
  | { is: 'chat' }
  | { is: 'event'; event: string }
  | { is: 'hand' }

const DAYS: readonly [RegExp, string][] = [
  [/\b(?:weekdays?|workdays?|working days?|werktags|werktaglich|werktag|wochentags)\b/, 'MON-FRI'],
  [/\b(?:weekends?|wochenende)\b/, 'SAT,SUN'],
  [/\b(?:mondays?|montags?)\b/, 'MON'],
  [/\b(?:tuesdays?|dienstags?)\b/, 'TUE'],
  [/\b(?:wednesdays?|mittwochs?)\b/, 'WED'],
  [/\b(?:thursdays?|donnerstags?)\b/, 'THU'],
  [/\b(?:fridays?|freitags?)\b/, 'FRI'],
  [/\b(?:saturdays?|samstags?|sonnabends?)\b/, 'SAT'],
  [/\b(?:sundays?|sonntags?)\b/, 'SUN'],
]

const UNITS: readonly [RegExp, string][] = [
  [/^min/, 'm'],
  [/^(?:hour|stund)/, 'h'],
  [/^(?:day|tag)/, 'd'],
]

/** What in a request says when it begins; words are plain. Null where nothing does. */
export function beginOf(text: string): Begin | null {
  return (
    timed(text) ??
    (/\b(?:workflow|execution|ausfuhrung|lauf)\b[^.]{0,40}\b(?:fails?|failed|scheitert|fehlschlagt)\b/.test(text)
      ? { is: 'event', event: 'execution.failed' }
      : null) ??
    (/\bchat(?:bot)?\b/.test(text) ? { is: 'chat' } : null) ??
    (/\b(?:forms?|formular\w*)\b/.test(text) ? { is: 'form' } : null) ??
    (/\bweb ?hooks?\b|\b(?:when|whenever|if|wenn|sobald|immer wenn)\b[^.,]{0,60}\b(?:request|call|order|mail|e-mail|message|ticket|event|anfrage|aufruf|bestellung|nachricht|meldung)\w*\b[^.,]{0,30}\b(?:comes?|arrives?|received?|is sent|reinkommt|eingeht|kommt|eintrifft|ankommt)\b|\b(?:incoming|eingehende\w*)\b/.test(
      text,
    )
      ? { is: 'hook' }
      : null) ??
    (/\b(?:by hand|manually|on demand|press|click|von hand|manuell|auf knopfdruck)\b/.test(text) ? { is: 'hand' } : null)
  )
}

function timed(text: string): Begin | null {
  const often = /\b(?:every|alle|each)\s+(\d{1,3})\s*(min\w*|hours?|stunden?|days?|tage?n?)\b/.exec(text)
  if (often) {
    const unit = UNITS.find(([form]) => form.test(often[2] ?? ''))?.[1] ?? 'm'
    return { is: 'every', every: `${Number(often[1])}${unit}` }
  }
  if (/\b(?:every minute|jede minute|minutlich)\b/.test(text)) return { is: 'every', every: '1m' }
  if (/\b(?:hourly|every hour|each hour|stundlich|jede stunde)\b/.test(text)) return { is: 'schedule', cron: '0 * * * *' }
  const clock = clockIn(text)
  const recurs = /\b(?:every|each|on|am|jeden|jede|jedes|daily|weekly|monthly)\b|\b\w+s\b/
  const day = DAYS.filter(([form]) => form.test(text)).map(([, name]) => name)
  if (day.length > 0 && recurs.test(text)) return { is: 'schedule', cron: `${clock} * * ${day.join(',')}` }
  if (/\b(?:monthly|every month|each month|monatlich|jeden monat|jeden ersten)\b/.test(text))
    return { is: 'schedule', cron: `${clock} 1 * *` }
  if (/\b(?:weekly|every week|each week|wochentlich|jede woche)\b/.test(text)) return { is: 'schedule', cron: `${clock} * * MON` }
  if (
    /\b(?:daily|nightly|(?:every|each) (?:day|morning|evening|night|noon|afternoon)|taglich|jeden (?:tag|morgen|abend|mittag|vormittag|nachmittag)|jede nacht|morgens|abends|nachts)\b/.test(
      text,
    )
  )
    return { is: 'schedule', cron: `${clock} * * *` }
  return null
}

/** The minute and the hour that are named. */
function clockIn(text: string): string {
  const found =
    /\b(?:at|um|gegen)\s+(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m|p\.m)?/.exec(text) ??
    /\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|uhr)\b/.exec(text)
  if (found) {
    const late = /^p/.test(found[3] ?? '') && Number(found[1]) < 12 ? 12 : 0
    const hour = (Number(found[1]) % 24) + late
    return `${Math.min(59, Number(found[2] ?? 0))} ${/^a/.test(found[3] ?? '') && hour === 12 ? 0 : hour}`
  }
  if (/\b(?:evening|abends?)\b/.test(text)) return '0 18'
  if (/\b(?:noon|mittags?)\b/.test(text)) return '0 12'
  if (/\b(?:afternoon|nachmittags?)\b/.test(text)) return '0 15'
  return /\b(?:night|nightly|nachts?)\b/.test(text) ? '0 2' : '0 8'
}
