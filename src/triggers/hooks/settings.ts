import { z } from 'zod'
import { spanOf } from '#sdk/span.ts'
import { type Networks, networksOf } from './allow.ts'
import { type Same, sameOf } from './same.ts'

const MINUTE = 60_000

const TEXTS = z.array(z.string())

const PARAMS = z.looseObject({
  reply: z.enum(['accepted', 'finished', 'respond', 'stream']).catch('accepted'),
  methods: TEXTS.catch(['POST']),
  verify: z.unknown().optional(),
  dedupe: z.unknown().optional(),
  allow: TEXTS.optional(),
  rate: z.object({ calls: z.number(), per: z.string().default('1m') }).optional(),
  size: z.number().default(Number.POSITIVE_INFINITY),
  origins: TEXTS.default([]),
})

/** What the node of a webhook says about its calls. */
export type Settings = {
  reply: 'accepted' | 'finished' | 'respond' | 'stream'
  methods: readonly string[]
  verify: unknown
  /** What is the same in repeated calls; null where every call counts. */
  same: Same | null
  /** Whose calls are taken; null for everybody's. */
  allow: Networks | null
  /** How many calls in how many milliseconds. */
  rate: { calls: number; per: number } | null
  size: number
  origins: readonly string[]
}

/** Reads the parameters of a webhook's node. */
export function settingsOf(params: unknown): Settings {
  const { reply, methods, verify, dedupe, allow, rate, size, origins } = PARAMS.parse(params)
  return {
    reply,
    methods: methods.map(method => method.toUpperCase()),
    verify,
    same: sameOf(dedupe),
    allow: allow ? networksOf(allow) : null,
    rate: rate ? { calls: rate.calls, per: spanOf(rate.per) ?? MINUTE } : null,
    size,
    origins,
  }
}
