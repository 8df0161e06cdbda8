import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Ending, Head } from './engine.ts'
import { frame, unframe } from './frames.ts'
import { LIMITS } from './limits.ts'

/** What comes from a child. */
export type Heard =
  | { kind: 'ready' }
  | { kind: 'log'; line: string }
  | { kind: 'value'; text: string }
  | { kind: 'ending'; ending: Ending }
  /** The process is no more; `spent` says that it had no memory left. */
  | { kind: 'gone'; spent: boolean; how: string }

/** A process that runs code, one run after the other. */
export type Child = {
  send(head: Head, code: string, input: string): void
  /** Keeps our own process alive while it works, and not while it is idle. */
  hold(busy: boolean): void
  /** It ends by itself when it has nothing to do any more. */
  end(): void
  kill(): void
  readonly gone: Promise<void>
}

/** What the last words of a dying process are cut to. */
const WORDS = 2_000
/** Three times less than the server gets, where both want the processor. */
const NICE = 5

/** Starts a process with these arguments, without an environment. `hear` may throw: then the process is killed. */
export function startChild(args: string[], hear: (heard: Heard) => void): Child {
  const it = spawn(process.execPath, args, { cwd: '/', env: { TZ: 'UTC' }, stdio: 'pipe' })
  let said = ''
  const ended = Promise.withResolvers<void>()
  const gone = (how: string) => {
    hear({ kind: 'gone', spent: /out of memory/i.test(said), how: `${how}${said && `: ${said.trim()}`}` })
    ended.resolve()
  }
  const take = unframe(2 * LIMITS.output, (kind, text) => hear(heardOf(kind, text)))
  it.stdout.on('data', chunk => {
    try {
      take(chunk)
    } catch (error) {
      said += `what it says cannot be read: ${error}`
      it.kill('SIGKILL')
    }
  })
  it.stderr.on('data', chunk => {
    said = (said + chunk).slice(0, WORDS)
  })
  // The end of the process says why nothing more can be written to it.
  it.stdin.on('error', () => {})
  if (it.pid === undefined) it.once('error', error => gone(error.message))
  else {
    it.once('close', (code, signal) => gone(signal ? `ended by ${signal}` : `ended with code ${code}`))
    yieldTo(it.pid)
  }
  return {
    send(head, code, input) {
      it.stdin.cork()
      for (const text of [JSON.stringify(head), code, input]) it.stdin.write(frame(0, text))
      it.stdin.uncork()
    },
    hold(busy) {
      for (const one of [it, it.stdin, it.stdout, it.stderr]) {
        if (!('ref' in one)) continue
        if (busy) one.ref()
        else one.unref()
      }
    },
    end: () => it.stdin.end(),
    kill: () => it.kill('SIGKILL'),
    gone: ended.promise,
  }
}

function heardOf(kind: number, text: string): Heard {
  if (kind === 0) return { kind: 'ready' }
  if (kind === 1) return { kind: 'log', line: text }
  return kind === 2 ? { kind: 'value', text } : { kind: 'ending', ending: JSON.parse(text) }
}

/** The server comes first; and where the machine runs out of memory, this process is the one to go. Neither is possible everywhere. */
function yieldTo(pid: number): void {
  try {
    setPriority(pid, NICE)
  } catch {}
  writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => {})
}
