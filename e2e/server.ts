import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Line = { message?: string; to?: string; link?: string }

/** A server of its own, with a folder of its own: started as a person would, stopped by its id. */
export class Server {
  url = ''
  readonly lines: Line[] = []
  readonly #env: Record<string, string>
  #child: ChildProcess | null = null
  #folder = ''

  constructor(env: Record<string, string> = {}) {
    this.#env = env
  }

  /** Starts, or starts again in the same folder, and waits until it is ready. */
  async start(): Promise<void> {
    this.#folder ||= await mkdtemp(join(tmpdir(), 'promptpilot-story-'))
    // A server that starts again has to be found where the browser has its cookies.
    const port = this.url === '' ? '0' : new URL(this.url).port
    const env = {
      ...process.env,
      DATA_DIR: this.#folder,
      PORT: port,
      HOST: '127.0.0.1',
      RATE_LIMIT: 'off',
      LOG_FORMAT: 'json',
      ...this.#env,
    }
    const child = spawn(process.execPath, ['bin/promptpilot.js', 'start'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    this.url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', text => {
        const line = parse(text)
        this.lines.push(line)
        const [address] = String(line.message ?? '').match(/http:\/\/[\w.:[\]]+/) ?? []
        if (address) resolve(address)
      })
      child.once('exit', code => reject(new Error(`the server ended with ${code} before it was ready`)))
    })
  }

  /** Stops it the way an operator does, or as a power cut does, and waits until it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }

  /** Stops it and takes its folder away. */
  async end(): Promise<void> {
    await this.stop()
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true })
  }

  /** The newest link that was printed in the log for somebody. */
  async linkFor(email: string): Promise<string> {
    for (let tries = 0; tries < 100; tries += 1) {
      const link = this.lines.findLast(line => line.to === email && line.link)?.link
      if (link) return link
      await pause(50)
    }
    throw new Error(`no link for ${email} in the log`)
  }

  /** Calls the API as a program does. */
  async call(
    method: string,
    path: string,
    { token, body, headers }: Call = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body instanceof FormData || body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body instanceof FormData ? body : body === undefined ? null : JSON.stringify(body),
    })
    return { status: response.status, body: parse(await response.text()) }
  }
}

type Call = { token?: string; body?: unknown; headers?: Record<string, string> }

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
