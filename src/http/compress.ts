import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Below this the header costs more than it saves. */
const WORTH_IT = 2_000

const pack = promisify(gzip)

/** A body packed for those who can unpack it, off the event loop. */
export async function compressed(request: FastifyRequest, reply: FastifyReply, body: string): Promise<string | Buffer> {
  reply.header('vary', 'accept-encoding')
  if (body.length < WORTH_IT || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return body
  reply.header('content-encoding', 'gzip')
  return pack(body, { level: 5 })
}
