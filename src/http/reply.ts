import { pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { Fault } from '#errors.ts'

/** What came back. The body is read once, whole or as it comes. */
export type Reply = {
  status: number
  /** Lower-case names; several values of one name are joined with a comma, those of `set-cookie` are a list. */
  headers: Record<string, string | string[]>
  /** The address that answered in the end. */
  url: string
  bytes(): Promise<Uint8Array>
  text(): Promise<string>
  stream(): AsyncIterable<Uint8Array>
}

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; url: URL; method: string; body: Readable }

/** How the reading ends. `end` is called once; `trouble` makes a fault of what went wrong. */
type Watch = { maxBytes: number; end(): void; trouble(error: unknown): unknown }

/** More layers than one are rare; more than this are an attack. */
const LAYERS = 3

/** Makes an answer of what came: unpacked, bounded, and read only once. */
export function makeReply({ status, headers, url, method, body }: Raw, watch: Watch): Reply {
  const empty = method === 'HEAD' || status === 204 || status === 304
  if (empty) {
    body.resume()
    watch.end()
  }
  const codings = empty ? [] : codingsOf(headers['content-encoding'], url)
  if (codings.length === 0 && !empty && Number(headers['content-length'] ?? 0) > watch.maxBytes)
    throw tooLarge(url, watch.maxBytes)
  let read = false
  function stream(): AsyncGenerator<Uint8Array> {
    if (read) throw new Error('the body of an answer can be read only once')
    read = true
    return bounded(() => (empty ? Readable.from([]) : unpack(body, codings)), url, watch)
  }
  const shown = shownHeaders(headers, codings.length > 0)
  async function bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream()) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const text = async () => decoderFor(shown['content-type']).decode(await bytes())
  return { status, headers: shown, url: url.href, stream, bytes, text }
}

/** Counts what comes out, not what came in: what is packed can be a thousand times as large. */
async function* bounded(open: () => Readable, url: URL, { maxBytes, end, trouble }: Watch): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const chunk of open()) {
      size += chunk.byteLength
      if (size > maxBytes) throw tooLarge(url, maxBytes)
      yield chunk
    }
  } catch (error) {
    throw trouble(error)
  } finally {
    end()
  }
}

const tooLarge = (url: URL, most: number) =>
  new Fault('outbound.too_large', { message: `The answer of ${url.host} has more than ${most} bytes, the limit of this call.` })

function codingsOf(header: string | string[] | undefined, { host }: URL): string[] {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '' && word !== 'identity')
  const odd = codings.find(coding => !/^((x-)?gzip|deflate|br|zstd)$/.test(coding))
  if (odd !== undefined || codings.length > LAYERS)
    throw new Fault('outbound.unreachable', {
      message: `${host} sent an answer in a form that cannot be read here: ${codings.slice(0, LAYERS).join(', ').slice(0, 100)}.`,
    })
  return codings.toReversed()
}

function unpack(body: Readable, codings: string[]): Readable {
  let last = body
  for (const coding of codings) last = step(last, coding)
  return last
}

function step(from: Readable, coding: string): Readable {
  if (coding === 'deflate') return Readable.from(inflate(from))
  const unpacker = coding === 'br' ? createBrotliDecompress() : coding === 'zstd' ? createZstdDecompress() : createGunzip()
  // The reader of the last one hears of every failure.
  return pipeline(from, unpacker, () => {})
}

/** By the standard with a head of two bytes; some servers leave it out. The first byte tells. */
async function* inflate(from: Readable): AsyncGenerator<Uint8Array> {
  try {
    const chunks: AsyncIterator<Buffer> = from[Symbol.asyncIterator]()
    const first = await chunks.next()
    if (first.done) return
    const unpacker = ((first.value[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
    const all = async function* () {
      yield first.value
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
    }
    yield* pipeline(Readable.from(all()), unpacker, () => {})
  } finally {
    from.destroy()
  }
}

function shownHeaders(headers: Raw['headers'], unpacked: boolean): Reply['headers'] {
  const shown: Reply['headers'] = {}
  for (const [name, value] of Object.entries(headers)) {
    // They speak of the bytes on the wire, which nobody sees.
    if (value === undefined || (unpacked && (name === 'content-encoding' || name === 'content-length'))) continue
    shown[name] = name === 'set-cookie' ? [value].flat() : Array.isArray(value) ? value.join(', ') : value
  }
  return shown
}

function decoderFor(type: string | string[] | undefined): TextDecoder {
  const charset = /charset\s*=\s*"?([^\s";,]+)/i.exec(String(type ?? ''))?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset)
  } catch {
    // A name that nobody knows says nothing; most such texts are UTF-8.
    return new TextDecoder()
  }
}
