import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import { parseJson } from './json.ts'

/** How long a JSON body may take to arrive. */
const PATIENCE = 30_000

/** What a body may have at most unless its contract says otherwise. */
export const LIMIT = 2 ** 20

declare module 'fastify' {
  interface FastifyContextConfig {
    limit?: number
  }
}

/** Bodies are JSON; uploads are read by the endpoint that takes them; everything else is refused. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: AsyncIterable<Uint8Array>) => {
    refuseEncoding(request)
    const bytes = await gather(payload, request.routeOptions.config.limit ?? LIMIT, request)
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

async function gather(payload: AsyncIterable<Uint8Array>, limit: number, request: FastifyRequest): Promise<Buffer> {
  const tooLarge = () => new Fault('request.too_large', { message: `The body is larger than ${limit} bytes.` })
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  let late = false
  const timer = setTimeout(() => {
    late = true
    request.raw.destroy(new Fault('request.too_slow'))
  }, PATIENCE)
  try {
    for await (const chunk of payload) {
      size += chunk.length
      if (size > limit) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw late ? new Fault('request.too_slow') : error
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}
