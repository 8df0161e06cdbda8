import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Where } from '#db/testing.ts'
import { type Got, register, startServer, type TestServer } from '#testing.ts'

/** A node as tests write it: the key is the id, too. */
export type Box = { key: string; block: string; params?: Record<string, unknown> } & Record<string, unknown>

/** Nodes, and arrows as `from -> to` or `from:outlet -> to`. */
export type Drawing = { nodes: Box[]; edges: string[] } & Record<string, unknown>

/** The whole product with somebody signed in, for tests of executions. */
export type Stage = {
  server: TestServer
  token: string
  /** Makes a workflow and publishes it; answers with its id. */
  publish(drawing: Drawing): Promise<string>
  /** Runs it and waits for its end, or for as long as it takes to rest. */
  run(id: string, input?: unknown): Promise<Got['body']>
  start(id: string, input?: unknown): Promise<string>
  get(path: string): Promise<Got['body']>
  post(path: string, body?: unknown, status?: number): Promise<Got['body']>
  /** Waits until an execution stands so. */
  until(id: string, ...statuses: string[]): Promise<Got['body']>
  /** The log of an execution, as `path status`. */
  log(id: string): Promise<string[]>
  /** Stops the server and starts another on the same data. */
  restart(how?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Sets the stage where a database is. */
export async function setStage(where: Where, settings: Record<string, string> = {}): Promise<Stage> {
  const open = () => startServer(where, { OUTBOUND_ALLOW: '127.0.0.0/8', ...settings })
  let server = await open()
  const token = await register(server, 'owner@example.org')
  const get = async (path: string) => {
    const { status, body, text } = await server.send(path, { token })
    assert.equal(status, 200, `${path} ${text}`)
    return body
  }
  const post = async (path: string, body: unknown = {}, status?: number) => {
    const got = await server.send(path, { token, body })
    assert.ok(status === undefined ? got.status < 300 : got.status === status, `${path} ${got.status} ${got.text}`)
    return got.body
  }
  const until = async (id: string, ...statuses: string[]) => {
    const late = Date.now() + 20_000
    for (;;) {
      const it = await get(`/api/executions/${id}`)
      if (statuses.includes(it.status)) return it
      assert.ok(Date.now() < late, `it never became ${statuses.join(' or ')}: ${JSON.stringify(it)}`)
      await sleep(10)
    }
  }
  return {
    get server() {
      return server
    },
    token,
    get,
    post,
    until,
    async publish(drawing) {
      const { id } = await post('/api/workflows', documentOf(drawing))
      await post(`/api/workflows/${id}/publish`)
      return id
    },
    async run(id, input = {}) {
      const { executionId } = await post(`/api/workflows/${id}/execute`, { input })
      return until(executionId, 'completed', 'failed', 'cancelled', 'paused')
    },
    start: async (id, input = {}) => (await post(`/api/workflows/${id}/execute`, { input })).executionId,
    async log(id) {
      const { items } = await get(`/api/executions/${id}/logs?limit=200`)
      return items.map((one: { path: string; status: string }) => `${one.path} ${one.status}`)
    },
    async restart(how = () => server.stop()) {
      await how()
      server = await open()
    },
    async close() {
      await server.stop()
      await where.drop()
    },
  }
}

/** The workflow that a drawing means. */
export function documentOf({ nodes, edges, ...more }: Drawing) {
  return {
    name: 'a test',
    nodes: nodes.map(({ key, ...node }) => ({ id: key, key, ...node })),
    edges: edges.map(text => {
      const [from = '', target = ''] = text.split(' -> ')
      const [source, sourceHandle] = from.split(':')
      return { source, target, ...(sourceHandle ? { sourceHandle } : {}) }
    }),
    ...more,
  }
}

/** What a service was asked. */
export type Call = { method: string; path: string; body: unknown; headers: IncomingMessage['headers'] }

/** A service outside, which remembers what it was asked. */
export type Service = { url: string; calls: Call[]; close(): Promise<void> }

/** Starts a service on a port of this machine. */
export async function startService(
  answer: (
    call: Call,
  ) =>
    | Promise<{ status?: number; headers?: Record<string, string>; body?: unknown }>
    | { status?: number; headers?: Record<string, string>; body?: unknown },
): Promise<Service> {
  const calls: Call[] = []
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: text === '' ? null : JSON.parse(text),
      headers: request.headers,
    }
    calls.push(call)
    const { status = 200, headers = {}, body = {} } = await answer(call)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
