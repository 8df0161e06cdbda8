/** What came of some tests; the failed and the skipped by name. */
export type Tally = { passed: number; failed: string[]; skipped: string[] }

/** A tally of nothing. */
export const empty = (): Tally => ({ passed: 0, failed: [], skipped: [] })

/** One tally of many. */
export const sum = (tallies: Tally[]): Tally => ({
  passed: tallies.reduce((all, { passed }) => all + passed, 0),
  failed: tallies.flatMap(({ failed }) => failed),
  skipped: tallies.flatMap(({ skipped }) => skipped),
})

/** May the run be called good? In CI nothing may be skipped. */
export const isGood = ({ failed, skipped }: Tally, env = process.env): boolean =>
  failed.length === 0 && !(env.CI && skipped.length > 0)

/** The last line of a test run. */
export const line = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`

/** Seconds since a moment, for a person. */
export const since = (moment: number): string => `${((performance.now() - moment) / 1000).toFixed(1)} s`
