import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'

/** Below this the header costs more than it saves. */
const WORTH_IT = 2_000

const pack = promisify(gzip)

/** Sends text, packed for those who can unpack it, off the event loop. */
export function sendText(reply: FastifyReply, text: string): FastifyReply | Promise<FastifyReply> {
  if (text.length < WORTH_IT) return reply.send(text)
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? 'accept-encoding' : `${vary}, accept-encoding`)
  return takesGzip(reply.request.headers['accept-encoding']) ? sendPacked(reply, text) : reply.send(text)
}

async function sendPacked(reply: FastifyReply, text: string): Promise<FastifyReply> {
  const packed = await pack(text, { level: 5 })
  return reply.header('content-encoding', 'gzip').send(packed)
}

/** `gzip;q=0` says no. */
const takesGzip = (header: string | string[] | undefined) =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(header ?? ''))
