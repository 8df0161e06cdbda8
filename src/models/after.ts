/** How long a provider asks to wait, in milliseconds; null where it does not say. */
export function afterOf(headers: Readonly<Record<string, string>>, body: string): number | null {
  const exact = Number(headers['retry-after-ms'] || Number.NaN)
  if (exact >= 0) return exact
  return waitOf(headers['retry-after'], headers.date) ?? delayIn(body)
}

function waitOf(said: string | undefined, date: string | undefined): number | null {
  if (said === undefined || said.trim() === '') return null
  const seconds = Number(said)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  // A date is one by the provider's clock.
  const [at, now] = [Date.parse(said), Date.parse(date ?? '')]
  return Number.isNaN(at) || Number.isNaN(now) ? null : Math.max(0, at - now)
}

/** Google says it in the body. */
function delayIn(body: string): number | null {
  const found = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d+)?)s"/.exec(body)
  return found ? Math.round(Number(found[1]) * 1000) : null
}
