import type { Retry } from './plan.ts'

/**
 * When a failed attempt is repeated, or never. What the service itself asks for counts more than the policy. `chance` is between 0 and
 * 1: the pause is drawn from nothing to its full length, so that what failed together does not come back together.
 */
export function retryAt(retry: Retry, attempt: number, now: number, chance: number, asked: number | null = null): number | null {
  if (attempt >= retry.attempts) return null
  const pause = Math.min(retry.max, retry.delay * retry.factor ** (attempt - 1))
  const drawn = retry.jitter ? pause * chance : pause
  return now + Math.round(Math.max(drawn, asked ?? 0))
}
