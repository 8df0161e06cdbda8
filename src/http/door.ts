import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import { gather } from './body.ts'
import { sendText } from './compress.ts'
import { addressOf, type Frame } from './frame.ts'
import { refuseStrangeHosts } from './origin.ts'

/** A call from outside, in whatever shape its sender chose. */
export type Knock = {
  method: string
  params: Record<string, string>
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body: Buffer
  /** Bytes of the body as it came. */
  size: number
  type: string
  address: string
  request: FastifyRequest
  reply: FastifyReply
  /** Why the frame refuses it: a page of another site asks. Whoever answers throws it, or lets that page in. */
  foreign: Fault | null
  /** Headers of whatever is answered, also of a refusal. */
  say(headers: Record<string, string>): void
  /** A large body keeps its room until this is over, also when the answer is there before. */
  keep(until: Promise<unknown>): void
}

/** What is answered. */
export type DoorAnswer = { status: number; headers?: Record<string, string>; body: string | Buffer | Readable | null }

type Door = {
  path: string
  limit: number
  rate: number
  /** What follows the path is taken too, and so is OPTIONS; it says itself which pages of other sites may call. */
  open?: boolean
  /** Hears of what was refused before it could be answered: too many, too large, too slow. */
  refused?: (knock: Knock, fault: Fault) => Promise<void>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The pages that the operator trusts with this server are not those that a trigger lets in. */
    cors?: false
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const NOTHING = Buffer.alloc(0)

/** Serves an address that other programs call with any method and any kind of body, and that belongs to nobody in particular. */
export async function serveDoor(frame: Frame, door: Door, answer: (knock: Knock) => Promise<DoorAnswer>): Promise<void> {
  const { path, limit, rate, open = false, refused } = door
  const { limits, patience } = frame
  const entered = new WeakSet<FastifyRequest>()
  const answered = new WeakSet<FastifyRequest>()
  const enter = (request: FastifyRequest, reply: FastifyReply) => {
    entered.add(request)
    return limits.door(path, rate, addressOf(request), reply)
  }
  const respond = async (request: FastifyRequest, reply: FastifyReply, foreign: Fault | null = null) => {
    answered.add(request)
    return send(reply, await answer(knockOf(request, reply, foreign)))
  }
  /** The frame guards what is done with a visitor's cookie. Nobody is known by one here, so what it refuses for that is judged here. */
  async function judge(fault: Fault, request: FastifyRequest, reply: FastifyReply) {
    if (request.method === 'OPTIONS') refuseUnsound(request)
    await enter(request, reply)
    const { method, headers, raw } = request
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
      request.body = await gather(request, raw, limit, patience.body)
    return respond(request, reply, method === 'OPTIONS' ? null : fault)
  }
  await frame.app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: FastifyRequest['raw']) =>
      gather(request, payload, limit, patience.body),
    )
    scope.setErrorHandler(async (error, request, reply) => {
      if (!(error instanceof Fault)) throw error
      try {
        if (open && !entered.has(request) && isOfSites(error, request)) return await judge(error, request, reply)
        throw error
      } catch (cause) {
        if (cause instanceof Fault && entered.has(request) && !answered.has(request))
          await refused?.(knockOf(request, reply, null), cause)
        throw cause
      }
    })
    for (const url of open ? [path, `${path}/*`] : [path])
      scope.route({
        method: open ? [...METHODS, 'OPTIONS'] : METHODS,
        url,
        config: open ? { cors: false } : {},
        onRequest: enter,
        handler: (request, reply) => respond(request, reply),
      })
  })
}

const isOfSites = ({ code }: Fault, { method }: FastifyRequest) =>
  code === 'request.wrong_origin' || (method === 'OPTIONS' && code === 'request.not_found')

/** What the frame looks at after it has refused OPTIONS. */
function refuseUnsound(request: FastifyRequest): void {
  if (request.url.includes('%00')) throw new Fault('request.invalid', { message: 'The address contains the character NUL.' })
  refuseStrangeHosts(request)
}

function knockOf(request: FastifyRequest, reply: FastifyReply, foreign: Fault | null): Knock {
  const body = Buffer.isBuffer(request.body) ? request.body : NOTHING
  // Whoever reads it lets go of it: a large one must not be kept until the answer is there.
  request.body = null
  return {
    method: request.method,
    params: texts(request.params),
    query: Object(request.query),
    headers: texts(request.headers),
    body,
    size: body.length,
    type:
      String(request.headers['content-type'] ?? '')
        .split(';', 1)[0]
        ?.trim()
        .toLowerCase() ?? '',
    address: addressOf(request),
    request,
    reply,
    foreign,
    say: headers => void reply.headers(headers),
    keep(until) {
      const { leave } = request
      if (leave === null) return
      request.leave = null
      until.then(leave, leave)
    },
  }
}

function texts(from: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(Object(from))) out[name] = Array.isArray(value) ? value.join(', ') : String(value)
  return out
}

function send(reply: FastifyReply, { status, headers = {}, body }: DoorAnswer): FastifyReply | Promise<FastifyReply> {
  reply.status(status).headers(headers)
  if (reply.request.method === 'HEAD') {
    // Left alone it would be read to its end, which a stream may not have.
    if (body instanceof Readable) body.destroy()
    return reply.removeHeader('content-length').send('')
  }
  return typeof body === 'string' ? sendText(reply, body) : reply.send(body ?? '')
}
