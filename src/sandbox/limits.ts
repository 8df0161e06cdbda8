/** A megabyte. */
export const MB = 2 ** 20

/** Bytes of code, input and output; lines and letters of the log. */
export const LIMITS = { code: 1_000_000, input: 10_000_000, output: 10_000_000, lines: 1_000, letters: 100_000 }

/** Megabytes that a run may use, of which QuickJS itself takes one. */
export const MEMORY = { least: 16, most: 256 }

/** The longest run, in milliseconds. */
export const LONGEST = 300_000
