import type { CallReply } from '#sdk/context.ts'

/** What the last calls came to, for whoever has to say why it did not work. */
export type Seen = {
  /** What a call failed with, or what its answer means; null when the last one went well. */
  trouble: unknown
  /** The status of the last answer that was not good, with what it said, and whether it was asked in a session. */
  refused: { status: number; said: string; location: string; session: boolean } | null
  /** How many answers came as streams. */
  streams: number
  /** Calls that are still to be made when all is over. */
  readonly parting: Set<Promise<unknown>>
}

/** Nothing was seen yet. */
export const nothingSeen = (): Seen => ({ trouble: null, refused: null, streams: 0, parting: new Set() })

/** The header in milliseconds from now: seconds, or a date. */
export function retryAfter({ headers }: CallReply, now: number): number | null {
  const text = String(headers['retry-after'] ?? '').trim()
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
