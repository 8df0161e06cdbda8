import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { root, start } from '../tools/child.ts'
import { freePort } from '../tools/machine.ts'

const PERSON = { email: 'bench@example.org', password: 'a long password for the bench' }

/** What `npm start` gives to Node. */
function asStarted(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, ...args] = String(scripts.start).split(' ')
  return args.map(it => (it === 'bin/promptpilot.js' ? join(root, it) : it))
}

/** A PromptPilot in a process of its own. `toLine` and `toReady` are the milliseconds it took to say its address and to be ready, from `begun`. */
export type Server = { url: string; pid: number; begun: number; toLine: number; toReady: number; close: () => Promise<void> }

/** Starts the server as a person would, on a folder and a free port, and waits until it is ready. */
export async function startServer(folder: string, more: Record<string, string> = {}): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder, RATE_LIMIT: 'off', LOG_FORMAT: 'json', ...more }
  const said = join(folder, '..', `${port}.log`)
  const out = openSync(said, 'w')
  const begun = performance.now()
  const child = start(process.execPath, asStarted(), {
    env,
    cwd: join(folder, '..'),
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  let toLine = 0
  let toReady = 0
  while (toReady === 0 || toLine === 0) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${readFileSync(said, 'utf8')}`)
    if (toLine === 0 && readFileSync(said).includes(url)) toLine = performance.now() - begun
    const answer = await fetch(`${url}/api/health/ready`).catch(() => null)
    if (answer?.status === 200 && toReady === 0) toReady = performance.now() - begun
    await answer?.body?.cancel()
    await setTimeout(5)
  }
  const { pid = 0 } = child
  const close = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { url, pid, begun, toLine, toReady, close }
}

/** The first account of a server, an API key of it, and fifty keys to list. */
export async function populate(url: string): Promise<{ email: string; password: string; key: string }> {
  const token = await register(url)
  const keys = []
  for (let number = 1; number <= 50; number += 1)
    keys.push(await post(`${url}/api/keys`, { name: `Key ${number}` }, { authorization: `Bearer ${token}` }))
  return { ...PERSON, key: String(keys[0]?.key) }
}

/** Makes the first account of a server, and answers with its token. */
export async function register(url: string): Promise<string> {
  const { token } = await post(`${url}/api/auth/register`, { ...PERSON, name: 'Bench' })
  return String(token)
}

/** Sends JSON and reads the answer. Fails with what was said where it is not taken. */
export async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`)
  return JSON.parse(text)
}
