let known: readonly string[] | null = null

/** The time zones that the browser knows; its own comes first. */
export function ZONES(): readonly string[] {
  if (known) return known
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  known = [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
  return known
}

/** How far the clocks of a zone are from UTC now, such as GMT+2; empty where there is no such zone. */
export function offsetOf(zone: string): string {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts()
    return parts.find(part => part.type === 'timeZoneName')?.value ?? ''
  } catch {
    return ''
  }
}
