import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { happeningOf, spread } from '#audit/happen.ts'
import { pathOf } from '#engine/state.ts'
import { Lost } from '#sandbox/apart.ts'
import type {
  BlockFiles,
  BlockMemory,
  BlockModels,
  CallReply,
  CallRequest,
  Context,
  MailLetter,
  MailServer,
  Program,
  Running,
  Script,
  ScriptResult,
} from '#sdk/context.ts'
import { MOST_BYTES, TOO_LARGE, whyNotTold } from '#sdk/event.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { redactor, redactValue } from '#vault/redact.ts'
import { isTooDeep, tooDeep } from './depth.ts'
import { filesFor } from './files.ts'
import { memoryFor } from './memories/memory.ts'
import { type Meter, makeMeter } from './meter.ts'
import { modelsFor } from './models.ts'
import type { Attempt } from './node.ts'
import type { Part } from './plans.ts'
import { roundsOf } from './rounds.ts'
import type { Run, Statement } from './run.ts'
import type { Scope } from './scope.ts'
import type { Shell } from './shell.ts'
import { toolsOf } from './tools.ts'

/** So much of what a node says is kept with its result. */
const MOST_LINES = 1_000
const LONGEST_LINE = 4_000
/** Milliseconds for a last word. */
const PARTING = 5_000

/** What a block is given, made for one attempt. Most blocks ask for nothing of it, so everything is made when it is asked for. */
export class NodeContext implements Context {
  readonly now: number
  readonly attempt: number
  readonly timezone: string
  readonly execution: { readonly id: string }
  readonly credential: Context['credential']
  readonly lines: string[] = []
  /** What it took of models. */
  meter: Meter | null = null
  /** What happens with the end of the attempt, and only if it ends well. */
  readonly told: Statement[] = []
  /** Of an answer that broke off, what had come. */
  partial = ''
  asked: Context['asked'] = null
  readonly #shell: Shell
  readonly #run: Run
  readonly #it: Attempt
  readonly #seen: Scope | null
  #programs: Running[] | null = null

  constructor(shell: Shell, run: Run, it: Attempt, credential: Context['credential'], seen: Scope | null) {
    this.now = it.from
    this.attempt = it.attempt
    this.timezone = run.ready.drawn.settings.timezone
    this.execution = { id: run.id }
    this.credential = credential
    this.#shell = shell
    this.#run = run
    this.#it = it
    this.#seen = seen
  }

  get signal(): AbortSignal {
    return this.#it.controller.signal
  }

  get key(): string {
    return createHash('sha256')
      .update(`${this.#run.id} ${pathOf(this.#it.cell)}`)
      .digest('base64url')
      .slice(0, 32)
  }

  log(line: string): void {
    if (this.lines.length > MOST_LINES) return
    const safe = this.credential ? redactor(Object.values(this.credential.values))(line) : line
    this.lines.push(this.lines.length === MOST_LINES ? 'More was said than is kept.' : safe.slice(0, LONGEST_LINE))
  }

  filler(field: string): (extra: Record<string, unknown>) => unknown {
    const filler = this.#it.part.later.get(field)
    const seen = this.#seen ?? {}
    return extra => filler?.fill({ ...seen, ...extra })
  }

  async call(request: CallRequest): Promise<CallReply> {
    const { signal, parting = false } = request
    const own = parting ? AbortSignal.timeout(PARTING) : this.signal
    return this.#shell.world.outbound.call(request, signal ? AbortSignal.any([own, signal]) : own)
  }

  async program(wanted: Program): Promise<Running> {
    const running = await this.#shell.world.programs.start(wanted, { signal: this.signal, log: line => this.log(line) })
    this.#programs ??= []
    this.#programs.push(running)
    return running
  }

  /** The attempt is over: what it has started ends. */
  over(): void {
    for (const one of this.#programs ?? []) void one.end()
  }

  async script(script: Script): Promise<ScriptResult> {
    return this.#shell.world.sandbox.run(script, { signal: this.signal, log: line => this.log(line) })
  }

  async apart(module: URL, input: unknown): Promise<unknown> {
    try {
      return await this.#shell.world.apart.run(String(module), input, this.signal)
    } catch (error) {
      if (!(error instanceof Lost) || error.broken.code === null) throw error
      const { name, code, message, details } = error.broken
      throw name === 'TryLater' ? new TryLater(code, message, { details }) : new Refused(code, message, details)
    }
  }

  async mail(letter: MailLetter, server?: MailServer) {
    return this.#shell.mail(letter, server ?? null, this.signal)
  }

  emit(name: string, data: unknown): string {
    const why = whyNotTold(name)
    if (why !== null) throw new Refused('event.bad_name', why)
    if (isTooDeep(data)) throw tooDeep()
    const safe = this.credential ? redactValue(redactor(Object.values(this.credential.values)), data) : data
    const after = { execution: this.#run.id, depth: this.#run.row.depth }
    const row = happeningOf(this.#shell.world, { workspace: this.#run.workspace, name, data: safe, after })
    if (Buffer.byteLength(row.data) > MOST_BYTES) throw new Refused('event.too_large', TOO_LARGE)
    this.told.push(this.#shell.sentences.happen(row))
    spread(this.#shell.world)
    return row.id
  }

  async rounds() {
    return roundsOf(this.#shell, this.#run, this.#it.cell)
  }

  async tools() {
    const contextOf = (part: Part, credential: Context['credential']) =>
      new NodeContext(this.#shell, this.#run, { ...this.#it, part, context: null }, credential, null)
    return toolsOf(this.#shell, this.#run, this.#it, contextOf)
  }

  get memory(): BlockMemory {
    return memoryFor(this.#shell, this.#run, this.told)
  }

  get models(): BlockModels {
    this.meter ??= makeMeter(pathOf(this.#it.cell), this.#it.attempt)
    return modelsFor(this.#shell, this.#run, this.#it, this.meter)
  }

  get files(): BlockFiles {
    return filesFor(this.#shell.world, this.#run.workspace)
  }
}

/** Makes the context of an attempt. */
export const makeContext = (shell: Shell, run: Run, it: Attempt, credential: Context['credential'], seen: Scope | null) =>
  new NodeContext(shell, run, it, credential, seen)
