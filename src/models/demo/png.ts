import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

const press = promisify(deflate)
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Red, green and blue of each point, row by row from the top. */
export type Pixels = { width: number; height: number; bytes: Uint8Array }

/** The bytes of a PNG file: eight bits for each colour, every row as the difference to the one above, which packs well. */
export async function pngOf({ width, height, bytes }: Pixels): Promise<Uint8Array> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const row = width * 3
  const rows = Buffer.alloc((row + 1) * height)
  for (let y = 0; y < height; y += 1) {
    rows[y * (row + 1)] = 2
    for (let x = 0; x < row; x += 1)
      rows[y * (row + 1) + 1 + x] = (bytes[y * row + x] ?? 0) - (y === 0 ? 0 : (bytes[(y - 1) * row + x] ?? 0))
  }
  return new Uint8Array(
    Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', await press(rows)), chunk('IEND', Buffer.alloc(0))]),
  )
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(named, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}
