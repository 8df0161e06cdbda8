import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service that has a picture, a sound and a text, as files. */
export type Service = { url: string; picture: Uint8Array<ArrayBuffer>; close(): Promise<void> }

/** One red point. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)

/** A moment of silence. */
function silence(): Buffer {
  const samples = Buffer.alloc(16, 128)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(8_000, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

const FILES: Record<string, [type: string, bytes: Buffer]> = {
  '/picture': ['image/png', PICTURE],
  '/sound': ['audio/wav', silence()],
  '/words': ['text/plain', Buffer.from('This is an embedded resource content.')],
  '/long': ['text/plain', Buffer.alloc(40_000, 'a')],
}

/** Starts the service on a port of this machine. */
export async function startFiles(): Promise<Service> {
  const server = createServer((request, response) => {
    const [type, bytes] = FILES[request.url ?? ''] ?? ['text/plain', Buffer.from('?')]
    response.setHeader('content-type', type).end(bytes)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    picture: Uint8Array.from(PICTURE),
    async close() {
      server.close().closeAllConnections()
    },
  }
}
