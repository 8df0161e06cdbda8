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

/** Makes a counter whose memory has an end: when it is full, the subjects whose windows began first are forgotten. */
export function makeWindow(length: number, clock: Clock, most = MOST): Window {
  const seen = new Map<string, { used: number; end: number }>()
  let swept = clock.now()
  const find = (subject: string, now: number) => {
    const one = seen.get(subject)
    return one !== undefined && one.end > now ? one : undefined
  }
  /** Many at a time: looking for the oldest costs as much as it has been forgotten before it. */
  function makeRoom(now: number): void {
    if (seen.size < most && now - swept < length) return
    swept = now
    for (const [subject, { end }] of seen) if (end <= now) seen.delete(subject)
    let surplus = seen.size < most ? 0 : Math.ceil(most / 10)
    for (const subject of seen.keys()) {
      if (surplus === 0) break
      seen.delete(subject)
      surplus -= 1
    }
  }
  function begin(subject: string, now: number) {
    const one = { used: 0, end: now + length }
    // Taken out first, so that the order is that in which windows began.
    seen.delete(subject)
    makeRoom(now)
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
