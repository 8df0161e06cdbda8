import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import { sweepYoung } from '#heap.ts'
import { parseJson } from './json.ts'
import type { Patience } from './patience.ts'
import { makeRoom } from './room.ts'

/** A body smaller than this is taken in at once. */
const SMALL = 256 * 1024
/** One larger than this is worth a sweep, of a few milliseconds, before it is read. */
const LARGE = 2 ** 20
/** As text and as objects a body takes some ten times its size: so many bytes of large ones are worked on at the same time. */
const room = makeRoom(12 * 2 ** 20)

/** What a body may have at most unless its contract says otherwise. */
const LIMIT = 2 ** 20

declare module 'fastify' {
  interface FastifyContextConfig {
    limit?: number
  }
}

/** Bodies are JSON; uploads are read by the endpoint that takes them; everything else is refused. */
export function readBodies(app: FastifyInstance, patience: Patience): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    refuseEncoding(request)
    const bytes = await gather(request, payload, request.routeOptions.config.limit ?? LIMIT, patience.body)
    return bytes.length === 0 ? undefined : parseJson(bytes)
  })
  app.addContentTypeParser('*', async () => {
    throw new Fault('request.wrong_type', {
      message: 'This kind of body is not accepted here; send Content-Type: application/json.',
    })
  })
}

function refuseEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding && encoding !== 'identity')
    throw new Fault('request.wrong_type', { message: `A body in ${encoding.slice(0, 40)} is not accepted; send it plain.` })
}

/**
 * The text of a body, whose bytes are gone after this. Of a large one the parts it came in lie about in memory, as much again: swept
 * first, they make room for the text, and one of 5 MB takes 30 MB less until it is answered.
 */
export function textOf(bytes: Buffer): string {
  if (bytes.length > LARGE) sweepYoung()
  const text = bytes.toString()
  // A small one shares its memory with others.
  if (bytes.length > SMALL && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0)
  return text
}

/** The whole body. One that is refused is left as it is: taking the stream away would take the connection, and the refusal, with it. */
export async function gather(
  request: FastifyRequest,
  payload: IncomingMessage,
  limit: number,
  patience: number,
): Promise<Buffer> {
  // Of a call that announces no body there is no end to wait for.
  if (payload.readableEnded) return Buffer.alloc(0)
  const said = payload.headers['content-length']
  const size = said === undefined ? limit : Number(said)
  if (size > SMALL && size <= limit && (said !== undefined || payload.headers['transfer-encoding'] !== undefined)) {
    const go = await room.enter(size)
    const leave = () => {
      payload.socket.off('close', leave)
      go()
    }
    request.leave = leave
    if (payload.destroyed) leave()
    else payload.socket.once('close', leave)
  }
  return gatherNow(payload, limit, patience)
}

function gatherNow(payload: IncomingMessage, limit: number, patience: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => fail(new Fault('request.too_large', { message: `The body is larger than ${limit} bytes.` }))
    // Of a large one its length is known: then it is there once, not in parts and as a whole.
    const announced = Number(payload.headers['content-length'] ?? 0)
    const into = announced > SMALL && announced <= limit ? Buffer.allocUnsafe(announced) : null
    const chunks: Buffer[] = []
    let size = 0
    const late = setTimeout(() => fail(new Fault('request.too_slow')), patience)
    const part = (chunk: Buffer) => {
      const at = size
      size += chunk.length
      if (size > limit) tooLarge()
      else if (into) chunk.copy(into, at)
      else chunks.push(chunk)
    }
    const whole = () => {
      leave()
      resolve(into ? into.subarray(0, size) : Buffer.concat(chunks, size))
    }
    const fail = (cause: unknown) => {
      leave()
      payload.pause()
      reject(cause instanceof Fault ? cause : new Fault('request.too_slow', { cause }))
    }
    const leave = () => {
      clearTimeout(late)
      payload.off('data', part).off('end', whole).off('error', fail)
      // A client that goes away now tells nobody anything new.
      payload.on('error', () => {})
    }
    if (announced > limit) tooLarge()
    else payload.on('data', part).on('end', whole).on('error', fail)
  })
}
