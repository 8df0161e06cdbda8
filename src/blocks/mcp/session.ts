import type {
  Client,
  JsonSchemaValidator,
  jsonSchemaValidator,
  ProgressCallback,
  RequestOptions,
  StreamableHTTPClientTransport,
  Transport,
} from '@modelcontextprotocol/client'
import type { Context } from '#sdk/context.ts'
import { TryLater } from '#sdk/fail.ts'
import { type Answers, answer } from './answers.ts'
import { renews, signIn } from './auth.ts'
import { failureOf } from './failure.ts'
import { fetchBy } from './fetch.ts'
import { Pipe } from './pipe.ts'
import { addressOf, nameOf, type Place } from './place.ts'
import { nothingSeen } from './seen.ts'
import { listen, progress } from './told.ts'
import { Watched } from './watch.ts'

type Sdk = typeof import('@modelcontextprotocol/client')

/** A conversation with a server. */
export type Session = {
  readonly client: Client
  /** What goes with a question so that the server tells what it does; older ones tell it anyway. */
  readonly loud: { _meta?: Record<string, unknown> }
  /** Asks one thing, within the time limit; what goes wrong comes in words. */
  ask<T>(what: (options: RequestOptions & { onprogress: ProgressCallback }) => Promise<T>): Promise<T>
}

/** A server that says nothing to the question of the newest protocol may be one that does not know it. */
const PROBE = 10_000
/** Milliseconds that the end of a session may take. */
const GOODBYE = 1_000

/** Its schemas come from strangers, and a pattern in one may take forever: what does not fit is for the node that reads it. */
const TRUSTING: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return input => ({ valid: true, data: input as T, errorMessage: undefined })
  },
}

/** Opens a conversation with the server, and ends it whatever comes. */
export async function withServer<T>(
  place: Place,
  context: Context,
  work: (session: Session) => Promise<T>,
  answers: Answers = null,
): Promise<T> {
  // 8 MB and 50 ms, for those who use it.
  const sdk = await import('@modelcontextprotocol/client')
  const line = new Line(place, context, answers, sdk)
  try {
    const client = await line.ask(() => line.connect())
    const asks = client.getProtocolEra() === 'modern' && client.getServerCapabilities()?.logging
    const loud = asks ? { _meta: { [sdk.LOG_LEVEL_META_KEY]: 'info' } } : {}
    return await work({ client, loud, ask: what => line.ask(what) })
  } finally {
    await line.end()
  }
}

class Line {
  readonly #place: Place
  readonly #context: Context
  readonly #answers: Answers
  readonly #sdk: Sdk
  readonly #seen = nothingSeen()
  #asking = new AbortController()
  #client: Client | null = null
  #streamable: StreamableHTTPClientTransport | null = null

  constructor(place: Place, context: Context, answers: Answers, sdk: Sdk) {
    this.#place = place
    this.#context = context
    this.#answers = answers
    this.#sdk = sdk
  }

  async ask<T>(what: (options: RequestOptions & { onprogress: ProgressCallback }) => Promise<T>): Promise<T> {
    const { timeout } = this.#place
    const own = new AbortController()
    this.#asking = own
    const signal = AbortSignal.any([this.#context.signal, own.signal])
    const timer = setTimeout(() => {
      own.abort(new TryLater('mcp.timeout', `${nameOf(this.#place)} did not answer within ${timeout / 1000} seconds.`))
    }, timeout)
    try {
      signal.throwIfAborted()
      // Its own clock is set later, so that it is ours which says what happened.
      const going = what({ signal, timeout: timeout + 10_000, onprogress: progress(this.#context) })
      return await Promise.race([going, given(signal)])
    } catch (error) {
      throw signal.aborted ? signal.reason : failureOf(error, this.#place, this.#context, this.#seen)
    } finally {
      clearTimeout(timer)
    }
  }

  async connect(): Promise<Client> {
    if (this.#place.via !== 'http') return this.#meet('legacy')
    try {
      return await this.#meet('auto')
    } catch (error) {
      const odd = this.#seen.trouble === null && error instanceof this.#sdk.SdkError && ODD.includes(error.code)
      if (!odd || this.#asking.signal.aborted || this.#context.signal.aborted) throw error
      return this.#meet('legacy')
    }
  }

  async #meet(mode: 'auto' | 'legacy'): Promise<Client> {
    const capabilities = this.#answers ? { elicitation: { form: { applyDefaults: true } } } : {}
    const client = new this.#sdk.Client(
      { name: 'promptpilot', title: 'PromptPilot', version: '1' },
      {
        capabilities,
        jsonSchemaValidator: TRUSTING,
        versionNegotiation: { mode, probe: { timeoutMs: Math.min(PROBE, this.#place.timeout / 2) } },
        listMaxPages: 100,
      },
    )
    listen(client, this.#context)
    if (this.#answers) answer(client, this.#answers, reason => this.#asking.abort(reason))
    this.#client = client
    const signal = AbortSignal.any([this.#context.signal, this.#asking.signal])
    await client.connect(this.#transport(), { signal, timeout: this.#place.timeout })
    return client
  }

  #transport(): Transport {
    const [place, context, sdk] = [this.#place, this.#context, this.#sdk]
    const giveUp = (reason: unknown) => this.#asking.abort(reason)
    if (place.via === 'program') {
      const buffer = new sdk.ReadBuffer({ maxBufferSize: place.maxBytes })
      return new Pipe(place, context, { buffer, write: sdk.serializeMessage }, giveUp)
    }
    const url = addressOf(place)
    const { headers, provider } = signIn(context, url, sdk)
    const fetch = fetchBy({ place, context, seen: this.#seen, renews: renews(context), giveUp })
    const options = { fetch, requestInit: { headers }, ...(provider ? { authProvider: provider } : {}) }
    if (place.via === 'sse') return new sdk.SSEClientTransport(url, options)
    const streamable = new sdk.StreamableHTTPClientTransport(url, options)
    this.#streamable = streamable
    return new Watched(streamable, this.#seen, place)
  }

  /** Says goodbye as far as somebody listens. */
  async end(): Promise<void> {
    const going = [...this.#seen.parting, this.#streamable?.terminateSession()]
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, GOODBYE)
    await Promise.race([Promise.allSettled(going), late.promise])
    clearTimeout(timer)
    await this.#client?.close().catch(() => {})
  }
}

/** Not one of the newest servers, and not an older one as it should be: worth a question in the old way. */
const ODD = ['ERA_NEGOTIATION_FAILED', 'REQUEST_TIMEOUT']

const given = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
