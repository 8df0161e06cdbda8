import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { LLMock } from '@copilotkit/aimock'
import { makeOutbound, type Outbound } from '#http/outbound.ts'
import { silent } from '#log.ts'
import type { BlockModels } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Ask } from '#sdk/model.ts'
import { anthropic } from './anthropic.ts'
import { compatible } from './compatible.ts'
import { fetchThrough } from './fetch.ts'
import { google } from './google.ts'
import { openai } from './openai.ts'
import type { Opened, Provider } from './provider.ts'

/** The key that no message may repeat. */
export const KEY = 'sk-test-0123456789abcdef-SECRET'

/** What a provider was sent. A test reads of the body whatever should be there. */
export type Sent = { method: string; path: string; headers: IncomingHttpHeaders; body: ReturnType<typeof JSON.parse> }

/** A server that answers as a test says, and keeps what it was sent. */
export type Wire = {
  url: string
  sent: Sent[]
  /** Resolves when the other side hangs up in the middle of an answer. */
  hungUp: Promise<void>
  /** What comes next; the last one is said again and again. */
  says(...answers: Answer[]): void
  stop(): Promise<void>
}

/** Writes one answer. */
export type Answer = (response: ServerResponse, sent: Sent) => void | Promise<void>

/** Starts one on a free port of this machine. */
export async function startWire(): Promise<Wire> {
  const sent: Sent[] = []
  let answers: Answer[] = []
  const gone = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: parsed(text) }
    sent.push(one)
    response.on('close', () => response.writableFinished || gone.resolve())
    await (answers.length > 1 ? answers.shift() : answers[0])?.(response, one)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    hungUp: gone.promise,
    says(...next) {
      answers = next
      sent.length = 0
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Answers with JSON, or with whatever text it is given. */
export const reply =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

/** Answers with a stream, one write for each piece; without an end the connection stays open. */
export const stream =
  (pieces: readonly (string | Uint8Array)[], end: 'end' | 'open' | 'break' = 'end'): Answer =>
  async response => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const piece of pieces) {
      response.write(piece)
      // Each is to be a chunk of its own on the way.
      await new Promise(resolve => setImmediate(resolve))
    }
    if (end === 'end') response.end()
    if (end === 'break') response.destroy()
  }

/** How a provider says things on the wire. */
export type Dialect = {
  provider: Provider
  /** A model that takes everything, and what the server calls it where it says so. */
  model: string
  named: string
  /** The base address of its API at a server. */
  base(url: string): string
  /** An answer of 10 tokens read, 2 of them cached, and 5 written, one of them thought. */
  text(pieces: readonly string[], finish?: string): string[]
  /** An answer that wants tools; each call has its input in pieces. */
  calls(...calls: { id: string; tool: string; input: readonly string[] }[]): string[]
  /** How it says that it stops for this reason. */
  finishes: { stop: string; length: string; filtered: string }
  /** That something went wrong, in the middle of a stream. */
  trouble: string
  /** The same as a whole answer. */
  failure(message: string, code?: string): unknown
}

const event = (data: Record<string, unknown>) =>
  `${typeof data.type === 'string' ? `event: ${data.type}\n` : ''}data: ${JSON.stringify(data)}\n\n`

const USAGE = {
  input_tokens: 10,
  output_tokens: 5,
  input_tokens_details: { cached_tokens: 2 },
  output_tokens_details: { reasoning_tokens: 1 },
}

const begun = () => [
  event({ type: 'response.created', response: { id: 'resp_1', created_at: 1, model: 'gpt-5-2025-08-07' } }),
  event({ type: 'response.in_progress', response: { id: 'resp_1', created_at: 1, model: 'gpt-5-2025-08-07' } }),
]

const completed = (reason: string | null = null) =>
  event({
    type: reason ? 'response.incomplete' : 'response.completed',
    response: { incomplete_details: reason ? { reason } : null, usage: USAGE },
  })

const responses: Dialect = {
  provider: openai,
  model: 'gpt-5',
  named: 'gpt-5-2025-08-07',
  base: url => `${url}/v1`,
  text: (pieces, finish = '') => [
    ...begun(),
    event({ type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1' } }),
    ...pieces.map(delta => event({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, delta })),
    event({ type: 'response.output_item.done', output_index: 0, item: { type: 'message', id: 'msg_1' } }),
    completed(finish === '' ? null : finish),
  ],
  calls: (...calls) => [
    ...begun(),
    ...calls.flatMap(({ id, tool, input }, at) => {
      const item = { type: 'function_call', id: `fc_${id}`, call_id: id, name: tool }
      const where = { item_id: item.id, output_index: at }
      return [
        event({ type: 'response.output_item.added', output_index: at, item: { ...item, arguments: '' } }),
        ...input.map(delta => event({ type: 'response.function_call_arguments.delta', ...where, delta })),
        event({
          type: 'response.output_item.done',
          output_index: at,
          item: { ...item, arguments: input.join(''), status: 'completed' },
        }),
      ]
    }),
    completed(),
  ],
  finishes: { stop: '', length: 'max_output_tokens', filtered: 'content_filter' },
  trouble: event({ type: 'error', sequence_number: 3, code: 'server_error', message: 'it fell over', param: null }),
  failure: (message, code = 'x') => ({ error: { message, type: 'x', param: null, code } }),
}

const opened = () =>
  event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [],
      usage: { input_tokens: 8, cache_read_input_tokens: 2, cache_creation_input_tokens: 0, output_tokens: 1 },
    },
  })

const closed = (stop_reason: string) => [
  event({
    type: 'message_delta',
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 5, output_tokens_details: { thinking_tokens: 1 } },
  }),
  event({ type: 'message_stop' }),
]

/** A block of an answer of Anthropic's. */
export const block = (index: number, content_block: Record<string, unknown>, deltas: readonly Record<string, unknown>[]) => [
  event({ type: 'content_block_start', index, content_block }),
  ...deltas.map(delta => event({ type: 'content_block_delta', index, delta })),
  event({ type: 'content_block_stop', index }),
]

/** An answer of Anthropic's with these blocks. */
export const blocks = (stop: string, ...all: string[][]) => [opened(), ...all.flat(), ...closed(stop)]

const messages: Dialect = {
  provider: anthropic,
  model: 'claude-sonnet-4-5',
  named: 'claude-sonnet-4-5-20250929',
  base: url => `${url}/v1`,
  text: (pieces, finish = 'end_turn') =>
    blocks(
      finish,
      block(
        0,
        { type: 'text', text: '' },
        pieces.map(text => ({ type: 'text_delta', text })),
      ),
    ),
  calls: (...calls) =>
    blocks(
      'tool_use',
      ...calls.map(({ id, tool, input }, at) =>
        block(
          at,
          { type: 'tool_use', id, name: tool, input: {} },
          input.map(partial_json => ({ type: 'input_json_delta', partial_json })),
        ),
      ),
    ),
  finishes: { stop: 'end_turn', length: 'max_tokens', filtered: 'refusal' },
  trouble: event({ type: 'error', error: { type: 'overloaded_error', message: 'it fell over' } }),
  failure: (message, code = 'x') => ({ type: 'error', error: { type: code, message } }),
}

/** A piece of an answer of Google's. */
export const candidate = (parts: readonly Record<string, unknown>[], finishReason?: string) =>
  event({
    responseId: 'r_1',
    modelVersion: 'gemini-2.5-flash',
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason ? { finishReason } : {}) }],
    usageMetadata: { promptTokenCount: 10, cachedContentTokenCount: 2, candidatesTokenCount: 4, thoughtsTokenCount: 1 },
  })

const generate: Dialect = {
  provider: google,
  model: 'gemini-2.5-flash',
  named: 'gemini-2.5-flash',
  base: url => `${url}/v1beta`,
  text: (pieces, finish = 'STOP') => [...pieces.map(text => candidate([{ text }])), candidate([], finish)],
  calls: (...calls) => [
    ...calls.map(({ id, tool, input }) => candidate([{ functionCall: { id, name: tool, args: parsed(input.join('')) } }])),
    candidate([], 'STOP'),
  ],
  finishes: { stop: 'STOP', length: 'MAX_TOKENS', filtered: 'SAFETY' },
  trouble: event({ error: { code: 503, message: 'it fell over', status: 'UNAVAILABLE' } }),
  failure: (message, code = 'X') => ({ error: { code: 0, message, status: code } }),
}

/** A piece of an answer of a server that speaks as OpenAI did before. */
export const chunk = (delta: Record<string, unknown>, finish_reason: string | null = null) =>
  event({
    id: 'c_1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'llama-3',
    choices: [{ index: 0, delta, finish_reason }],
  })

const counts = event({
  id: 'c_1',
  choices: [],
  usage: {
    prompt_tokens: 10,
    completion_tokens: 5,
    prompt_tokens_details: { cached_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 1 },
  },
})

/** The last line of such a stream. */
export const DONE = 'data: [DONE]\n\n'

const chat: Dialect = {
  provider: compatible,
  model: 'llama3:8b',
  named: 'llama-3',
  base: url => `${url}/v1/`,
  text: (pieces, finish = 'stop') => [...pieces.map(content => chunk({ content })), chunk({}, finish), counts, DONE],
  calls: (...calls) => [
    ...calls.flatMap(({ id, tool, input }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name: tool, arguments: '' } }] }),
      ...input.map(written => chunk({ tool_calls: [{ index, function: { arguments: written } }] })),
    ]),
    chunk({}, 'tool_calls'),
    counts,
    DONE,
  ],
  finishes: { stop: 'stop', length: 'length', filtered: 'content_filter' },
  trouble: event({ error: { message: 'it fell over', type: 'server_error', code: 500 } }),
  failure: (message, code = 'x') => ({ error: { message, type: 'x', param: null, code } }),
}

/** Every dialect that is spoken. */
export const DIALECTS: readonly Dialect[] = [responses, messages, generate, chat]

/** One of them by the name of its provider. */
export function dialectOf(id: string): Dialect {
  const found = DIALECTS.find(({ provider }) => provider.id === id)
  if (!found) throw new Error(`nobody speaks ${id}`)
  return found
}

/** Calls of tests: those to this machine are let through. */
export const outboundForTests = (): Outbound => makeOutbound({ allow: ['127.0.0.0/8'], log: silent })

/** A provider opened at a server of a test. */
export const openAt = (
  { provider, base }: Dialect,
  url: string,
  outbound: Pick<Outbound, 'call'>,
  patience?: { silence: number; whole: number },
): Promise<Opened> => provider.open({ apiKey: KEY, baseUrl: base(url) }, fetchThrough(outbound, patience))

/** A question with one text. */
export const asking = (text: string, more: Partial<Ask> = {}): Ask => ({
  model: 'x',
  messages: [{ role: 'user', parts: [{ is: 'text', text }] }],
  ...more,
})

/** A server that others have written to stand in for the providers. */
export async function startMock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' })
  await mock.start()
  return mock
}

/** The wire of a test file and the guard it is called through; both are closed when its tests are over. */
export async function openWire(): Promise<{ wire: Wire; out: Outbound }> {
  const [wire, out] = [await startWire(), outboundForTests()]
  after(async () => {
    await out.close()
    await wire.stop()
  })
  return { wire, out }
}

/** A provider as blocks see it, for tests of blocks without an engine: each model is one of this provider. */
export function blockModels(opened: Opened, signal: AbortSignal, cost: number | null = 0): BlockModels {
  const named = (model: string) => model.slice(model.indexOf('/') + 1)
  const within = (own: AbortSignal | undefined) => (own ? AbortSignal.any([signal, own]) : signal)
  const unable = (what: string) => new Refused('model.unable', `It cannot ${what}.`)
  return {
    ask: async (ask, how) => ({ ...(await opened.ask(named(ask.model), ask, { signal: within(how?.signal) })), cost }),
    async embed(model, texts, how) {
      if (!opened.embed) throw unable('embed')
      return { ...(await opened.embed(named(model), texts, within(how?.signal))), cost }
    },
    async draw(model, wanted, how) {
      if (!opened.draw) throw unable('draw')
      return { ...(await opened.draw(named(model), wanted, within(how?.signal))), cost }
    },
    async moderate(model, parts, how) {
      const judged = await opened.moderate?.(named(model), parts, within(how?.signal))
      return judged ? { ...judged, cost } : null
    },
  }
}
