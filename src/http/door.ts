import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { gather } from './body.ts'
import { sendText } from './compress.ts'
import { addressOf, type Frame } from './frame.ts'

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
  /** A large body keeps its room until this is over, also when the answer is there before. */
  keep(until: Promise<unknown>): void
}

/** What is answered. */
export type DoorAnswer = { status: number; headers?: Record<string, string>; body: string | Buffer | Readable | null }

type Door = { path: string; limit: number; rate: number }

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const NOTHING = Buffer.alloc(0)

/** Serves an address that other programs call with any method and any kind of body, and that belongs to nobody in particular. */
export async function serveDoor(frame: Frame, door: Door, answer: (knock: Knock) => Promise<DoorAnswer>): Promise<void> {
  await frame.app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: FastifyRequest['raw']) =>
      gather(request, payload, door.limit, frame.patience.body),
    )
    scope.route({
      method: METHODS,
      url: door.path,
      onRequest: (request, reply) => frame.limits.door(door.path, door.rate, addressOf(request), reply),
      handler: async (request, reply) => send(reply, await answer(knockOf(request))),
    })
  })
}

function knockOf(request: FastifyRequest): Knock {
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
  return typeof body === 'string' ? sendText(reply, body) : reply.send(body ?? '')
}
