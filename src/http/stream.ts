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
  const after: unknown = Reflect.get(Object(request.query), 'after')
  return typeof after === 'string' && after !== '' ? after : null
}

/** Sends events as they come, with a heartbeat, until the listener goes or the server stops. */
export function eventStream(events: AsyncIterable<StreamEvent>, signal: AbortSignal, heartbeat = HEARTBEAT): RawAnswer {
  const stream = Readable.from(lines(events, signal, heartbeat), { objectMode: false, highWaterMark: 64 * 1024 })
  return { stream, headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } }
}

/** What the source has said: an event or its end, or why it failed. */
type Said = { next: IteratorResult<StreamEvent> } | { error: unknown }

async function* lines(events: AsyncIterable<StreamEvent>, signal: AbortSignal, heartbeat: number): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]()
  let said: Said | null = null
  let wake = () => {}
  // Heard exactly once: a source that fails when nobody listens any more troubles nobody.
  const hear = (it: Said) => {
    said = it
    wake()
  }
  const ask = () =>
    void source.next().then(
      next => hear({ next }),
      error => hear({ error }),
    )
  const take = () => {
    const it = said
    said = null
    return it
  }
  const quiet = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, heartbeat)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (said !== null || signal.aborted) wake()
    })
  const over = () => wake()
  signal.addEventListener('abort', over)
  try {
    yield 'retry: 2000\n\n'
    ask()
    for (;;) {
      await quiet()
      if (signal.aborted) return
      const it = take()
      if (it === null) yield ': still here\n\n'
      else if ('error' in it) throw it.error
      else if (it.next.done) return
      else {
        yield format(it.next.value)
        ask()
      }
    }
  } finally {
    signal.removeEventListener('abort', over)
    // Not awaited: a source that waits for its next event ends when it sees the signal.
    void source.return?.().then(undefined, error => hear({ error }))
  }
}

/** JSON never holds a bare line break, so one `data:` line carries it. */
const format = ({ id, event, data }: StreamEvent) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
