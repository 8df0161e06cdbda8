import { z } from 'zod'
import type { Event } from '#engine/events.ts'
import type { Heard } from '../live.ts'
import type { Piece } from './course.ts'

const EVENT = z.custom<Event>(value => typeof value === 'object' && value !== null && 'type' in value && 'at' in value)
const PIECE = z.object({ path: z.string(), at: z.number(), text: z.string() })

/** What was heard of an execution: something that happened, a piece of what is being said, or that it is over. */
export type News = { is: 'event'; event: Event } | { is: 'piece'; piece: Piece } | { is: 'end' } | null

/** Reads the stream of an execution. What has been heard already is not told again. */
export function reader(): { read(heard: Heard): News; place(): string | null } {
  let place: string | null = null
  return {
    place: () => place,
    read({ id, event, data }) {
      if (event === 'end') return { is: 'end' }
      if (event === 'text') return { is: 'piece', piece: PIECE.parse(JSON.parse(data)) }
      if (id === null || (place !== null && !isBehind(id, place))) return null
      const read = EVENT.safeParse(JSON.parse(data))
      if (!read.success) return null
      place = id
      return { is: 'event', event: read.data }
    },
  }
}

/** Does a place of a journal, such as `12.3`, come behind another? */
export function isBehind(place: string, other: string): boolean {
  const [seq = 0, at = 0] = place.split('.').map(Number)
  const [otherSeq = 0, otherAt = 0] = other.split('.').map(Number)
  return seq > otherSeq || (seq === otherSeq && at > otherAt)
}
