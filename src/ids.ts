import { createHash, randomBytes } from 'node:crypto'

/** The time in milliseconds; the only clock of the product. */
export type Clock = { now: () => number }

/** Makes ids that sort by the time they were made, such as `wsp_01k9x…`. */
export type Ids = { next: (prefix: string) => string; secret: (bytes?: number) => string }

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME = 10
const TAIL = 16

/** Chance is asked for in portions: a small one costs as much as a large one. */
const PORTION = 64 * TAIL

/** 48 bits of time, then 80 bits that are random or, within one millisecond, one more than the last: 26 characters. */
export function sortableIds(clock: Clock): Ids {
  const tail = new Uint8Array(TAIL)
  let last = -1
  let head = ''
  let chance = new Uint8Array()
  let used = 0

  function renew(): void {
    if (used === chance.length) {
      chance = randomBytes(PORTION)
      used = 0
    }
    for (let at = 0; at < TAIL; at += 1) tail[at] = (chance[used + at] ?? 0) & 31
    // The upper half stays free for counting on.
    tail[0] = (tail[0] ?? 0) & 15
    used += TAIL
  }
  function count(): void {
    for (let at = TAIL - 1; at >= 0; at -= 1) {
      tail[at] = ((tail[at] ?? 0) + 1) & 31
      if (tail[at] !== 0) return
    }
  }
  return {
    next(prefix) {
      const now = Math.max(clock.now(), last)
      if (now === last) count()
      else {
        last = now
        head = timeText(now)
        renew()
      }
      let text = `${prefix}_${head}`
      for (let at = 0; at < TAIL; at += 1) text += ALPHABET.charAt(tail[at] ?? 0)
      return text
    },
    secret: (bytes = 32) => randomBytes(bytes).toString('base64url'),
  }
}

/** The smallest id that could have been made at a time: lists that are sorted by id can be cut there. */
export const idAt = (prefix: string, time: number): string => `${prefix}_${timeText(Math.max(0, time))}`

/** An id that is the same whoever makes it for the same fact, and sorts among others by its time. */
export function idOf(prefix: string, time: number, fact: string): string {
  const hash = createHash('sha256').update(fact).digest()
  let text = idAt(prefix, time)
  for (let at = 0; at < TAIL; at += 1) text += ALPHABET.charAt((hash[at] ?? 0) & 31)
  return text
}

function timeText(time: number): string {
  let text = ''
  for (let rest = time, at = 0; at < TIME; at += 1, rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text
  return text
}
