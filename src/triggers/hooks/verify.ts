import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Knock } from '#http/door.ts'
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

/** Refuses a call that does not show what its trigger asks for. A way to verify that is not known here lets nobody in. */
export function verify(settings: unknown, { headers, body }: Pick<Knock, 'headers' | 'body'>, now: number): void {
  const it = VERIFY.parse(settings ?? {})
  if (it.kind === 'none') return
  const sign = Object.hasOwn(SIGNED, it.kind) ? SIGNED[it.kind] : undefined
  const proof = sign ? sign({ headers, body, secret: it.secret, now, tolerance: it.tolerance }, it) : carried(it, headers)
  if (proof === null) throw refused(`Calls cannot be verified by “${it.kind}” here.`)
  if (it.secret === '' || !proof.shown.some(shown => same(shown, proof.right)))
    throw refused(sign ? 'The call is not signed with the right secret.' : 'The call does not show the right secret.')
  if (proof.old) throw refused('The call was signed too long ago, or the clocks differ.')
}

const refused = (message: string) => new Fault('hook.refused', { message })

/** Where calls of a trigger carry its secret, by the names of the headers. */
export function secretHeaders(settings: unknown): string[] {
  const { kind, header } = VERIFY.parse(settings ?? {})
  return kind === 'header' ? [header.toLowerCase()] : []
}

function carried({ kind, secret, header, user }: Verify, headers: Record<string, string>): Proof | null {
  const { authorization = '' } = headers
  const proof = (shown: string, right = secret): Proof => ({ shown: [shown], right, old: false })
  if (kind === 'header') return proof(headers[header.toLowerCase()] ?? '')
  if (kind === 'bearer') return proof(/^bearer (.+)$/i.exec(authorization)?.[1] ?? '')
  if (kind === 'basic')
    return proof(Buffer.from(/^basic (.+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString(), `${user}:${secret}`)
  return null
}

/** Compared by hash, so that neither the length nor the place of a difference shows in the time. */
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))
const digest = (text: string) => createHash('sha256').update(text).digest()
