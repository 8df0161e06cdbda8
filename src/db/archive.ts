import { Stop } from '#errors.ts'

/** One file of an archive. Its bytes are read before the next one is asked for. */
export type Entry = { name: string; size: number; bytes: AsyncIterable<Uint8Array> }

const BLOCK = 512
/** The size has eleven octal digits; larger ones are written in binary, as GNU tar does. */
const MOST_OCTAL = 8 ** 11 - 1
const BINARY = 0x80
const NAME = 100
const PREFIX = 155
const PLAIN = '0'
/** Where the fields of a header begin. */
const AT = { name: 0, mode: 100, size: 124, time: 136, sum: 148, kind: 156, magic: 257, prefix: 345 }

/** Writes a tar archive (ustar), one file after another, in constant memory. `seconds` is the time that its files bear. */
export async function* pack(entries: AsyncIterable<Entry>, seconds: number): AsyncGenerator<Uint8Array> {
  for await (const { name, size, bytes } of entries) {
    yield header(name, size, seconds)
    let written = 0
    for await (const chunk of bytes) {
      written += chunk.length
      yield chunk
    }
    if (written !== size) throw new Error(`${name} changed while it was read: ${written} bytes instead of ${size}.`)
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * BLOCK)
}

/** Reads a tar archive of plain files. Fails where it is damaged or breaks off. */
export async function* unpack(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const read = reader(source)
  for (;;) {
    const block = await read.exactly(BLOCK)
    if (block.every(byte => byte === 0)) return
    const { name, size } = parse(block)
    let rest = size
    async function* bytes() {
      while (rest > 0) {
        const chunk = await read.some(rest)
        rest -= chunk.length
        yield chunk
      }
    }
    yield { name, size, bytes: bytes() }
    while (rest > 0) rest -= (await read.some(rest)).length
    await read.exactly(padding(size))
  }
}

const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK

function header(name: string, size: number, seconds: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const cut = name.length > NAME ? name.lastIndexOf('/') : -1
  const [prefix, last] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)]
  if (last.length > NAME || prefix.length > PREFIX) throw new Error(`The name is too long for an archive: ${name}`)
  block.write(last, AT.name)
  block.write(`0000600\0${'0000000\0'.repeat(2)}`, AT.mode)
  if (size <= MOST_OCTAL) block.write(octal(size, 11), AT.size)
  else {
    block[AT.size] = BINARY
    block.writeBigUInt64BE(BigInt(size), AT.size + 4)
  }
  block.write(octal(seconds, 11), AT.time)
  block.write(PLAIN, AT.kind)
  block.write('ustar\x0000', AT.magic)
  block.write(prefix, AT.prefix)
  block.write(`${octal(sum(block), 6)}\0 `, AT.sum)
  return block
}

function parse(block: Buffer): { name: string; size: number } {
  const text = (at: number, length: number) => block.toString('utf8', at, at + length).replace(/\0[\s\S]*$/, '')
  const number = (at: number, length: number) => Number.parseInt(text(at, length).trim(), 8)
  if (text(AT.magic, 5) !== 'ustar' || number(AT.sum, 8) !== sum(block)) throw damaged('a header is not as it was written')
  if (![PLAIN, ''].includes(text(AT.kind, 1))) throw damaged('it holds something that is not a plain file')
  const size = block[AT.size] === BINARY ? Number(block.readBigUInt64BE(AT.size + 4)) : number(AT.size, 12)
  if (!Number.isSafeInteger(size) || size < 0) throw damaged('a size is not a number')
  const prefix = text(AT.prefix, PREFIX)
  return { name: prefix === '' ? text(AT.name, NAME) : `${prefix}/${text(AT.name, NAME)}`, size }
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')

/** The sum of all bytes, with its own field read as spaces. */
const sum = (block: Buffer) => block.reduce((total, byte, at) => total + (at >= AT.sum && at < AT.kind ? 32 : byte), 0)

const damaged = (why: string) => new Stop(`The backup is damaged: ${why}.`)

/** Gives out the bytes of a stream in the pieces that are asked for. */
function reader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()

  async function some(most: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const { done, value } = await chunks.next()
      if (done) throw damaged('it breaks off before its end')
      rest = value
    }
    const piece = rest.subarray(0, most)
    rest = rest.subarray(piece.length)
    return piece
  }

  async function exactly(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = []
    for (let left = length; left > 0; left -= pieces.at(-1)?.length ?? 0) pieces.push(await some(left))
    return Buffer.concat(pieces)
  }

  return { some, exactly }
}
