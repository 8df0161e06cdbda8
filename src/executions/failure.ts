import { z } from 'zod'
import type { Failure } from '#engine/events.ts'
import { Fault, messageOf } from '#errors.ts'
import type { Log } from '#log.ts'
import { Refused, TryLater } from '#sdk/fail.ts'

/** A node took longer than it may. */
export class NodeTimeout extends Error {
  override readonly name = 'NodeTimeout'
}

/** The most that is kept of a message: a service may answer with a whole page. */
const LONGEST = 4_000

/** What is written down of anything that a node threw. */
export function failureOf(error: unknown, log: Log, where: { execution: string; path: string }): Failure {
  const failure = (code: string, message: string, details?: unknown): Failure => ({
    code,
    message: message.slice(0, LONGEST),
    ...(details === undefined || details === null ? {} : { details }),
  })
  if (error instanceof Refused || error instanceof TryLater) return failure(error.code, error.message, error.details)
  if (error instanceof Fault) return failure(error.code, error.message, error.details.length > 0 ? error.details : undefined)
  if (error instanceof NodeTimeout) return failure('node.timeout', error.message)
  if (error instanceof z.ZodError) return failure('node.bad_input', inputWords(error), detailsOf(error))
  if (isTemplate(error)) return failure('template.failed', messageOf(error))
  log.error({ err: error, ...where }, 'a block failed in a way it should not')
  return failure('node.fault', messageOf(error))
}

/** Is it worth another attempt, and did the service say when? */
export function isRepeatable(error: unknown): false | { after: number | null } {
  if (error instanceof TryLater) return { after: error.after }
  if (error instanceof Fault && error.status >= 500)
    return { after: error.retryAfter === undefined ? null : error.retryAfter * 1000 }
  return error instanceof NodeTimeout ? { after: null } : false
}

const detailsOf = (error: z.ZodError) =>
  error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.map(String).join('.'), message }))

const inputWords = (error: z.ZodError) =>
  `The parameters do not fit once their templates are filled: ${detailsOf(error)
    .slice(0, 3)
    .map(({ field, message }) => `${field || 'all'}: ${message}`)
    .join('; ')}`

/** Liquid's errors have no class that can be imported without its parser. */
const isTemplate = (error: unknown) =>
  error instanceof Error && /^(RenderError|ParseError|TokenizationError|UndefinedVariableError|AssertionError)$/.test(error.name)
