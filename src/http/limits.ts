import type { FastifyReply } from 'fastify'
import { Fault } from '#errors.ts'
import type { Clock } from '#ids.ts'
import { networkOf } from './address.ts'
import type { Caller } from './caller.ts'
import { makeWindow, type Standing, type Window } from './window.ts'

const MINUTE = 60_000

/** Requests in a minute: of an address that is not signed in, of one key, and of one person with all sessions and keys. */
const STRANGER = 300
const KEY = 3_000
const PERSON = 6_000

/** Ten wrong passwords or codes in a quarter of an hour close an account's door for strangers for as long. */
const FAILURES = { most: 10, length: 15 * MINUTE }

/** Counts requests in this process; every process counts for itself. */
export type Limits = {
  /** Counts one request of a stranger's address. */
  stranger(address: string, reply: FastifyReply): Promise<void>
  /** Counts one request of a person, and of the key if it came with one. */
  caller(caller: Pick<Caller, 'kind' | 'id' | 'user'>, reply: FastifyReply): Promise<void>
  /** Counts one call of what each person may only have a share of, by name. */
  share(name: string, perMinute: number, caller: Pick<Caller, 'user'>, reply: FastifyReply): Promise<void>
  /** Counts one try at a door that can be forced, by name and address. */
  door(name: string, perMinute: number, address: string, reply: FastifyReply): Promise<void>
  /** Counts a failed try at something that belongs to somebody; refuses when there were too many. */
  failures: {
    refuse(subject: string): Promise<void>
    count(subject: string): Promise<void>
    forget(subject: string): Promise<void>
  }
}

/** The limits, or none at all when they are switched off. */
export function makeLimits(on: boolean, clock: Clock): Limits {
  const none = async () => {}
  if (!on) return { stranger: none, caller: none, share: none, door: none, failures: { refuse: none, count: none, forget: none } }
  const strangers = makeWindow(MINUTE, clock)
  const callers = makeWindow(MINUTE, clock)
  const shares = makeWindow(MINUTE, clock)
  const doors = makeWindow(MINUTE, clock)
  const failed = makeWindow(FAILURES.length, clock)
  return {
    stranger: async (address, reply) => take(strangers, networkOf(address), STRANGER, reply),
    async caller({ kind, id, user }, reply) {
      take(callers, user.id, PERSON, reply)
      if (kind === 'key') take(callers, id, KEY, reply)
    },
    share: async (name, perMinute, { user }, reply) => take(shares, `${name} ${user.id}`, perMinute, reply),
    door: async (name, perMinute, address, reply) => take(doors, `${name} ${networkOf(address)}`, perMinute, reply),
    failures: {
      async refuse(subject) {
        const standing = failed.look(subject)
        if (standing.used >= FAILURES.most) throw tooMany(standing)
      },
      count: async subject => void failed.count(subject),
      forget: async subject => failed.forget(subject),
    },
  }
}

function take(window: Window, subject: string, most: number, reply: FastifyReply): void {
  const standing = window.count(subject)
  reply
    .header('ratelimit-limit', most)
    .header('ratelimit-remaining', Math.max(0, most - standing.used))
    .header('ratelimit-reset', seconds(standing))
  if (standing.used > most) throw tooMany(standing)
}

const seconds = ({ left }: Standing) => Math.max(1, Math.ceil(left / 1000))

const tooMany = (standing: Standing) =>
  new Fault('request.too_many', {
    message: `Too many requests. Try again in ${seconds(standing)} s.`,
    retryAfter: seconds(standing),
  })
