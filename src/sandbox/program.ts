import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Fault, messageOf } from '#errors.ts'

/** A command that may be started, word for word; `more` lets further words follow. Of `env`, null is a variable whose value the caller says. */
export type Allowed = {
  readonly words: readonly string[]
  readonly more: boolean
  readonly env: Readonly<Record<string, string | null>>
}

/** What is to be started. No shell reads it. */
export type Wanted = { command: string; args?: readonly string[]; env?: Readonly<Record<string, string>> }

/** A program that runs. */
export type Running = {
  /** What it writes, as it comes; it is read once. Fails when the program ends badly or writes too much. */
  readonly output: AsyncIterable<Uint8Array>
  write(text: string): Promise<void>
  /** Closes its input, gives it a moment to end by itself, and ends it with everything it has started. */
  end(): Promise<void>
}

/** Programs on this machine that the operator allowed. */
export type Programs = {
  /** Fails with `program.…`, or with the reason of the signal. */
  start(wanted: Wanted, how: { signal: AbortSignal; log: (line: string) => void }): Promise<Running>
  /** Ends all of them. */
  close(): Promise<void>
}

type Needed = {
  allowed: readonly Allowed[]
  /** What every program sees of our environment. */
  env: Readonly<Record<string, string>>
  /** How many run at once. */
  most?: number
  /** Milliseconds that one has to end by itself, and again after it was told to. */
  grace?: number
}

const MOST = 20
const GRACE = 2_000
const MOST_OUTPUT = 64 * 2 ** 20
/** So much of what it says about itself goes into the message of a failure. */
const WORDS = 500

/** Makes it possible to start what is allowed, and nothing else. */
export function makePrograms({ allowed, env, most = MOST, grace = GRACE }: Needed): Programs {
  const all = new Set<() => Promise<void>>()
  let closed = false

  async function start(wanted: Wanted, { signal, log }: { signal: AbortSignal; log: (line: string) => void }): Promise<Running> {
    signal.throwIfAborted()
    if (closed) throw new Fault('server.stopping')
    const own = environment(allowed, wanted)
    if (all.size >= most)
      throw new Fault('program.busy', { message: `${most} programs run already, and no more may.`, retryAfter: 5 })
    // A group of its own, so that what it starts can be ended with it.
    const child = spawn(wanted.command, wanted.args ?? [], { cwd: '/', env: { ...env, ...own }, stdio: 'pipe', detached: true })
    const ended = endOf(child)
    const end = () => leave(child, ended.promise, grace)
    all.add(end)
    const stop = () => void end()
    signal.addEventListener('abort', stop, { once: true })
    const gone = ended.promise.then(how => {
      all.delete(end)
      signal.removeEventListener('abort', stop)
      return how
    })
    try {
      await begun(child, wanted.command)
    } catch (error) {
      ended.resolve('did not start')
      throw error
    }
    const said = listen(child, log)
    return {
      output: read(child, { name: wanted.command, said, gone, signal }),
      write: text => write(child, text),
      end,
    }
  }

  return {
    start,
    async close() {
      closed = true
      await Promise.all([...all].map(end => end()))
    },
  }
}

/** What the program may be given of the environment that was asked for. */
function environment(allowed: readonly Allowed[], { command, args = [], env = {} }: Wanted): Record<string, string> {
  const words = [command, ...args]
  const line = words.map(quoted).join(' ')
  const fitting = allowed.filter(
    one =>
      one.words.every((word, at) => word === words[at]) &&
      (one.more ? words.length >= one.words.length : words.length === one.words.length),
  )
  const names = Object.keys(env)
  const setting = [...names.map(name => `${name}=`), line].join(' ')
  const found = fitting.find(one => names.every(name => one.env[name] === null))
  if (!found) {
    const what = fitting.length > 0 ? `with the variables ${names.join(', ')}` : 'on this server'
    throw new Fault('program.not_allowed', {
      message: `The command ${line} may not be started ${what}. Whoever runs the server can allow it with the setting MCP_COMMANDS: ${setting}`,
    })
  }
  const fixed = Object.entries(found.env).filter((pair): pair is [string, string] => pair[1] !== null)
  return { ...Object.fromEntries(fixed), ...env }
}

const quoted = (word: string): string => (/^[^\s",]+$/.test(word) ? word : `"${word.replaceAll('"', '')}"`)

function begun(child: ChildProcessWithoutNullStreams, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error => {
      const missing = 'code' in error && error.code === 'ENOENT'
      const message = missing
        ? `There is no program ${name} on this server.`
        : `${name} could not be started: ${messageOf(error)}`
      reject(new Fault('program.not_started', { message, cause: error }))
    })
  })
}

/** How it ended, in words. What it leaves behind is ended with it. */
function endOf(child: ChildProcessWithoutNullStreams): PromiseWithResolvers<string> {
  const ended = Promise.withResolvers<string>()
  // That it could not be started is heard elsewhere; that it could not be ended says nothing new.
  child.on('error', () => {})
  child.once('exit', () => strike(child, 'SIGKILL'))
  child.once('close', (code, signal) => ended.resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`))
  // Whoever reads its output hears of its end; nobody else has to.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {})
  return ended
}

async function leave(child: ChildProcessWithoutNullStreams, gone: Promise<string>, grace: number): Promise<void> {
  child.stdin.end()
  // What it still writes must not keep it from ending.
  child.stdout.resume()
  if (await within(gone, grace)) return
  strike(child, 'SIGTERM')
  if (await within(gone, grace)) return
  strike(child, 'SIGKILL')
  await gone
}

async function within(gone: Promise<string>, grace: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), grace)
  const done = await Promise.race([gone.then(() => true), late.promise])
  clearTimeout(timer)
  return done
}

/** The whole group, which has the number of its first process. */
function strike({ pid }: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody of it is there any more.
  }
}

/** Its words about itself go into the log; the last of them may explain its end. */
function listen(child: ChildProcessWithoutNullStreams, log: (line: string) => void): { last: string } {
  const said = { last: '' }
  createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
    if (line.trim() === '') return
    said.last = line.slice(0, WORDS)
    log(line)
  })
  return said
}

type Reading = { name: string; said: { last: string }; gone: Promise<string>; signal: AbortSignal }

async function* read(child: ChildProcessWithoutNullStreams, { name, said, gone, signal }: Reading): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of child.stdout) {
    size += chunk.length
    if (size > MOST_OUTPUT) throw new Fault('program.too_large', { message: `${name} wrote more than ${MOST_OUTPUT} bytes.` })
    yield chunk
  }
  const how = await gone
  signal.throwIfAborted()
  if (how !== 'ended with code 0')
    throw new Fault('program.ended', { message: `${name} ${how}${said.last && `; it said: ${said.last}`}.` })
}

function write({ stdin }: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.write(text, error => (error ? reject(error) : resolve()))
  })
}
