import { isAPIError } from 'better-auth/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Code, catalogue, Fault } from '#errors.ts'
import { failureBody } from '#http/failure.ts'
import { addressOf, type Frame } from '#http/frame.ts'
import type { World } from '#world.ts'
import { ADDRESS_HEADER, type Auth } from './auth.ts'

/** Better Auth's codes in ours. */
const CODES: Record<string, Code> = {
  INVALID_EMAIL_OR_PASSWORD: 'auth.wrong_login',
  EMAIL_NOT_VERIFIED: 'auth.email_unverified',
  INVALID_PASSWORD: 'auth.wrong_password',
  PASSWORD_TOO_SHORT: 'auth.weak_password',
  PASSWORD_TOO_LONG: 'auth.weak_password',
  USER_ALREADY_EXISTS: 'auth.email_taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'auth.email_taken',
  INVALID_TOKEN: 'auth.bad_token',
  TOKEN_EXPIRED: 'auth.bad_token',
  INVALID_CODE: 'auth.wrong_code',
  INVALID_BACKUP_CODE: 'auth.wrong_code',
  INVALID_TWO_FACTOR_COOKIE: 'auth.wrong_code',
  TOTP_NOT_ENABLED: 'auth.two_factor_off',
  TWO_FACTOR_NOT_ENABLED: 'auth.two_factor_off',
  BACKUP_CODES_NOT_ENABLED: 'auth.two_factor_off',
  TOTP_ALREADY_ENABLED: 'auth.two_factor_on',
  ACCOUNT_TEMPORARILY_LOCKED: 'request.too_many',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'request.too_many',
  SESSION_NOT_FRESH: 'auth.fresh_needed',
  SIGNUP_CLOSED: 'auth.signup_closed',
}

/** How long a lock of Better Auth lasts at most. */
const LOCK = 900

/** Every header of a request as Better Auth wants it, with the address the frame has found out. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
  headers.set(ADDRESS_HEADER, addressOf(request))
  return headers
}

/** Hands the cookies of Better Auth on; over HTTPS they are for HTTPS alone. */
export function relayCookies(request: FastifyRequest, reply: FastifyReply, headers: Headers): void {
  for (const cookie of headers.getSetCookie())
    reply.header('set-cookie', request.protocol === 'https' && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie)
}

/** Runs a call of Better Auth; its refusals become ours. */
export async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw isAPIError(error) ? refusal(error.statusCode, error.body) : error
  }
}

function refusal(status: number, body: { code?: unknown; message?: unknown } | undefined): Fault {
  const known = CODES[String(body?.code ?? '')]
  const message = typeof body?.message === 'string' ? body.message : undefined
  if (known) return new Fault(known, known === 'request.too_many' ? { retryAfter: LOCK } : {})
  if (status === 401) return new Fault('auth.required')
  if (status === 404) return new Fault('request.not_found')
  if (status >= 500) return new Fault('server.fault', { cause: body })
  return new Fault('auth.refused', message ? { message } : {})
}

/** Tries a minute and address at Better Auth's own door. */
const RATE = 60

/** The whole of Better Auth at /api/auth/*: for its own clients and for the way back from outside providers. */
export function openDoor(frame: Frame, world: World, auth: Auth): void {
  frame.app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    onRequest: async (request, reply) => {
      await frame.limits.door('/api/auth/*', RATE, addressOf(request), reply)
    },
    handler: async (request, reply) => {
      const response = await auth.handler(asRequest(request, world))
      relayCookies(request, reply, response.headers)
      const location = response.headers.get('location')
      const text = await response.text()
      if (response.status >= 300 && response.status < 400 && location)
        return reply.status(response.status).header('location', location).send()
      if (response.status < 400) return reply.status(response.status).type('application/json; charset=utf-8').send(text)
      const fault = refusal(response.status, parse(text))
      if (fault.status >= 500) throw fault
      return reply.status(fault.status).send(failureBody(fault, request.id))
    },
  })
}

function asRequest(request: FastifyRequest, world: World): Request {
  const base = world.config.publicUrl ?? `${request.protocol}://${request.host}`
  const headers = headersOf(request)
  headers.delete('content-length')
  const body = request.method === 'GET' ? null : JSON.stringify(request.body ?? {})
  if (body) headers.set('content-type', 'application/json')
  return new Request(new URL(request.url, base), { method: request.method, headers, body })
}

function parse(text: string): { code?: unknown; message?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return { message: catalogue['auth.refused'].title }
  }
}
