/** A span of milliseconds as one reads it at a glance: 12 ms, 1.4 s, 3 min 5 s. */
export function tookText(ms: number, language: string): string {
  const number = (value: number, digits: number) => value.toLocaleString(language, { maximumFractionDigits: digits })
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${number(ms / 1000, 1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${number(Math.floor(minutes / 60), 0)} h ${minutes % 60} min`
}

/** Dollars, with as many digits as small sums need. */
export const costText = (cost: number, language: string): string =>
  cost.toLocaleString(language, { style: 'currency', currency: 'USD', maximumSignificantDigits: cost < 1 ? 2 : 4 })
