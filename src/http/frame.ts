import { isIP } from 'node:net'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import type { Clock, Ids } from '#ids.ts'
import type { Log } from '#log.ts'
import type { Once } from './answers.ts'
import { readBodies } from './body.ts'
import type { Caller, Role } from './caller.ts'
import type { Contract } from './contract.ts'
import { failureBody, sendFailure } from './failure.ts'
import { type Limits, makeLimits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { refuseOtherSites } from './origin.ts'

/** What the frame must be given: who somebody is and what they may do is the product's to say. */
export type Needed = {
  identify: (request: FastifyRequest) => Promise<Caller | null>
  permits: (has: Role, needs: Role) => boolean
  once: Once
  metrics: Metrics
  clock: Clock
  ids: Ids
  log: Log
  rateLimit: boolean
  trustedProxies: readonly string[]
  corsOrigins: readonly string[]
  fileMaxBytes: number
}

/** The running frame: routes are served on it. */
export type Frame = Needed & { app: FastifyInstance; limits: Limits; contracts: Contract[]; stopping: AbortController }

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** A whole upload may take this long to arrive; JSON has its own, shorter patience. */
const ARRIVAL = 15 * 60_000

/** Makes the frame: HTTP with every limit, header and refusal in place and no route yet. */
export async function makeFrame(needed: Needed): Promise<Frame> {
  const { log, ids } = needed
  const app = fastify({
    trustProxy: needed.trustedProxies.length > 0 ? [...needed.trustedProxies] : false,
    genReqId: () => ids.next('req'),
    requestIdHeader: false,
    bodyLimit: 2 ** 40,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    requestTimeout: ARRIVAL,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => sendFailure(error, request, reply, log),
    clientErrorHandler: (error, socket) => refuseBroken(error, socket, ids),
  })
  app.server.headersTimeout = 15_000
  const frame: Frame = { ...needed, app, limits: makeLimits(needed.rateLimit), contracts: [], stopping: new AbortController() }

  app.decorateRequest('caller', null)
  await app.register(helmet, HEADERS)
  if (needed.corsOrigins.length > 0)
    await app.register(cors, {
      origin: [...needed.corsOrigins],
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: 600,
    })
  readBodies(app)
  await app.register(multipart, {
    limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 21, headerPairs: 50, fileSize: needed.fileMaxBytes + 1 },
    throwFileSizeLimit: false,
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (frame.stopping.signal.aborted) throw new Fault('server.stopping', { retryAfter: 5 })
    // No database keeps NUL, and nothing has it in its name.
    if (request.url.includes('%00')) throw new Fault('request.invalid', { message: 'The address contains the character NUL.' })
    refuseOtherSites(request, needed.corsOrigins)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    needed.metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const path = request.url.split('?', 1)[0]
    const fields = {
      request: request.id,
      method: request.method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
      by: request.caller?.user.id,
    }
    if (path?.startsWith('/api/') && path !== '/api/health') log.info(fields, 'request')
    else log.debug(fields, 'request')
  })
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, log))
  return frame
}

/** Stops taking requests, ends streams, waits for what is running, at most ten seconds. */
export async function stopFrame(frame: Frame): Promise<void> {
  frame.stopping.abort()
  const deadline = setTimeout(() => frame.app.server.closeAllConnections(), 9_000)
  await frame.app.close()
  clearTimeout(deadline)
}

/** An address without a scope or port, or nothing. */
export const addressOf = (request: FastifyRequest): string => (isIP(request.ip) ? request.ip : 'unknown')

const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'blob:'],
      'media-src': ["'self'", 'blob:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'no-referrer' as const },
  frameguard: { action: 'deny' as const },
}

/** What is not even HTTP gets the shape of every other failure. */
function refuseBroken(error: Error & { code?: string }, socket: import('node:net').Socket, ids: Ids): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const fault =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Fault('request.invalid', { message: 'The headers are too large.' })
      : new Fault(late ? 'request.too_slow' : 'request.invalid')
  const body = JSON.stringify(failureBody(fault, ids.next('req')))
  socket.end(
    `HTTP/1.1 ${fault.status} ${late ? 'Request Timeout' : 'Bad Request'}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
