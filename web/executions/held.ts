import type { Held } from '#engine/events.ts'

/** A value of the journal as the data views take it: what is kept elsewhere becomes the address it is read at. */
export function shownOf(held: Held, execution: string): unknown {
  if ('value' in held) return held.value
  if ('list' in held) return held.list.map(one => shownOf(one, execution))
  return { $large: { bytes: held.bytes, url: `/api/executions/${execution}/values/${held.ref}` } }
}

/** Are both the same value? What is kept elsewhere is named by what is in it. */
export const isSame = (one: Held, other: Held): boolean => JSON.stringify(one) === JSON.stringify(other)
