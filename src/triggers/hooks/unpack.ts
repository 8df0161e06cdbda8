import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { Fault, messageOf } from '#errors.ts'

type Unpack = (packed: Buffer, limits: { maxOutputLength: number }) => Promise<Buffer>

const fromGzip: Unpack = promisify(gunzip)
const fromZlib: Unpack = promisify(inflate)
const fromRaw: Unpack = promisify(inflateRaw)
const fromBrotli: Unpack = promisify(brotliDecompress)

/** Some senders of `deflate` leave out the two bytes that the standard puts before it. */
const fromDeflate: Unpack = (packed, limits) => ((packed[0] ?? 0) % 16 === 8 ? fromZlib : fromRaw)(packed, limits)

const WAYS: Record<string, Unpack> = { gzip: fromGzip, 'x-gzip': fromGzip, deflate: fromDeflate, br: fromBrotli }

/** More often than this nobody packs. */
const MOST = 3

/** A body without its `Content-Encoding`. Stops as soon as it grows over the limit. */
export async function unpack(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && name !== 'identity')
  if (names.length === 0 || body.length === 0) return body
  const unknown = names.find(name => !Object.hasOwn(WAYS, name))
  if (unknown !== undefined || names.length > MOST)
    throw new Fault('request.wrong_type', {
      message: `A body in ${encoding.slice(0, 40)} is not accepted; send it plain, or in gzip, deflate or br.`,
    })
  let plain = body
  for (const name of names.toReversed()) plain = await unpackOne(plain, name, limit)
  return plain
}

async function unpackOne(body: Buffer, name: string, limit: number): Promise<Buffer> {
  try {
    return (await WAYS[name]?.(body, { maxOutputLength: limit })) ?? body
  } catch (cause) {
    if (Reflect.get(Object(cause), 'code') === 'ERR_BUFFER_TOO_LARGE')
      throw new Fault('request.too_large', { message: `The body is larger than ${limit} bytes when it is unpacked.` })
    throw new Fault('hook.unreadable', { message: `The body says it is in ${name} and is not: ${messageOf(cause)}.`, cause })
  }
}
