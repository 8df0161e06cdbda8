import type { FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'

/** One file on its way in. What it says about itself is not to be trusted. */
export type Upload = { name: string; type: string; bytes: AsyncIterable<Uint8Array>; fields: Record<string, string> }

/** A sender who sends nothing for this long is given up. */
const STALL = 30_000

/** The first file of a multipart body; fields that stand before it are read with it. */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw new Fault('request.wrong_type', { message: 'Send the file as multipart/form-data.' })
  let part: Awaited<ReturnType<FastifyRequest['file']>>
  try {
    part = await request.file()
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('request.bad_multipart', { cause })
  }
  if (!part) throw new Fault('file.missing')
  const fields: Record<string, string> = {}
  for (const [name, field] of Object.entries(part.fields)) {
    if (field && !Array.isArray(field) && field.type === 'field' && typeof field.value === 'string') fields[name] = field.value
  }
  return { name: part.filename, type: part.mimetype, bytes: whole(request, part.file), fields }
}

/** The bytes, or a fault when the sender stalls, goes away or leaves the body unfinished. */
async function* whole(request: FastifyRequest, file: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  const stall = setTimeout(() => request.raw.destroy(new Fault('request.too_slow')), STALL)
  try {
    for await (const chunk of file) {
      stall.refresh()
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    }
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('request.bad_multipart', { cause })
  } finally {
    clearTimeout(stall)
  }
  if (request.raw.destroyed && !request.raw.complete) throw new Fault('request.bad_multipart')
}
