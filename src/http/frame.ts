import { setTimeout as sleep } from 'node:timers/promises'
import cors from '@fastify/cors'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import type { Clock, Ids } from '#ids.ts'
import type { Log } from '#log.ts'
import { noteRequest } from './access.ts'
import { plainAddress } from './address.ts'
import type { Once } from './answers.ts'
import { readBodies } from './body.ts'
import { dropRest, refuseBroken, refuseTunnel } from './broken.ts'
import type { Caller, Role } from './caller.ts'
import type { Contract } from './contract.ts'
import { sendFailure } from './failure.ts'
import { HEADERS, HTTPS_ONLY } from './headers.ts'
import { type Limits, makeLimits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { refuseOtherSites, refuseStrangeHosts } from './origin.ts'
import { PATIENCE, type Patience } from './patience.ts'
import { makeTalks, type Talks } from './talks.ts'
import { takeUploads } from './upload.ts'

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
  patience?: Partial<Patience>
}

/** The running frame: routes are served on it. */
export type Frame = Omit<Needed, 'patience'> & {
  patience: Patience
  app: FastifyInstance
  /** Where routes are served that take files. */
  uploads: FastifyInstance
  limits: Limits
  contracts: Contract[]
  /** Aborted when the server stops. */
  stopping: AbortController
  talks: Talks
  /** Shows the page for an address that is nothing else; null where there is none. */
  page: ((request: FastifyRequest, reply: FastifyReply) => FastifyReply | null) | null
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
    address: string
    /** Makes room for the next large body; called when this one is answered, unless somebody has taken it over. */
    leave: (() => void) | null
  }
}

/** Makes the frame: HTTP with every limit, header and refusal in place and no route yet. */
export async function makeFrame(needed: Needed): Promise<Frame> {
  const { log, ids, metrics, corsOrigins } = needed
  const patience = { ...PATIENCE, ...needed.patience }
  const app = fastify({
    trustProxy: needed.trustedProxies.length > 0 ? [...needed.trustedProxies] : false,
    genReqId: () => ids.next('req'),
    requestIdHeader: false,
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/') ? url : withoutHost(url)),
    bodyLimit: 2 ** 40,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    requestTimeout: patience.arrival,
    http: {
      headersTimeout: patience.headers,
      connectionsCheckingInterval: Math.min(patience.headers, 5_000),
      // Refused by ourselves, in our shape.
      requireHostHeader: false,
      optimizeEmptyRequests: true,
    },
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      begin(request, reply)
      reply.raw.once('finish', () => end(reply))
      sendFailure(error, request, reply, log)
    },
    clientErrorHandler: (error, socket) => refuseBroken(error, socket, ids, patience),
  })
  app.server.on('connect', (_request, socket) => refuseTunnel(socket, ids, patience))
  // An expectation that nobody knows may be ignored (RFC 9110, 10.1.1); Node would answer with an empty 417.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  const limits = makeLimits(needed.rateLimit, needed.clock)
  const stopping = new AbortController()
  app.decorateRequest('caller', null)
  app.decorateRequest('address', '')
  app.decorateRequest('leave', null)

  const talks = makeTalks(reply => noteRequest(reply, false, log, metrics))
  function begin(request: FastifyRequest, reply: FastifyReply): void {
    request.address = plainAddress(request.ip)
    talks.begin(reply)
    reply.headers(HEADERS).header('x-request-id', request.id)
    if (request.protocol === 'https') reply.header('strict-transport-security', HTTPS_ONLY)
    if (stopping.signal.aborted) reply.header('connection', 'close')
  }
  function end(reply: FastifyReply): void {
    if (!talks.end(reply)) return
    dropRest(reply.request.raw, patience)
    noteRequest(reply, true, log, metrics)
  }

  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply)
    if (request.method === 'OPTIONS' && !isPreflight(request)) throw new Fault('request.not_found')
    done()
  })
  if (corsOrigins.length > 0)
    await app.register(cors, {
      origin: [...corsOrigins],
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
      maxAge: 600,
    })
  app.addHook('onRequest', (request, _reply, done) => {
    if (stopping.signal.aborted) throw new Fault('server.stopping', { retryAfter: 5 })
    // No database keeps NUL, and nothing has it in its name.
    if (request.url.includes('%00')) throw new Fault('request.invalid', { message: 'The address contains the character NUL.' })
    refuseStrangeHosts(request)
    refuseOtherSites(request, corsOrigins)
    // Before its body is read: what kind it is does not matter then.
    if (request.is404 && !['GET', 'HEAD'].includes(request.method)) throw new Fault('request.not_found')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    request.leave?.()
    end(reply)
    done()
  })
  readBodies(app, patience)
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, log))
  const { scope: uploads } = await takeUploads(app, needed.fileMaxBytes)
  const frame: Frame = { ...needed, patience, app, uploads, limits, contracts: [], stopping, talks, page: null }
  app.setNotFoundHandler(
    (request, reply) => frame.page?.(request, reply) ?? sendFailure(new Fault('request.not_found'), request, reply, log),
  )
  return frame
}

/** Stops taking requests, ends streams and waits for what is running, up to the end of the patience. */
export async function stopFrame({ app, talks, stopping, patience }: Frame): Promise<void> {
  const running = talks.open()
  stopping.abort()
  talks.conclude()
  // Whoever asks again on an open connection is refused and closes it: later nobody is cut off in the middle of asking.
  await sleep(patience.farewell)
  const late = AbortSignal.timeout(patience.end)
  while (!late.aborted && running.some(talks.isOpen)) await sleep(20)
  const idle = setInterval(() => app.server.closeIdleConnections(), 20)
  const cut = setTimeout(() => app.server.closeAllConnections(), patience.farewell)
  await app.close()
  clearInterval(idle)
  clearTimeout(cut)
}

/** The address of the one who asks, believed from a proxy only where it is trusted; `unknown` where it is none. */
export const addressOf = (request: FastifyRequest): string => request.address || plainAddress(request.ip)

/** Contracts are checked by Zod, so 112 modules of Fastify's own checking are not loaded. */
const noSchemas = () => () => {
  throw new Error('Routes have contracts, not schemas.')
}

/** A proxy may send the whole address. */
const withoutHost = (url: string) => url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/')

const isPreflight = ({ headers }: FastifyRequest) => headers.origin && headers['access-control-request-method']
