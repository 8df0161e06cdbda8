import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Code, catalogue, type Detail, Fault } from '#errors.ts'
import type { Log } from '#log.ts'
import { HEADERS } from './headers.ts'

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
}

/** Turns anything thrown into a fault; what is not ours becomes `server.fault` and is logged once. */
function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>
  const known = FRAME[code]
  if (known) return new Fault(known, { cause: error })
  if (statusCode >= 400 && statusCode < 500) return new Fault('request.invalid', { message, cause: error })
  return new Fault('server.fault', { cause: error })
}

/** What an answer has said about itself before it failed. */
const SAID = [
  'content-length',
  'content-disposition',
  'content-encoding',
  'content-range',
  'accept-ranges',
  'etag',
  'last-modified',
]

/** Answers with a failure. */
export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const fault = toFault(error)
  if (fault.status >= 500 && fault.code !== 'server.stopping')
    log.error({ request: request.id, fault: fault.code, err: fault.cause ?? fault }, fault.message)
  for (const name of SAID) reply.removeHeader(name)
  reply.header('cache-control', HEADERS['cache-control'])
  if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter)
  if (fault.code === 'auth.required') reply.header('www-authenticate', 'Bearer')
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
