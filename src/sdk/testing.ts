import type {
  CallReply,
  CallRequest,
  Context,
  FileValue,
  MailLetter,
  MailServer,
  MemoryLine,
  NodeTool,
  Program,
  Round,
  Running,
  Script,
  ScriptResult,
} from './context.ts'
import { Refused } from './fail.ts'

/** What a test gives a block; what it leaves out fails when it is asked for. */
export type TestGiven = {
  credential?: { kind: string; values: Record<string, string> }
  /** Such as that of `makeOutbound`. */
  call?: (request: CallRequest, signal: AbortSignal) => Promise<CallReply>
  models?: Context['models']
  rounds?: Round[]
  tools?: NodeTool[]
  asked?: Context['asked']
  memory?: Record<string, MemoryLine[]>
  program?: (wanted: Program) => Promise<Running>
  mail?: (letter: MailLetter, server?: MailServer) => Promise<{ id: string; accepted: string[]; rejected: string[] }>
  script?: (script: Script) => Promise<ScriptResult>
  filler?: (field: string) => (extra: Record<string, unknown>) => unknown
  signal?: AbortSignal
  now?: number
  attempt?: number
  key?: string
  timezone?: string
}

/** A context and what was left in it. */
export type TestContext = {
  context: Context
  /** What the block wrote into its log. */
  lines: string[]
  /** The files, with their bytes, by their ids. */
  stored: Map<string, { value: FileValue; bytes: Uint8Array }>
  /** The events it told of. */
  told: { name: string; data: unknown }[]
  /** What it added to its memory. */
  kept: { key: string; lines: readonly MemoryLine[] }[]
  /** Puts a file there before the block runs. */
  store(name: string, content: string | Uint8Array, type?: string): FileValue
}

/** Makes a real context for a block: files are kept in memory, the rest is what the test gives. */
export function testContext(given: TestGiven = {}): TestContext {
  const lines: string[] = []
  const stored: TestContext['stored'] = new Map()
  const told: TestContext['told'] = []
  const kept: TestContext['kept'] = []
  const signal = given.signal ?? new AbortController().signal
  function store(name: string, content: string | Uint8Array, type = 'application/octet-stream'): FileValue {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const id = `file_${stored.size + 1}`
    const value = { id, name, type, size: bytes.length, url: `/api/files/${id}` }
    stored.set(id, { value, bytes })
    return value
  }
  const missing = (what: string) => async () => {
    throw new Error(`this test gives the block no ${what}`)
  }
  const context: Context = {
    signal,
    now: given.now ?? Date.UTC(2026, 4, 1, 8, 30),
    attempt: given.attempt ?? 1,
    key: given.key ?? 'a-key-of-this-test',
    timezone: given.timezone ?? 'Europe/Berlin',
    execution: { id: 'exe_test' },
    credential: given.credential ?? null,
    log: line => void lines.push(line),
    filler: given.filler ?? (field => () => `{{ ${field} }}`),
    call: given.call ? request => (given.call ?? missing('network'))(request, signal) : missing('network'),
    apart: async (module, input) => (await import(String(module))).default(input),
    script: given.script ?? missing('scripts'),
    program: given.program ?? noProgram,
    mail: given.mail ?? missing('mail'),
    rounds: async () => given.rounds ?? [],
    tools: async () => given.tools ?? [],
    asked: given.asked ?? null,
    memory: {
      read: async key => ({ summary: null, lines: given.memory?.[key] ?? [] }),
      add: (key, lines) => void kept.push({ key, lines }),
    },
    models: given.models ?? {
      ask: missing('models'),
      embed: missing('models'),
      draw: missing('models'),
      moderate: missing('models'),
    },
    emit: (name, data) => `evt_${told.push({ name, data })}`,
    files: {
      async save(bytes, { name, type }) {
        return store(name, bytes instanceof Uint8Array ? bytes : await gathered(bytes), type)
      },
      async open(id) {
        const found = stored.get(id)
        if (!found) throw new Refused('file.not_found', `There is no file ${id}.`)
        return { ...found.value, bytes: inParts(found.bytes) }
      },
    },
  }
  return { context, lines, stored, told, kept, store }
}

/** As where no operator allowed any. */
async function noProgram({ command }: Program): Promise<never> {
  throw new Refused('program.not_allowed', `The command ${command} may not be started on this server.`)
}

/** Files come in parts, as from a disk. */
async function* inParts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

async function gathered(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
