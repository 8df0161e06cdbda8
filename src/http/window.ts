import type { Clock } from '#ids.ts'

/** Where a subject stands: how often it came in its window, and the milliseconds until the next one. */
export type Standing = { used: number; left: number }

/** Counts how often each subject comes in a window of time. */
export type Window = {
  count(subject: string): Standing
  look(subject: string): Standing
  forget(subject: string): void
}

/** Subjects that are remembered at once. Some 200 bytes each: whoever has more addresses than this is not stopped by counting them. */
const MOST = 50_000

/** Makes a counter whose memory has an end: when it is full, the subject whose window began first is forgotten. */
export function makeWindow(length: number, clock: Clock, most = MOST): Window {
  // Every window is as long as every other, so the order of insertion is the order of ending.
  const seen = new Map<string, { used: number; end: number }>()
  const find = (subject: string, now: number) => {
    const one = seen.get(subject)
    return one !== undefined && one.end > now ? one : undefined
  }
  function begin(subject: string, now: number) {
    const one = { used: 0, end: now + length }
    seen.delete(subject)
    for (const [oldest, { end }] of seen) {
      if (end > now && seen.size < most) break
      seen.delete(oldest)
    }
    seen.set(subject, one)
    return one
  }
  return {
    count(subject) {
      const now = clock.now()
      const one = find(subject, now) ?? begin(subject, now)
      one.used += 1
      return { used: one.used, left: one.end - now }
    },
    look(subject) {
      const now = clock.now()
      const one = find(subject, now)
      return one === undefined ? { used: 0, left: 0 } : { used: one.used, left: one.end - now }
    },
    forget: subject => void seen.delete(subject),
  }
}
