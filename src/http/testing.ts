import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Clock, sortableIds, systemClock } from '#ids.ts'
import { makeLog } from '#log.ts'
import { type Caller, ROLES, type Role } from './caller.ts'
import { type Frame, makeFrame, type Needed, stopFrame } from './frame.ts'
import { makeMetrics } from './metrics.ts'

/** A frame of one test on a free port of this machine. */
export type TestFrame = {
  frame: Frame
  url: string
  port: number
  /** Every line of the log, parsed. */
  lines: Record<string, unknown>[]
  /** The log as it was written. */
  text: () => string
  stop(): Promise<void>
}

/** Patience for tests that wait until it ends. */
export const SHORT = { headers: 400, body: 300, stall: 300, rest: 300, answer: 300, farewell: 50, end: 700 }

/**
 * Makes a frame with the routes of a test. Whoever sends `Authorization: Bearer NAME` is NAME, an editor; `viewer` is one, `key` comes
 * with a key, and `stranger` is nobody.
 */
export async function testFrame(
  build: (frame: Frame) => void | Promise<void>,
  options: Partial<Needed> = {},
): Promise<TestFrame> {
  const written: string[] = []
  const log = makeLog({ level: 'debug', format: 'json', out: { write: line => void written.push(line) } })
  const frame = await makeFrame({
    identify: async request => callerFor(/^Bearer (\w+)$/.exec(request.headers.authorization ?? '')?.[1], request.address),
    permits: (has: Role, needs: Role) => ROLES.indexOf(has) >= ROLES.indexOf(needs),
    once: (_caller, _key, _request, act) => act(),
    metrics: makeMetrics(),
    clock: systemClock,
    ids: sortableIds(systemClock),
    log,
    rateLimit: false,
    trustedProxies: [],
    corsOrigins: [],
    fileMaxBytes: 1_000_000,
    patience: { farewell: 10 },
    ...options,
  })
  await build(frame)
  const url = await frame.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    frame,
    url,
    port: Number(new URL(url).port),
    get lines() {
      return written.map(line => JSON.parse(line))
    },
    text: () => written.join(''),
    stop: () => stopFrame(frame),
  }
}

function callerFor(name: string | undefined, address: string): Caller | null {
  if (name === undefined || name === 'stranger') return null
  const user = { id: name.replace(/^key/, '') || name, email: `${name}@example.org`, name, ownsInstance: false }
  const kind = name.startsWith('key') ? 'key' : 'session'
  return {
    kind,
    id: `${kind}_of_${name}`,
    user,
    workspace: 'wsp_1',
    role: name === 'viewer' ? 'viewer' : 'editor',
    address,
    agent: '',
  }
}

/** A connection on which a test says what it likes. */
export type Talk = {
  socket: Socket
  say(part: string | Uint8Array): void
  heard(): string
  until(pattern: RegExp): Promise<string>
  closed: Promise<string>
}

/** Opens a connection. */
export function talk(port: number): Talk {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  let listeners: (() => void)[] = []
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    heard += chunk
    for (const listener of listeners) listener()
  })
  socket.on('error', () => {})
  const closed = new Promise<string>(resolve => socket.once('close', () => resolve(heard)))
  return {
    socket,
    closed,
    say: part => void socket.write(part),
    heard: () => heard,
    until: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(heard)) return
          listeners = listeners.filter(one => one !== look)
          resolve(heard)
        }
        listeners.push(look)
        closed.then(() => reject(new Error(`the connection ended before ${pattern}: ${heard.slice(0, 2000)}`)))
        look()
      }),
  }
}

/** Says something on a connection of its own and answers with everything that came back until it was closed. */
export function speak(port: number, ...parts: (string | Uint8Array)[]): Promise<string> {
  const one = talk(port)
  for (const part of parts) one.say(part)
  return one.closed
}

/** One answer as it came over the wire; a body that is JSON is read. */
export type Heard = { status: number; headers: Record<string, string>; text: string; body: Record<string, unknown> }

/** The answers in what a connection heard, one after the other. */
export function answersIn(heard: string): Heard[] {
  const answers: Heard[] = []
  for (let rest = heard; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`this is no answer: ${rest.slice(0, 500)}`)
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    )
    const behind = rest.slice(end + 4)
    const text = behind.slice(0, Number(headers['content-length'] ?? 0))
    const isJson = headers['content-type']?.startsWith('application/json') && !headers['content-encoding'] && text !== ''
    answers.push({ status: Number(first.split(' ')[1]), headers, text, body: isJson ? JSON.parse(text) : {} })
    rest = behind.slice(text.length)
  }
  return answers
}

/** A clock that a test moves. */
export function handClock(start = 1_800_000_000_000): Clock & { move(milliseconds: number): void } {
  let now = start
  return {
    now: () => now,
    move(milliseconds) {
      now += milliseconds
    },
  }
}

/** How many bytes are in use once everything that nobody needs is gone. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}
