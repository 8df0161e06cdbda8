import type { CallReply, Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { line } from './clean.ts'
import { nameOf, type Place } from './place.ts'
import { retryAfter, type Seen } from './seen.ts'

/** `fetch` as the client of the protocol wants it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

type Needed = {
  place: Place
  context: Context
  seen: Seen
  /** Can it get a new token where the old one is not taken? */
  renews: boolean
  /** It makes no sense to wait any longer. */
  giveUp(reason: unknown): void
}

/** A session may last as long as the longest question and what belongs to it; each question has its own time. */
const WHOLE = 2 * 3_600_000
/** So much of an answer that is an error is read. */
const CUT = 16_384

type Kind = 'question' | 'stream' | 'parting' | 'other'

/** `fetch` made of the calls of a block: every address is checked before it is called, and redirects are left to the client. */
export function fetchBy({ place, context, seen, renews, giveUp }: Needed): Fetch {
  async function call(url: string, init: RequestInit, kind: Kind): Promise<Response> {
    const headers = Object.fromEntries(new Headers(init.headers))
    const body = typeof init.body === 'string' ? init.body : init.body instanceof URLSearchParams ? String(init.body) : undefined
    const reply = await context.call({
      method: init.method ?? 'GET',
      url,
      headers: kind === 'other' ? headers : { ...lowered(place.headers), ...headers },
      ...(body === undefined ? {} : { body }),
      redirects: 0,
      timeout: kind === 'other' ? Math.min(place.timeout, 30_000) : WHOLE,
      maxBytes: kind === 'other' ? 2 ** 20 : place.maxBytes,
      // The last word is said also where nobody waits any more.
      ...(kind === 'parting' ? { parting: true } : init.signal ? { signal: init.signal } : {}),
    })
    const matters = kind === 'question' || (kind === 'stream' && place.via === 'sse')
    if (reply.status < 400) {
      if (matters && reply.status < 300) Object.assign(seen, { trouble: null, refused: null })
      if (String(reply.headers['content-type']).includes('text/event-stream') && kind === 'question') seen.streams += 1
      if (matters && reply.status >= 300)
        seen.refused = { status: reply.status, said: '', location: String(reply.headers.location ?? ''), session: false }
      return answerOf(reply, error => {
        if (kind === 'parting' || kind === 'other') return
        if (matters) seen.trouble = error
        if (isTooLarge(error) || place.via === 'sse') giveUp(error)
      })
    }
    const said = await beginning(reply)
    if (matters) {
      seen.refused = { status: reply.status, said: wordsIn(said), location: '', session: 'mcp-session-id' in headers }
      const failure = failureOf(reply, seen.refused.said)
      if (failure) throw failure
    }
    const isDown = reply.status === 429 || reply.status >= 500
    if (kind === 'other' && init.method === 'POST' && isDown)
      throw new TryLater('mcp.not_now', `${URL.parse(url)?.host ?? url} gives out no tokens now (${reply.status}).`, {
        after: retryAfter(reply, context.now),
      })
    return new Response(said, { status: reply.status, headers: headersOf(reply) })
  }

  /** What needs no further look: the client would ask again, or in another way, to no avail. */
  function failureOf(reply: CallReply, said: string): Error | null {
    const { status } = reply
    const words = said && ` It says: ${said}`
    if (status === 429 || status === 502 || status === 503 || status === 504)
      return new TryLater('mcp.not_now', `${nameOf(place)} cannot answer now (${status}).${words}`, {
        after: retryAfter(reply, context.now),
        details: { status },
      })
    if (status === 401 && !renews) return rejected(place, context, status, words)
    if (status === 403 && !renews) return rejected(place, context, status, words)
    return null
  }

  return async (input, init = {}) => {
    const kind = kindOf(init)
    const calling = call(String(input), init, kind)
    if (kind === 'parting') {
      seen.parting.add(calling)
      calling.catch(() => {}).then(() => seen.parting.delete(calling))
    }
    try {
      return await calling
    } catch (error) {
      if (kind === 'question' || (kind === 'stream' && place.via === 'sse') || kind === 'other') seen.trouble = error
      throw error
    }
  }
}

/** The refusal of a server that does not want us. */
export function rejected(place: Place, { credential }: Pick<Context, 'credential'>, status: number, words: string): Refused {
  if (credential)
    return new Refused(
      'credential.rejected',
      `${nameOf(place)} did not accept the credential (${status}). Check it, and what it is allowed to do.${words}`,
      { status },
    )
  const what = status === 401 ? 'wants somebody to sign in (401); choose a credential' : 'does not allow this (403)'
  return new Refused('mcp.not_allowed', `${nameOf(place)} ${what}.${words}`, { status })
}

const lowered = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.trim().toLowerCase(), value]))

/** The messages of the protocol are JSON; what gets a token is not, or asks for JSON only. */
function kindOf({ method = 'GET', headers, body }: RequestInit): Kind {
  const given = new Headers(headers)
  if (method === 'DELETE') return 'parting'
  if (method === 'POST' && typeof body === 'string' && given.get('content-type') === 'application/json')
    return body.includes('"notifications/cancelled"') ? 'parting' : 'question'
  return given.get('accept')?.includes('text/event-stream') ? 'stream' : 'other'
}

const isTooLarge = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'outbound.too_large'

function headersOf(reply: CallReply): Headers {
  const shown = new Headers()
  for (const [name, value] of Object.entries(reply.headers)) for (const one of [value].flat()) shown.append(name, one)
  return shown
}

function answerOf(reply: CallReply, broken: (error: unknown) => void): Response {
  const empty = reply.status === 204 || reply.status === 205 || reply.status === 304
  return new Response(empty ? null : streamOf(reply.stream(), broken), { status: reply.status, headers: headersOf(reply) })
}

/** Read only as far as somebody wants more. */
function streamOf(chunks: AsyncIterable<Uint8Array>, broken: (error: unknown) => void): ReadableStream<Uint8Array> {
  const reading = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reading.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          broken(error)
          throw error
        }
      },
      async cancel() {
        await reading.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

async function beginning(reply: CallReply): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of reply.stream()) {
    text += decoder.decode(chunk.subarray(0, CUT), { stream: true })
    if (text.length >= CUT) break
  }
  return text.slice(0, CUT)
}

/** What an answer says in one line: the message of an error of the protocol, of an API, or a short text. */
function wordsIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    const { error, message, error_description: about } = Object(value)
    return line([Object(error).message, about, message, error].find(word => typeof word === 'string'))
  } catch {
    return text.trimStart().startsWith('<') ? '' : line(text, 200)
  }
}
