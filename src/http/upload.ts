import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import type { Patience } from './patience.ts'

/** One file on its way in. What it says about itself is not to be trusted. */
export type Upload = { name: string; type: string; bytes: AsyncIterable<Uint8Array>; fields: Record<string, string> }

const MOST_FIELDS = 20
const LONGEST_FIELD = 10_000

/** Makes the part of the frame where bodies may be files; nowhere else are they read. */
export async function takeUploads(app: FastifyInstance, fileMaxBytes: number): Promise<{ scope: FastifyInstance }> {
  let made = app
  await app.register(async scope => {
    made = scope
    await scope.register(multipart, {
      limits: {
        files: 1,
        fields: MOST_FIELDS,
        fieldSize: LONGEST_FIELD,
        parts: MOST_FIELDS + 1,
        headerPairs: 50,
        // One byte more than may be stored: whoever stores it sees that it is too large.
        fileSize: fileMaxBytes + 1,
      },
      throwFileSizeLimit: false,
    })
  })
  // In an object: an instance of Fastify is a thenable, and awaiting one gives the root.
  return { scope: made }
}

/** The one file of a multipart body, with the fields that stand before it. */
export async function readUpload(request: FastifyRequest, patience: Patience): Promise<Upload> {
  if (!request.isMultipart()) throw new Fault('request.wrong_type', { message: 'Send the file as multipart/form-data.' })
  const parts = request.parts()
  const fields: Record<string, string> = Object.create(null)
  for (;;) {
    const part = await nextPart(parts, patience)
    if (part === null) throw new Fault('file.missing')
    if (part.type === 'file')
      return { name: part.filename ?? '', type: part.mimetype, bytes: bytesOf(request, part, parts, patience), fields }
    keepField(fields, part)
  }
}

type Field = Extract<Multipart, { type: 'field' }>

function keepField(fields: Record<string, string>, { fieldname, value, fieldnameTruncated, valueTruncated }: Field): void {
  const name = JSON.stringify(fieldname.slice(0, 100))
  if (fieldnameTruncated || valueTruncated)
    throw new Fault('request.too_large', { message: `The field ${name} is longer than ${LONGEST_FIELD} bytes.` })
  if (typeof value !== 'string') throw broken(`The field ${name} is not text.`)
  if (/[\0\uFFFD]/.test(fieldname + value)) throw broken(`The field ${name} is not UTF-8, or contains the character NUL.`)
  if (fieldname in fields) throw broken(`The field ${name} stands twice.`)
  fields[fieldname] = value
}

/** The bytes, or a fault when the sender stalls, goes away, leaves the body unfinished or puts something behind the file. */
async function* bytesOf(
  request: FastifyRequest,
  { file }: MultipartFile,
  parts: AsyncIterator<Multipart>,
  patience: Patience,
): AsyncGenerator<Uint8Array> {
  const source: AsyncIterator<Uint8Array> = file[Symbol.asyncIterator]()
  try {
    for (let next = await arriving(source, patience); !next.done; next = await arriving(source, patience)) yield next.value
    // Too large already: what follows is not even looked at.
    if (file.truncated) return
    const more = await nextPart(parts, patience)
    if (more !== null) throw broken(more.type === 'file' ? 'Send one file at a time.' : 'Fields stand before the file.')
    if (!request.raw.complete) throw broken()
  } finally {
    file.destroy()
  }
}

async function nextPart(parts: AsyncIterator<Multipart>, patience: Patience): Promise<Multipart | null> {
  const { done, value } = await arriving(parts, patience)
  return done ? null : value
}

/** The next of what is on its way; time in which nobody asks for it does not count against the sender. */
async function arriving<T>(source: AsyncIterator<T>, patience: Patience): Promise<IteratorResult<T>> {
  let late: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Fault('request.too_slow')), patience.stall)
  })
  try {
    return await Promise.race([source.next(), stalled])
  } catch (cause) {
    throw cause instanceof Fault ? cause : broken(undefined, cause)
  } finally {
    clearTimeout(late)
  }
}

const broken = (message?: string, cause?: unknown) =>
  new Fault('request.bad_multipart', { ...(message === undefined ? {} : { message }), cause })
