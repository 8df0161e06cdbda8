import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { root, start } from './child.ts'
import { freePort } from './machine.ts'

/** What came of killing a server again and again. */
export type Proof = {
  seed: number
  kills: number
  seconds: number
  accepted: number
  finished: number
  /** Accepted, and not there or not completed in the end. */
  lost: number
  /** Its result was on disk when the server was killed, and it was called again. */
  repeated: number
  /** Called twice without a kill in between. */
  unexplained: number
  /** Called twice because the result was not on disk yet. */
  explained: number
}

type Options = { folder: string; kills: number; rate: number; seed: number; life: [number, number] }

const PASSWORD = 'a long password for the proof'

/** Kills a real server at random moments under load, and counts what was lost and what was done twice. */
export async function prove({ folder, kills, rate, seed, life }: Options): Promise<Proof> {
  const dice = random(seed)
  const data = join(folder, 'data')
  await mkdir(data, { recursive: true })
  const counter = await startCounter()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const up = () => startServer(folder, data, port)
  let server = await up()
  const hook = await draw(url, counter.url)
  const accepted = new Set<string>()
  const begun = performance.now()
  const load = startLoad(hook, rate, id => accepted.add(id))
  /** What had been done when the server was killed, kill by kill. */
  const deaths: { at: number; done: Set<string> }[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(life[0] + dice() * (life[1] - life[0]))
    server.kill('SIGKILL')
    await once(server, 'exit')
    const at = performance.now()
    deaths.push({ at, done: await readDone(data, join(folder, 'copy')) })
    server = await up()
  }
  await sleep(500)
  await load.stop()
  const seconds = (performance.now() - begun) / 1000
  await untilQuiet(data, folder)
  server.kill('SIGTERM')
  await once(server, 'exit')
  const ended = readEnds(data)
  counter.close()
  const lost = [...accepted].filter(id => ended.get(id) !== 'completed')
  const finished = [...ended.values()].filter(status => status === 'completed').length
  return { seed, kills, seconds, accepted: accepted.size, finished, lost: lost.length, ...judge(counter.calls, deaths) }
}

type Call = { what: string; at: number }

function judge(calls: readonly Call[], deaths: readonly { at: number; done: Set<string> }[]) {
  const seen = new Map<string, number>()
  let [repeated, unexplained, explained] = [0, 0, 0]
  for (const { what, at } of calls) {
    const before = seen.get(what)
    seen.set(what, at)
    if (deaths.some(death => death.at < at && death.done.has(what))) repeated += 1
    else if (before !== undefined && deaths.some(death => before <= death.at && death.at <= at)) explained += 1
    else if (before !== undefined) unexplained += 1
  }
  return { repeated, unexplained, explained }
}

/** Mulberry32: the same seed, the same moments. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A service outside that counts who called it, and for which node of which execution. */
async function startCounter() {
  const calls: Call[] = []
  const server = createServer((incoming, response) => {
    calls.push({ what: (incoming.url ?? '').slice(1), at: performance.now() })
    incoming.resume()
    response.setHeader('content-type', 'application/json')
    response.end('{"ok":true}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close }
}

async function startServer(folder: string, data: string, port: number) {
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: data,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
    OUTBOUND_ALLOW: '127.0.0.0/8',
    EXECUTIONS_BACKLOG: '1000000',
  }
  const out = openSync(join(folder, 'log'), 'a')
  const child = start(process.execPath, [join(root, 'bin/promptpilot.js'), 'start'], {
    env,
    cwd: folder,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}; see ${join(folder, 'log')}`)
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return child
    await sleep(10)
  }
}

/** Five nodes, three of which call the counter; answers with the address of the webhook. */
async function draw(url: string, counter: string): Promise<string> {
  const { token } = await post(`${url}/api/auth/register`, { email: 'p@example.org', password: PASSWORD, name: 'P' })
  const call = (key: string) => ({
    id: key,
    key,
    block: 'http.request',
    params: { method: 'PUT', url: `${counter}/{{ execution.id }}/${key}` },
  })
  const nodes = [
    { id: 'hook', key: 'hook', block: 'webhook.receive', params: { reply: 'accepted' } },
    { id: 'first', key: 'first', block: 'core.set', params: { fields: { n: '{{ trigger.body.n }}' } } },
    call('a'),
    call('b'),
    call('c'),
    { id: 'last', key: 'last', block: 'core.set', params: { fields: { ok: '{{ c.body.ok }}' } } },
  ]
  const edges = nodes.slice(1).map((node, at) => ({ source: nodes[at]?.id, target: node.id }))
  // By itself a workflow keeps 10,000 executions, and what is deleted would look as if it were lost.
  const settings = { retention: { runs: 1_000_000 } }
  const { id } = await post(`${url}/api/workflows`, { name: 'proof', nodes, edges, settings }, token)
  await post(`${url}/api/workflows/${id}/publish`, {}, token)
  const answer = await fetch(`${url}/api/triggers?workflowId=${id}`, { headers: { authorization: `Bearer ${token}` } })
  const { items } = Object(await answer.json())
  return String(items[0].url)
}

async function post(url: string, body: object, token?: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`)
  return JSON.parse(text)
}

/** Calls so often in a second, whether the server answers or not; what it has accepted is told. */
function startLoad(hook: string, rate: number, taken: (id: string) => void) {
  const { hostname, port, pathname } = new URL(hook)
  const open = new Set<Promise<void>>()
  let count = 0
  const one = () =>
    new Promise<void>(resolve => {
      const asked = request({ hostname, port, path: pathname, method: 'POST', headers: { 'content-type': 'application/json' } })
      asked.on('error', () => resolve())
      asked.on('response', response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () => {
          if (response.statusCode === 202) taken(JSON.parse(text).executionId)
          resolve()
        })
        response.on('error', () => resolve())
      })
      asked.end(JSON.stringify({ n: count++ }))
    })
  const begun = performance.now()
  const timer = setInterval(() => {
    // Not more than the server can have open: while it is away nobody is served.
    for (let due = ((performance.now() - begun) / 1000) * rate; count < due; ) {
      if (open.size > 100) {
        count = Math.ceil(due)
        return
      }
      const going = one().finally(() => open.delete(going))
      open.add(going)
    }
  }, 10)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
    },
  }
}

/** What the journal says was done, of a copy that nobody else has open. */
async function readDone(data: string, copy: string): Promise<Set<string>> {
  await rm(copy, { recursive: true, force: true })
  await cp(data, copy, { recursive: true })
  const db = new DatabaseSync(join(copy, 'database.sqlite'))
  const done = new Set<string>()
  for (const row of db.prepare('select execution_id, events from journal').iterate())
    for (const event of JSON.parse(String(row.events))) if (event.type === 'done') done.add(`${row.execution_id}/${event.path}`)
  db.close()
  return done
}

function readEnds(data: string): Map<string, string> {
  const db = new DatabaseSync(join(data, 'database.sqlite'), { readOnly: true })
  const rows = db.prepare('select id, status from executions').all()
  db.close()
  return new Map(rows.map(row => [String(row.id), String(row.status)]))
}

async function untilQuiet(data: string, folder: string): Promise<void> {
  const late = performance.now() + 120_000
  while ([...readEnds(data).values()].some(status => ['queued', 'running', 'paused'].includes(status))) {
    if (performance.now() > late) throw new Error(`executions do not end; see ${join(folder, 'log')}`)
    await sleep(100)
  }
}
