import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Knock } from '#http/door.ts'
import { hashOfProof } from './same.ts'
import { github, hmac, type Proof, type Signed, slack, standard, stripe } from './signed.ts'

const VERIFY = z.looseObject({
  kind: z.string().default('none'),
  secret: z.string().default(''),
  header: z.string().default('x-webhook-secret'),
  user: z.string().default(''),
  algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().default(''),
  tolerance: z.number().default(300),
})
type Verify = z.output<typeof VERIFY>

const SIGNED: Record<string, (call: Signed, it: Verify) => Proof> = { github, slack, stripe, standard, hmac }

/** A secret, and until when it counts. */
export type Secret = { text: string; until: number }

/** Something that is taken once: its hash, and for how many milliseconds it would be taken again. */
export type Once = { hash: string; window: number }

/** The secrets that a node's parameters and its credential say. Where there is a credential, it alone counts. */
export function secretsOf(settings: unknown, values: Record<string, string> | null): Secret[] {
  const always = Number.POSITIVE_INFINITY
  const { secret = '', previous = '', previousUntil = '' } = values ?? { secret: VERIFY.parse(settings ?? {}).secret }
  // A time that is none is over.
  const until = previousUntil === '' ? always : Date.parse(previousUntil) || 0
  const all = [
    { text: secret, until: always },
    { text: previous, until },
  ]
  return all.filter(({ text }) => text !== '')
}

/**
 * Refuses a call that does not show what its trigger asks for. A way to verify that is not known here lets nobody in. Where the
 * time of signing is part of the proof, that proof is answered, so that it is taken once.
 */
export function verify(
  settings: unknown,
  secrets: readonly Secret[],
  { headers, body }: Pick<Knock, 'headers' | 'body'>,
  now: number,
): Once | null {
  const it = VERIFY.parse(settings ?? {})
  if (it.kind === 'none') return null
  const sign = Object.hasOwn(SIGNED, it.kind) ? SIGNED[it.kind] : undefined
  const present = secrets.filter(({ until }) => now < until)
  if (present.length === 0) throw refused('The webhook has no secret to verify calls with.')
  // All are looked at, whichever is the right one.
  const proofs = present.map(({ text: secret }) =>
    sign ? sign({ headers, body, secret, now, tolerance: it.tolerance }, it) : carried({ ...it, secret }, headers),
  )
  const right = proofs.filter(proof => isShown(proof))[0]
  if (proofs.includes(null)) throw refused(`Calls cannot be verified by “${it.kind}” here.`)
  if (!right) throw refused(sign ? 'The call is not signed with the right secret.' : 'The call does not show the right secret.')
  if (right.old) throw refused('The call was signed too long ago, or the clocks differ.')
  // It is in time from so long before its time to so long after it.
  return right.old === null ? null : { hash: hashOfProof(right.right), window: 2_000 * it.tolerance + MARGIN }
}

/** Clocks of several servers differ. */
const MARGIN = 60_000

const refused = (message: string) => new Fault('hook.refused', { message })

/** Where calls of a trigger carry its secret, by the names of the headers. */
export function secretHeaders(settings: unknown): string[] {
  const { kind, header } = VERIFY.parse(settings ?? {})
  return kind === 'header' ? [header.toLowerCase()] : []
}

/** Slack asks once whether an address is ours, and wants to hear what it said. */
export function challengeOf(settings: unknown, body: unknown): string | null {
  const { type, challenge } = Object(body)
  return VERIFY.parse(settings ?? {}).kind === 'slack' && type === 'url_verification' && typeof challenge === 'string'
    ? challenge
    : null
}

function carried({ kind, secret, header, user }: Verify, headers: Record<string, string>): Proof | null {
  const { authorization = '', 'x-api-key': key = '' } = headers
  const proof = (shown: string[], right = secret): Proof => ({ shown, right, old: null })
  if (kind === 'header') return proof([headers[header.toLowerCase()] ?? ''])
  if (kind === 'bearer') return proof([/^bearer (.+)$/i.exec(authorization)?.[1] ?? '', key])
  if (kind === 'basic')
    return proof([Buffer.from(/^basic (.+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString()], `${user}:${secret}`)
  return null
}

const isShown = (proof: Proof | null): proof is Proof =>
  proof !== null && proof.shown.filter(shown => same(shown, proof.right)).length > 0

/** Compared by hash, so that neither the length nor the place of a difference shows in the time. */
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))
const digest = (text: string) => createHash('sha256').update(text).digest()
