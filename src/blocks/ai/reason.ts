import { TryLater } from '#sdk/fail.ts'
import type { Reason } from './params.ts'

const CODES: readonly (readonly [RegExp, Reason])[] = [
  [/^model\.busy$/, 'rateLimit'],
  [/^model\.timeout$|^outbound\.timeout$/, 'timeout'],
  [/^model\.down$|^outbound\.(unreachable|lost_body)$/, 'overload'],
  [/^model\.filtered$/, 'filtered'],
  [/^model\.(cut|garbled|empty|bad_answer|too_short)$/, 'badAnswer'],
]

/** Why a model did not do; null for what is not its fault, so that another would do no better. */
export function reasonOf(error: unknown): Reason | null {
  const code = codeOf(error)
  if (code === null || !/^(model|outbound|credential)\./.test(code)) return null
  return CODES.find(([form]) => form.test(code))?.[1] ?? 'any'
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** Of what went wrong with several models, what is worth telling: what may go away by itself, soonest first, else the first. */
export function foremost(errors: readonly unknown[]): unknown {
  const passing = errors.filter(isPassing)
  const after = (error: unknown) => (error instanceof TryLater ? (error.after ?? 0) : 0)
  return passing.toSorted((one, other) => after(one) - after(other))[0] ?? errors[0]
}

/** Faults of the way to the provider pass, as those of the provider do. */
const isPassing = (error: unknown): boolean =>
  error instanceof TryLater || (error instanceof Error && 'status' in error && Number(error.status) >= 500)
