const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?$/

/** A date and time as the picker of the browser takes it; null where it has an offset, or is none: then it stays text. */
export function pickable(value: unknown): string | null {
  if (value === undefined || value === '') return ''
  if (typeof value !== 'string') return null
  const [, day, time = '00:00'] = LOCAL.exec(value.trim()) ?? []
  return day === undefined ? null : `${day}T${time}`
}

/** What the picker says, as it is kept: `2027-05-01 08:30`. */
export const kept = (picked: string): string | undefined => (picked === '' ? undefined : picked.replace('T', ' '))
