import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Stage } from '#executions/testing.ts'
import type { Got } from '#testing.ts'

/** What a server heard. */
export type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: Message | null }

/** A message of the protocol, as far as tests look at it. */
export type Message = { id?: number | string; method?: string; params?: Record<string, unknown>; result?: unknown }

/** A server of a test. */
export type McpTestServer = {
  url: string
  heard: Heard[]
  /** The methods that it was asked for, in their order. */
  methods(): string[]
  /** Calls of tools that were given up. */
  givenUp: string[]
  close(): Promise<void>
}

type Answer = (heard: Heard, response: ServerResponse) => unknown

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function listen(answer: Answer, givenUp: string[] = []): Promise<McpTestServer> {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: text.startsWith('{') ? (JSON.parse(text) as Message) : null }
    heard.push(one)
    await answer(one, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    heard,
    methods: () => heard.map(({ method, body }) => body?.method ?? method),
    givenUp,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** What came of a node. */
export type Came = { status: string; id: string; output: Got['body']; error: Got['body']; lines: string[] }

type How = { credential?: { kind: string; values: Record<string, string> }; input?: unknown } & Record<string, unknown>

/** Runs one block in a workflow of its own. */
export async function runOn(
  stage: Stage,
  block: string,
  params: Record<string, unknown>,
  { credential, input, ...more }: How = {},
): Promise<Came> {
  const id = await prepareOn(stage, block, params, { ...(credential ? { credential } : {}), ...more })
  return cameOf(stage, await stage.run(id, input))
}

/** Publishes a workflow of one block. */
export async function prepareOn(
  stage: Stage,
  block: string,
  params: Record<string, unknown>,
  { credential, ...more }: How = {},
): Promise<string> {
  const made = credential ? await stage.post('/api/credentials', { name: block, ...credential }) : null
  const node = { key: 'it', block, params, retry: { attempts: 1 }, ...more, ...(made ? { credential: made.id } : {}) }
  return stage.publish({ nodes: [{ key: 'start', block: 'manual.start' }, node], edges: ['start -> it'] })
}

/** What came of the node of such a workflow. */
export async function cameOf(stage: Stage, { id, status, results, error }: Got['body']): Promise<Came> {
  const { items } = await stage.get(`/api/executions/${id}/logs?limit=200`)
  const lines = items.flatMap((one: { key: string; lines: string[] }) => (one.key === 'it' ? one.lines : []))
  return { status, id, output: results.it ?? null, error, lines }
}

/** A server made with the official package: with sessions as they were until 2025, or without as they are since 2026. */
export async function officialServer(era: 'sessions' | 'newest'): Promise<McpTestServer> {
  const givenUp: string[] = []
  const make = () => capable(givenUp)
  const modern = toNodeHandler(createMcpHandler(make))
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>()
  return listen(async ({ headers, body }, response) => {
    const request = response.req
    if (era === 'newest')
      return modern(
        Object.assign(request, { method: request.method ?? 'GET', url: request.url ?? '/' }),
        response,
        body ?? undefined,
      )
    const known = sessions.get(String(headers['mcp-session-id']))
    if (known) return known.handleRequest(request, response, body ?? undefined)
    if (body?.method !== 'initialize')
      return json(response, { jsonrpc: '2.0', id: body?.id ?? null, error: { code: -32000, message: 'No session' } }, 400)
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: id => void sessions.set(id, transport),
      onsessionclosed: id => void sessions.delete(id),
    })
    await make().connect(transport)
    return transport.handleRequest(request, response, body)
  }, givenUp)
}

/** Everything that a server can offer. */
export function capable(givenUp: string[] = []): McpServer {
  const server = new McpServer(
    { name: 'abacus', version: '2.1.0' },
    { capabilities: { logging: {} }, instructions: 'Count with me.' },
  )
  const numbers = z.object({ a: z.number(), b: z.number() })
  server.registerTool(
    'add',
    {
      title: 'Add',
      description: 'Adds two numbers.',
      inputSchema: numbers,
      outputSchema: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ content: [{ type: 'text', text: `${a} + ${b} = ${a + b}` }], structuredContent: { sum: a + b } }),
  )
  server.registerTool('fail', { description: 'Always fails.' }, () => ({
    content: [{ type: 'text', text: 'The abacus has lost a bead.' }],
    isError: true,
  }))
  server.registerTool('draw', { description: 'Draws.' }, () => ({
    content: [
      { type: 'text', text: 'A dot:' },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'abacus://notes/one.txt', mimeType: 'text/plain', text: 'One bead.' } },
      { type: 'resource', resource: { uri: 'abacus://notes/dot.png', mimeType: 'image/png', blob: PIXEL } },
      { type: 'resource_link', uri: 'abacus://more', name: 'more' },
    ],
  }))
  server.registerTool('count', { description: 'Counts aloud.' }, async ctx => {
    await ctx.mcpReq.log('info', 'I begin.', 'counter')
    const progressToken = ctx.mcpReq._meta?.progressToken
    if (progressToken !== undefined)
      await ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress: 1, total: 2, message: 'one' },
      })
    return { content: [{ type: 'text', text: 'two' }] }
  })
  server.registerTool('wait', { description: 'Never ends.' }, ctx => {
    const { signal } = ctx.mcpReq
    return new Promise((_resolve, reject) => {
      const stop = () => {
        givenUp.push('wait')
        reject(new Error('given up'))
      }
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
    })
  })
  server.registerResource('rules', 'abacus://rules', { mimeType: 'text/plain', description: 'How it is used.' }, uri => ({
    contents: [
      { uri: uri.href, mimeType: 'text/plain', text: 'Move one bead at a time.' },
      { uri: uri.href, mimeType: 'image/png', blob: PIXEL },
    ],
  }))
  server.registerPrompt('explain', { description: 'Explains a sum.', argsSchema: z.object({ sum: z.string() }) }, ({ sum }) => ({
    description: 'A question.',
    messages: [{ role: 'user', content: { type: 'text', text: `Explain ${sum}.` } }],
  }))
  return server
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

/** A server by hand that says hello, and otherwise what a test wants; what it leaves open is unknown to it. */
export function oddServer(answer: Answer, version = '2025-11-25'): Promise<McpTestServer> {
  return listen(async (heard, response) => {
    await answer(heard, response)
    if (response.headersSent) return
    const { method, body } = heard
    if (method !== 'POST') return json(response, {}, 405)
    if (body?.id === undefined) return response.writeHead(202).end()
    if (body.method === 'initialize')
      return json(
        response,
        result(body, { protocolVersion: version, capabilities: { tools: {} }, serverInfo: { name: 'odd', version: '1' } }),
      )
    return json(response, { jsonrpc: '2.0', id: body.id, error: { code: -32601, message: 'Method not found' } })
  })
}

/** The answer to a message. */
export const result = (to: Message, value: unknown) => ({ jsonrpc: '2.0', id: to.id, result: value })

/** What a tool answers in words. */
export const words = (to: Message, text: string) => result(to, { content: [{ type: 'text', text }] })

/** Begins to answer with events. */
export const events = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })

/** An event with a message in it. */
export const event = (message: unknown, id?: string) =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`
