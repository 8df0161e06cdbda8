/** "This execution wants attention." Lost, doubled or out of order it does no harm: the database is the truth. */
export type Hint = { id: string /** Smaller goes first. */; lane: number }

/** Who is next, never what happened. */
export type Queue = {
  /** A hint that is there already is not there twice. */
  push(hint: Hint): void
  /** The next one, or nothing. */
  take(): Hint | null
  waiting(): number
  /** Calls back when something was pushed by another process. */
  hear(wake: () => void): void
  close(): Promise<void>
}
