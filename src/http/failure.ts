import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Code, catalogue, type Detail, Fault } from '#errors.ts'
import type { Log } from '#log.ts'

/** What every failure looks like. */
export const Failure = z
  .object({
    error: z.string().meta({ description: 'A sentence for a person.' }),
    code: z.string().meta({ description: 'A code of the catalogue.' }),
    advice: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })),
    requestId: z.string(),
  })
  .meta({ id: 'Failure' })

/** What the frame below us calls its own refusals. */
const FRAME: Record<string, Code> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.wrong_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.invalid',
  FST_ERR_BAD_URL: 'request.invalid',
  FST_ERR_MAX_PARAM_LENGTH: 'request.invalid',
  FST_ERR_ASYNC_CONSTRAINT: 'request.invalid',
  FST_REQ_FILE_TOO_LARGE: 'file.too_large',
  FST_FILES_LIMIT: 'request.bad_multipart',
  FST_FIELDS_LIMIT: 'request.bad_multipart',
  FST_PARTS_LIMIT: 'request.bad_multipart',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'request.wrong_type',
  FST_MULTIPART_INVALID_CONTENT_TYPE: 'request.wrong_type',
  ECONNRESET: 'request.too_slow',
  ERR_STREAM_PREMATURE_CLOSE: 'request.too_slow',
}

/** Turns anything thrown into a fault; what is not ours becomes `server.fault` and is logged once. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>
  const known = FRAME[code]
  if (known) return new Fault(known, { cause: error })
  if (statusCode >= 400 && statusCode < 500) return new Fault('request.invalid', { message, cause: error })
  return new Fault('server.fault', { cause: error })
}

/** Answers with a failure. */
export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const fault = toFault(error)
  if (fault.status >= 500) log.error({ request: request.id, fault: fault.code, err: fault.cause ?? fault }, fault.message)
  if (fault.retryAfter !== undefined) reply.header('Retry-After', fault.retryAfter)
  if (fault.code === 'auth.required') reply.header('WWW-Authenticate', 'Bearer')
  // What is left of a body we refused would be taken for the next request.
  if (['request.too_large', 'file.too_large', 'request.too_slow', 'server.stopping'].includes(fault.code))
    reply.header('Connection', 'close')
  return reply
    .status(fault.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(failureBody(fault, request.id)))
}

/** The body of a failure. */
export const failureBody = (fault: Fault, requestId: string): z.output<typeof Failure> => ({
  error: fault.message,
  code: fault.code,
  advice: catalogue[fault.code].advice,
  details: fault.details,
  requestId,
})

/** The details of a refused value. */
export const detailsOf = (error: z.ZodError, root: string): Detail[] =>
  error.issues.slice(0, 100).map(issue => ({ path: [root, ...issue.path.map(String)].join('.'), message: issue.message }))
