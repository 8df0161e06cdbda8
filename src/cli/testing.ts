import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../bin/promptpilot.js', import.meta.url))

/** A `promptpilot` in a process of its own, as an operator would start it. */
export type Process = {
  child: ChildProcess
  /** What it has written so far, on the standard output and on the other. */
  out: () => string
  complaints: () => string
  /** Every line of its log. */
  lines: () => Record<string, unknown>[]
  /** The address it listens on, once it is ready. */
  ready: () => Promise<string>
  /** Waits until something stands on the standard output. */
  says: (words: RegExp) => Promise<string>
  /** How it ended, and how many milliseconds that took from now. */
  ended: () => Promise<{ code: number | null; signal: string | null; took: number }>
  stop: (signal?: NodeJS.Signals) => Promise<{ code: number | null; signal: string | null; took: number }>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts `promptpilot` with these words and settings and no others. */
export function startProcess(words: string[], settings: Record<string, string>, cwd: string): Process {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', LOG_FORMAT: 'json', ...settings }
  const child = spawn(process.execPath, [MAIN, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const written = { out: '', complaints: '' }
  child.stdout?.setEncoding('utf8').on('data', text => {
    written.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    written.complaints += text
  })
  running.add(child)
  const over = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return { code, signal }
  })
  const lines = () =>
    written.out.split('\n').flatMap(line => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []))
  async function until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (!running.has(child)) throw new Error(`it ended too early: ${written.out}${written.complaints}`)
      await sleep(10)
    }
  }
  const ended = async () => {
    const begun = Date.now()
    return { ...(await over), took: Date.now() - begun }
  }
  return {
    child,
    out: () => written.out,
    complaints: () => written.complaints,
    lines,
    ready: () =>
      until(() => {
        const line = lines().find(one => String(one.message).startsWith('PromptPilot is ready at '))
        return line === undefined ? undefined : String(line.address)
      }),
    says: words => until(() => words.exec(written.out)?.[0]),
    ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended()
    },
  }
}

/** Runs `promptpilot` to its end. */
export async function runProcess(words: string[], settings: Record<string, string>, cwd: string) {
  const it = startProcess(words, settings, cwd)
  const { code } = await it.ended()
  return { code, out: it.out(), complaints: it.complaints() }
}
