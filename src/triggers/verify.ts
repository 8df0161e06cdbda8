import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Knock } from '#http/door.ts'

const VERIFY = z.looseObject({
  kind: z.string().default('none'),
  secret: z.string().default(''),
  header: z.string().default('x-webhook-secret'),
  user: z.string().default(''),
})

/** Refuses a call that does not show what its trigger asks for. A way to verify that is not known here lets nobody in. */
export function verify(settings: unknown, { headers }: Pick<Knock, 'headers'>): void {
  const { kind, secret, header, user } = VERIFY.parse(settings ?? {})
  if (kind === 'none') return
  const shown = shownBy(kind, headers, header)
  const right = kind === 'basic' ? `${user}:${secret}` : secret
  if (shown === null || right === '' || !same(shown, right))
    throw new Fault('hook.refused', {
      message:
        shown === null && !KNOWN.includes(kind)
          ? `Calls cannot be verified by “${kind}” here.`
          : 'The call does not show the right secret.',
    })
}

/** Where calls of a trigger carry its secret, by the names of the headers. */
export function secretHeaders(settings: unknown): string[] {
  const { kind, header } = VERIFY.parse(settings ?? {})
  return kind === 'header' ? [header.toLowerCase()] : []
}

const KNOWN = ['header', 'basic', 'bearer']

function shownBy(kind: string, headers: Record<string, string>, header: string): string | null {
  const { authorization = '' } = headers
  if (kind === 'header') return headers[header.toLowerCase()] ?? ''
  if (kind === 'bearer') return /^bearer (.+)$/i.exec(authorization)?.[1] ?? ''
  if (kind === 'basic') return Buffer.from(/^basic (.+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString()
  return null
}

/** Compared by hash, so that neither the length nor the place of a difference shows in the time. */
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))
const digest = (text: string) => createHash('sha256').update(text).digest()
