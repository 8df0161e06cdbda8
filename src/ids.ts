import { randomBytes } from 'node:crypto'

/** The time in milliseconds; the only clock of the product. */
export type Clock = { now: () => number }

/** Makes ids that sort by the time they were made, such as `wsp_01k9x…`. */
export type Ids = { next: (prefix: string) => string; secret: (bytes?: number) => string }

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 48 bits of time, then 80 bits that are random or, within one millisecond, one more than the last: 26 characters. */
export function sortableIds(clock: Clock): Ids {
  let last = 0
  let tail = 0n
  return {
    next(prefix) {
      const now = Math.max(clock.now(), last)
      tail = now === last ? (tail + 1n) & ((1n << 80n) - 1n) : BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n
      last = now
      return `${prefix}_${text(BigInt(now), 10)}${text(tail, 16)}`
    },
    secret: (bytes = 32) => randomBytes(bytes).toString('base64url'),
  }
}

function text(value: bigint, length: number): string {
  let out = ''
  for (let rest = value, at = 0; at < length; at += 1, rest >>= 5n) out = ALPHABET.charAt(Number(rest & 31n)) + out
  return out
}
