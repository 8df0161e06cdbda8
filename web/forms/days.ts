/** A Sunday. */
const SUNDAY = Date.UTC(2024, 0, 7)

/** A weekday in few letters, 0 is Sunday. */
export const dayName = (day: number, language: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(SUNDAY + day * 86_400_000)
