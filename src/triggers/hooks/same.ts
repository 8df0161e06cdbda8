import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Fault, messageOf } from '#errors.ts'
import { spanOf } from '#sdk/span.ts'
import { type Filler, prepare } from '#template/fill.ts'

/** Where nobody said: a sender that repeats a call does so within days. */
const WEEK = 7 * 86_400_000

const DEDUPE = z.union([
  z.string().transform(expression => ({ by: 'expression' as const, expression, header: '', window: '' })),
  z.object({
    by: z.enum(['header', 'expression', 'body']),
    header: z.string().default(''),
    expression: z.string().default(''),
    window: z.string().default(''),
  }),
])

/** What is the same in repeated calls, and for how many milliseconds a call is remembered. */
export type Same = {
  window: number
  /** As a hash; null for a call that counts in any case. The body may be read only before it is let go of. */
  ofBody(body: Buffer): string | null
  ofCall(trigger: unknown, headers: Record<string, string>): string | null
}

/** Reads what a node says about repeated calls; null where every call counts. */
export function sameOf(dedupe: unknown): Same | null {
  const parsed = DEDUPE.safeParse(dedupe)
  if (!parsed.success || dedupe === '') return null
  const it = parsed.data
  const window = spanOf(it.window) ?? WEEK
  const none = () => null
  if (it.by === 'body') return { window, ofBody: hashOf, ofCall: none }
  if (it.by === 'header') {
    const { header } = it
    return { window, ofBody: none, ofCall: (_trigger, headers) => hashOfText(headers[header.toLowerCase()] ?? '') }
  }
  const filler = prepare(it.expression)
  return { window, ofBody: none, ofCall: trigger => hashOfText(filled(filler, trigger)) }
}

function filled(filler: Filler, trigger: unknown): string {
  try {
    const text = filler.fill({ trigger }) ?? ''
    return typeof text === 'string' ? text : JSON.stringify(text)
  } catch (cause) {
    throw new Fault('hook.unreadable', {
      message: `What is the same in repeated calls cannot be worked out: ${messageOf(cause)}.`,
      cause,
    })
  }
}

const hashOf = (what: string | Buffer) => createHash('sha256').update(what).digest('hex')
const hashOfText = (text: string) => (text === '' ? null : hashOf(text))

/** The hash of a proof that is taken once. */
export const hashOfProof = (proof: string): string => hashOf(`proof ${proof}`)
