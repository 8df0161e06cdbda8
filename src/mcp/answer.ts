import { Readable } from 'node:stream'
import type { DoorAnswer } from '#http/door.ts'

/** An answer of the package as our server sends it; `over` is called when all of it is sent, or nobody reads it any more. */
export async function answerOf(response: Response, over: () => void = () => {}): Promise<DoorAnswer> {
  // Whether the connection is kept is for the server to say.
  const { connection: _connection, ...headers } = Object.fromEntries(response.headers)
  const isStream = headers['content-type']?.startsWith('text/event-stream')
  const about = { status: response.status, headers: { ...headers, 'cache-control': 'no-store' } }
  if (isStream && response.body) {
    const body = streamOf(response.body)
    body.once('close', over)
    return { ...about, body }
  }
  over()
  return { ...about, body: await response.text() }
}

/** Whoever stops reading is noticed at once, also while there is nothing to read. */
function streamOf(body: ReadableStream<Uint8Array>): Readable {
  const reader = body.getReader()
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        error => this.destroy(error),
      )
    },
    destroy(error, done) {
      reader.cancel().then(
        () => done(error),
        () => done(error),
      )
    },
  })
}
