import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Process, startProcess } from '#cli/testing.ts'
import { readConfig } from '#config.ts'
import type { Where } from '#db/testing.ts'
import type { Clock } from '#ids.ts'
import { silent } from '#log.ts'
import { closeWorld, openWorld } from '#open.ts'
import { type Got, type Instead, PASSWORD, register, startServer, type TestServer } from '#testing.ts'
import type { World } from '#world.ts'
import { type Runner, startRunner } from './runner.ts'
import type { ShellLimits } from './shell.ts'

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
export async function setStage(where: Where, settings: Record<string, string> = {}, instead: Instead = {}): Promise<Stage> {
  const open = () => startServer(where, { OUTBOUND_ALLOW: '127.0.0.0/8', ...settings }, instead)
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
    const late = Date.now() + 60_000
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

/** A runner on a database without any doors, so that several can stand side by side, or die. */
export type Engine = {
  world: World
  runner: Runner
  /** Starts what was published; answers with its id when it is accepted. */
  start(of: Published, input?: unknown): Promise<string>
  /** Stands still as a process does that was killed: nothing is written any more. */
  die(): Promise<void>
  stop(): Promise<void>
}

/** A version of a workflow, for engines. */
export type Published = { workspace: string; version: string; nodeId: string }

const LIMITS = { atOnce: 200, writes: 20_000, backlog: 100_000, quota: 25_000, age: 3_600_000, lease: 15_000 }

/** Starts a runner where a database is. */
export async function startEngine(where: Where, limits: Partial<ShellLimits> = {}, clock?: Clock): Promise<Engine> {
  const config = readConfig({ DATA_DIR: where.dir, DATABASE_URL: where.url ?? '', OUTBOUND_ALLOW: '127.0.0.0/8' })
  const world = await openWorld(config, silent, clock ? { clock } : {})
  const runner = await startRunner(world, { ...LIMITS, ...limits })
  return {
    world,
    runner,
    async start({ workspace, version, nodeId }, input = {}) {
      const ready = await runner.shell.plans.load(workspace, version)
      const wanted = { workspace, ready, start: 'manual', triggerId: null, nodeId, lane: 1, parent: null, forkedFrom: null }
      return (await runner.accept(wanted, input)).id
    },
    async die() {
      halt(runner)
      await runner.stop()
      await closeWorld(world)
    },
    async stop() {
      await runner.stop()
      await closeWorld(world)
    },
  }
}

/** As a crash does: nothing is begun, heard or written any more. */
export function halt({ shell }: Runner): void {
  shell.closing = true
  for (const run of shell.runs.values()) {
    run.gone = true
    clearTimeout(run.timer)
    for (const controller of run.running.values()) controller.abort()
  }
  shell.runs.clear()
}

/** Publishes a workflow where a database is, for engines. */
export async function publishAt(where: Where, drawing: Drawing, who = 'owner@example.org'): Promise<Published> {
  const server = await startServer(where, { OPEN_SIGNUP: 'true' })
  const token = await register(server, who)
  const { body, text } = await server.send('/api/workflows', { token, body: documentOf(drawing) })
  const { status } = await server.send(`/api/workflows/${body.id}/publish`, { token, body: {} })
  assert.ok(status < 300, text)
  const { id: version, workspace_id } = await server.world.db
    .selectFrom('workflow_versions')
    .select(['id', 'workspace_id'])
    .where('workflow_id', '=', body.id)
    .executeTakeFirstOrThrow()
  await server.stop()
  return { workspace: workspace_id, version, nodeId: drawing.nodes[0]?.key ?? '' }
}

/** A server in a process of its own, and somebody who asks it. */
export type Real = {
  process: Process
  ask(path: string, body?: unknown, method?: string): Promise<{ status: number; body: Got['body'] }>
  /** Makes a workflow and publishes it; answers with its id. */
  publish(drawing: Drawing): Promise<string>
  start(id: string, input?: unknown): Promise<string>
  status(id: string): Promise<string>
}

/** Starts a server in a process of its own where a database is. Without a token somebody is registered. */
export async function startReal(where: Where, token = ''): Promise<Real & { token: string }> {
  const settings = { DATA_DIR: where.dir, DATABASE_URL: where.url ?? '', RATE_LIMIT: 'off', OUTBOUND_ALLOW: '127.0.0.0/8' }
  const process = startProcess(['start'], settings, where.dir)
  const url = await process.ready()
  let bearer = token
  const ask: Real['ask'] = async (path, body, method) => {
    const answer = await fetch(url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  const demand = async (path: string, body?: unknown) => {
    const answer = await ask(path, body)
    assert.ok(answer.status < 300, `${path} ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  if (bearer === '')
    bearer = (await demand('/api/auth/register', { email: 'owner@example.org', password: PASSWORD, name: 'Owner' })).token
  return {
    token: bearer,
    process,
    ask,
    async publish(drawing) {
      const { id } = await demand('/api/workflows', documentOf(drawing))
      await demand(`/api/workflows/${id}/publish`, {})
      return id
    },
    start: async (id, input = {}) => (await demand(`/api/workflows/${id}/execute`, { input })).executionId,
    status: async id => (await demand(`/api/executions/${id}`)).status,
  }
}

/** Looks until it is so. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 120_000; !(await is()); await sleep(10)) assert.ok(Date.now() < late, `never: ${what}`)
}

/** A service whose calls of `/held…` are answered when it is opened. */
export type Gate = Service & { open(): void; shut(): void; count(path: string): number }

/** Starts a service that can hold its answers back. */
export async function startGate(): Promise<Gate> {
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  const service = await startService(async ({ path }) => {
    if (path.startsWith('/held')) await gate.promise
    return { body: { path } }
  })
  return {
    ...service,
    open: () => gate.resolve(),
    shut() {
      gate.resolve()
      gate = Promise.withResolvers()
    },
    count: path => service.calls.filter(call => call.path === path).length,
  }
}
