import { readdir } from 'node:fs/promises'
import { makeApp } from './app.ts'
import { readConfig } from './config.ts'
import type { Where } from './db/testing.ts'
import { type Runner, startRunner } from './executions/runner.ts'
import { type Frame, stopFrame } from './http/frame.ts'
import { type Clock, systemClock } from './ids.ts'
import { makeLog } from './log.ts'
import { closeWorld, openWorld } from './open.ts'
import type { Connector } from './sdk/define.ts'
import { makeLibrary } from './sdk/library.ts'
import type { World } from './world.ts'

/** What a request of a test may carry. */
export type Sent = { body?: unknown; token?: string | undefined; headers?: Record<string, string>; method?: string }

/** What came back. `body` is parsed if it is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was answered, and fails where it is not there.
export type Got = { status: number; body: any; headers: Headers; text: string }

/** A whole server of one test, on a real port of this machine. */
export type TestServer = {
  url: string
  world: World
  frame: Frame
  runner: Runner
  /** Every line of the log, parsed. */
  lines: Record<string, unknown>[]
  send(path: string, sent?: Sent): Promise<Got>
  /** The newest link in the log that was meant for this address. */
  linkFor(email: string): string
  stop(): Promise<void>
}

/** What a test may put in the place of what there is: more connectors, and a clock of its own. */
export type Instead = { connectors?: readonly Connector[]; clock?: Clock }

/** Starts the whole product where a database is. `stop` leaves the data; the database is dropped by whoever made its place. */
export async function startServer(
  where: Where,
  settings: Record<string, string> = {},
  { connectors = [], clock = systemClock }: Instead = {},
): Promise<TestServer> {
  const lines: Record<string, unknown>[] = []
  const config = readConfig({
    RATE_LIMIT: 'off',
    PORT: '0',
    DATA_DIR: where.dir,
    DATABASE_URL: where.url ?? '',
    DATABASE_POOL: '5',
    LOG_LEVEL: 'debug',
    ...settings,
  })
  const log = makeLog({ level: 'debug', format: 'json', out: { write: line => void lines.push(JSON.parse(line)) } })
  const world = await openWorld(config, log, { clock })
  if (connectors.length > 0) world.library = makeLibrary([...world.library.connectors, ...connectors])
  const runner = await startRunner(world)
  const frame = await makeApp(world, runner)
  const url = await frame.app.listen({ host: config.host, port: config.port })
  world.listening.address = url
  return {
    url,
    world,
    frame,
    runner,
    lines,
    send: (path, sent) => send(url, path, sent),
    linkFor(email) {
      const line = lines.findLast(one => one.to === email && typeof one.link === 'string')
      if (!line) throw new Error(`nothing was sent to ${email}`)
      return String(line.link)
    },
    async stop() {
      await Promise.all([stopFrame(frame), runner.stop()])
      await closeWorld(world)
    },
  }
}

async function send(url: string, path: string, { body, token, headers = {}, method }: Sent = {}): Promise<Got> {
  const raw = body instanceof FormData || body instanceof Uint8Array || typeof body === 'string'
  const response = await fetch(url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await response.text()
  const json = /^application\/json(;|$)/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, body: json && text !== '' ? JSON.parse(text) : text, headers: response.headers, text }
}

/** A password that is long enough. */
export const PASSWORD = 'correct horse battery'

/** Registers somebody and answers with the bearer token; with an invitation, into its workspace. */
export async function register(server: TestServer, email: string, invitation?: string): Promise<string> {
  const { status, body } = await server.send('/api/auth/register', {
    body: { email, password: PASSWORD, name: email.split('@', 1)[0], ...(invitation ? { invitation } : {}) },
  })
  if (status !== 201) throw new Error(`registering ${email}: ${status} ${JSON.stringify(body)}`)
  return body.token
}

/** Invites somebody with a role, registers them with the link from the log, and answers with their bearer token. */
export async function join(server: TestServer, owner: string, email: string, role: string): Promise<string> {
  const { status, body } = await server.send('/api/invitations', { token: owner, body: { email, role } })
  if (status !== 201) throw new Error(`inviting ${email}: ${status} ${JSON.stringify(body)}`)
  return register(server, email, server.linkFor(email).split('#')[1])
}

/** The names of everything in a folder and below. */
export const everythingIn = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).toSorted()
