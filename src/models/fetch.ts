import { Fault } from '#errors.ts'
import type { Outbound } from '#http/outbound.ts'

/** How long a call may take: `silence` without a single byte, as a model may think for long before it says anything. */
type Patience = { silence: number; whole: number }

const PATIENCE: Patience = { silence: 10 * 60_000, whole: 60 * 60_000 }
/** The most bytes of one answer; pictures come in base64. */
const MOST = 64 * 2 ** 20

/** `fetch` as the packages of the vendors want it, through the guard: every address is checked before it is called. */
export function fetchThrough(outbound: Pick<Outbound, 'call'>, patience = PATIENCE): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const asked = input instanceof Request ? input : null
    const url = asked ? asked.url : String(input)
    const signal = init.signal ?? asked?.signal
    const headers = Object.fromEntries(new Headers(init.headers ?? asked?.headers))
    const body = await bodyOf(init.body, headers)
    const watch = watching(url, patience.silence)
    try {
      const reply = await outbound.call(
        {
          method: init.method ?? asked?.method ?? 'GET',
          url,
          headers,
          ...(body === null ? {} : { body }),
          // A redirect of an API is a wrong address; the key must not follow it.
          redirects: 0,
          timeout: patience.whole,
          maxBytes: MOST,
        },
        signal ? AbortSignal.any([signal, watch.signal]) : watch.signal,
      )
      const { status } = reply
      const shown = new Headers()
      for (const [name, value] of Object.entries(reply.headers)) for (const one of [value].flat()) shown.append(name, one)
      const empty = status === 204 || status === 205 || status === 304
      const stream = empty ? null : streamOf(reply.stream(), watch)
      if (empty) watch.end()
      return new Response(stream, { status, headers: shown })
    } catch (error) {
      watch.end()
      throw error
    }
  }
}

type Watch = { signal: AbortSignal; heard(): void; end(): void; giveUp(reason: unknown): void }

/** Ends a call in which nothing is heard for long. */
function watching(url: string, silence: number): Watch {
  const own = new AbortController()
  const host = URL.parse(url)?.host ?? url
  const timer = setTimeout(() => {
    own.abort(new Fault('outbound.timeout', { message: `${host} said nothing for ${silence / 1000} seconds.` }))
  }, silence).unref()
  return {
    signal: own.signal,
    heard: () => void timer.refresh(),
    end: () => clearTimeout(timer),
    giveUp(reason) {
      clearTimeout(timer)
      own.abort(reason)
    },
  }
}

/** Reads on only when somebody wants more, and hangs up when nobody does. */
function streamOf(chunks: AsyncIterable<Uint8Array>, watch: Watch): ReadableStream<Uint8Array> {
  const reading = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reading.next()
          if (!done) {
            watch.heard()
            controller.enqueue(value)
            return
          }
          watch.end()
          controller.close()
        } catch (error) {
          watch.end()
          throw error
        }
      },
      cancel: watch.giveUp,
    },
    { highWaterMark: 0 },
  )
}

/** Forms have to be written out, with the border that parts them in the header. */
async function bodyOf(body: RequestInit['body'], headers: Record<string, string>): Promise<string | Uint8Array | null> {
  if (body === undefined || body === null) return null
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  const written = new Response(body)
  const type = written.headers.get('content-type')
  if (type !== null) headers['content-type'] = type
  return new Uint8Array(await written.arrayBuffer())
}
