import { Fault, messageOf } from '#errors.ts'
import { Refused, TryLater } from '#sdk/fail.ts'

/** Why a model did not answer, for the person who asked. Anything else stays what it is. */
export function faultOf(error: unknown): unknown {
  if (error instanceof Refused) return new Fault('ai.refused', { message: messageOf(error), cause: error })
  if (!(error instanceof TryLater)) return error
  const after = error.after === null ? {} : { retryAfter: Math.max(1, Math.ceil(error.after / 1000)) }
  return new Fault('ai.busy', { message: messageOf(error), cause: error, ...after })
}
