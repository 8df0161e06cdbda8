import type { FastifyReply } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Fault } from '#errors.ts'

/** Requests in a minute: of an address that is not signed in, and of one person or key. */
const STRANGER = 300
const CALLER = 3000

/** Counts requests in this process; every process counts for itself. */
export type Limits = {
  /** Counts one request of a stranger's address. */
  stranger(address: string, reply: FastifyReply): Promise<void>
  /** Counts one request of a person or key. */
  caller(id: string, reply: FastifyReply): Promise<void>
  /** Counts one try at a door that can be forced, by name and address. */
  door(name: string, perMinute: number, address: string, reply: FastifyReply): Promise<void>
  /** Counts a failed try at something that belongs to somebody; refuses when there were too many. */
  failures: {
    refuse(subject: string): Promise<void>
    count(subject: string): Promise<void>
    forget(subject: string): Promise<void>
  }
}

/** Ten wrong passwords or codes in a quarter of an hour close an account's door for strangers for as long. */
const FAILURES = { points: 10, duration: 900 }

/** The limits, or none at all when they are switched off. */
export function makeLimits(on: boolean): Limits {
  const none = async () => {}
  if (!on) return { stranger: none, caller: none, door: none, failures: { refuse: none, count: none, forget: none } }
  const strangers = new RateLimiterMemory({ points: STRANGER, duration: 60 })
  const callers = new RateLimiterMemory({ points: CALLER, duration: 60 })
  const failed = new RateLimiterMemory(FAILURES)
  const doors = new Map<string, RateLimiterMemory>()
  return {
    stranger: (address, reply) => consume(strangers, address, reply),
    caller: (id, reply) => consume(callers, id, reply),
    door(name, perMinute, address, reply) {
      const door = doors.get(name) ?? new RateLimiterMemory({ points: perMinute, duration: 60 })
      doors.set(name, door)
      return consume(door, address, reply)
    },
    failures: {
      async refuse(subject) {
        const state = await failed.get(subject)
        if (state && state.consumedPoints >= FAILURES.points) throw tooMany(state)
      },
      async count(subject) {
        await failed.penalty(subject)
      },
      async forget(subject) {
        await failed.delete(subject)
      },
    },
  }
}

async function consume(limiter: RateLimiterMemory, subject: string, reply: FastifyReply): Promise<void> {
  try {
    tell(reply, limiter.points, await limiter.consume(subject))
  } catch (state) {
    if (!(state instanceof RateLimiterRes)) throw state
    tell(reply, limiter.points, state)
    throw tooMany(state)
  }
}

const seconds = (state: RateLimiterRes) => Math.max(1, Math.ceil(state.msBeforeNext / 1000))

const tooMany = (state: RateLimiterRes) =>
  new Fault('request.too_many', { message: `Too many requests. Try again in ${seconds(state)} s.`, retryAfter: seconds(state) })

function tell(reply: FastifyReply, points: number, state: RateLimiterRes): void {
  reply
    .header('RateLimit-Limit', points)
    .header('RateLimit-Remaining', Math.max(0, state.remainingPoints))
    .header('RateLimit-Reset', seconds(state))
}
