import { ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The root of the project. */
export const root = fileURLToPath(new URL('../', import.meta.url))

/** What a program said and how it ended. */
export type Ended = { code: number | null; out: string }

const groups = new Set<number>()
const folders = new Set<string>()
let stopping = false

/** Starts a program as the head of a group of its own, so that it can be ended with everything it started. Our Node comes first in its PATH. */
export function start(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  if (stopping) return new ChildProcess()
  const bins = [dirname(process.execPath), join(root, 'node_modules/.bin')]
  const path = [...bins, options.env?.PATH ?? process.env.PATH].join(delimiter)
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...process.env, ...options.env, PATH: path },
    detached: true,
  })
  const { pid } = child
  if (pid === undefined) return child
  groups.add(pid)
  child.once('exit', () => {
    end(pid)
    groups.delete(pid)
  })
  return child
}

/** Runs a program to its end and keeps what it says. */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Promise(done => {
    const child = start(command, args, options)
    let out = ''
    const keep = (chunk: Buffer) => {
      out += chunk
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', error => done({ code: null, out: error.message }))
    child.once('close', code => done({ code, out }))
  })
}

/** Ends a program and everything it started, at once. */
export function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A folder that is gone when this process is; others may look into it. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  chmodSync(folder, 0o755)
  folders.add(folder)
  return folder
}

/**
 * Asks everything that was started to end, and waits a little; what is still there then is ended when this process is. Only the
 * first process of each group is asked: it knows how to stop the others, and to some a second signal means at once.
 */
export async function stop(): Promise<void> {
  stopping = true
  for (const pid of groups) process.kill(pid, 'SIGINT')
  for (let waits = 0; groups.size > 0 && waits < 50; waits += 1) await setTimeout(100)
}

process.once('exit', () => {
  for (const pid of groups) end(pid)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping) void stop().then(() => process.exit(130))
  })
}
