import { iso } from '#http/contract.ts'

/** What `{{ trigger }}` is of a planned time. */
export const timesOf = (slot: number, now: number) => ({ scheduledAt: iso(slot), firedAt: iso(now) })
