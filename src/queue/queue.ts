/** "This execution wants attention." Lost, doubled or out of order it does no harm: the database is the truth. */
export type Hint = {
  id: string
  /** Smaller goes first. */
  lane: number
  /** Who it belongs to: those in one lane take turns, so that one with many does not keep the others waiting. */
  share: string
}

/** Who is next, never what happened. */
export type Queue = {
  /** A hint that is there already is not there twice. */
  push(hint: Hint): void
  /** The next one whose share fits, or nothing. */
  take(fits?: (share: string) => boolean): Hint | null
  waiting(): number
  /** Calls back when something was pushed by another process. */
  hear(wake: () => void): void
  close(): Promise<void>
}
