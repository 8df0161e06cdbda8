import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { RawAnswer } from './serve.ts'

/** One server-sent event. With an id a listener resumes after it. */
export type StreamEvent = { id?: string; event: string; data: unknown }

/** Proxies close connections that are silent for a minute; some for half of one. */
const HEARTBEAT = 15_000

/** Where the listener wants to go on: what its browser remembers, or `?after=`. */
export function resumeAfter(request: FastifyRequest): string | null {
  const header = request.headers['last-event-id']
  if (typeof header === 'string' && header !== '') return header
  return new URL(request.url, 'http://x').searchParams.get('after')
}

/** Sends events as they come, with a heartbeat, until the listener goes or the server stops. */
export function eventStream(events: AsyncIterable<StreamEvent>, signal: AbortSignal): RawAnswer {
  const stream = Readable.from(lines(events, signal), { objectMode: false, highWaterMark: 64 * 1024 })
  return { stream, headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } }
}

async function* lines(events: AsyncIterable<StreamEvent>, signal: AbortSignal): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]()
  const over = once(signal)
  yield 'retry: 2000\n\n'
  try {
    let next = source.next()
    while (!signal.aborted) {
      const came = await Promise.race([next, over, beat()])
      if (came === 'over') return
      if (came === 'beat') yield ': still here\n\n'
      else if (came.done) return
      else {
        yield format(came.value)
        next = source.next()
      }
    }
  } finally {
    // Not awaited: a source that waits for its next event ends when it sees the signal.
    void source.return?.()
  }
}

/** JSON never holds a bare line break, so one `data:` line carries it. */
const format = ({ id, event, data }: StreamEvent) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const beat = () => new Promise<'beat'>(resolve => setTimeout(resolve, HEARTBEAT, 'beat').unref())

function once(signal: AbortSignal): Promise<'over'> {
  return new Promise(resolve => {
    if (signal.aborted) resolve('over')
    signal.addEventListener('abort', () => resolve('over'), { once: true })
  })
}
