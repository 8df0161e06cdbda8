/** The time in milliseconds; the only clock of the browser part. */
export const now = (): number => Date.now()
