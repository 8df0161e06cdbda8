import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { errorOf } from './failure.ts'
import type { Answer, Ask, Opening, Outcome, Statement, Task } from './thread.ts'

type Waiting = { give: (outcomes: Outcome[]) => void; fail: (error: Error) => void }

/** Rows arrive as a copy that soon dies: a small nursery keeps a thread small. A query that needs more than the rest ends its thread, not the process. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 }

/** One thread with one connection to a SQLite file. Asks are answered in order. */
export class Link {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #gone: Promise<void>
  #last = 0
  /** Why nothing can be asked any more. */
  #dead: Error | null = null
  #crashed = false

  /** Starts the thread, which takes some 50 ms. `died` hears when it ends without being asked to. */
  constructor(opening: Opening, died: (error: Error) => void = () => {}) {
    // With the compile cache of the process the thread need not load the type stripper: 10 MB less.
    const cache = getCompileCacheDir()
    const env = cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), {
      name: `database ${opening.role}`,
      workerData: opening,
      env,
      execArgv: [],
      resourceLimits: LIMITS,
    })
    this.#worker.on('message', ({ id, outcomes }: Answer) => {
      this.#waiting.get(id)?.give(outcomes)
      this.#waiting.delete(id)
    })
    const end = (cause: Error) => {
      if (this.#dead === null) {
        this.#crashed = true
        this.#dead = new Error(`The database is closed: ${cause.message}. Start PromptPilot again.`, { cause })
        died(this.#dead)
      }
      for (const { fail } of this.#waiting.values()) fail(this.#dead)
      this.#waiting.clear()
    }
    this.#worker.on('error', end)
    this.#gone = new Promise(resolve => {
      this.#worker.on('exit', code => {
        end(new Error(`its thread ended with code ${code}`))
        resolve()
      })
    })
  }

  /** Starts the thread and opens the file in it. */
  static open(opening: Opening): Promise<Link> {
    return new Link(opening).open()
  }

  /** Opens the file. The thread ends where this fails. */
  async open(): Promise<Link> {
    const [outcome] = await this.ask('open')
    if (outcome === undefined || !('failure' in outcome)) return this
    this.#dead = errorOf(outcome.failure)
    await this.#worker.terminate()
    throw this.#dead
  }

  /** Has the thread ended without being asked to? */
  get crashed(): boolean {
    return this.#crashed
  }

  /** Answers with one outcome for each statement; fails only when the thread is gone. */
  ask(task: Task, statements: Statement[] = []): Promise<Outcome[]> {
    return new Promise((give, fail) => {
      if (this.#dead) return fail(this.#dead)
      this.#last += 1
      this.#waiting.set(this.#last, { give, fail })
      this.#worker.postMessage({ id: this.#last, task, statements } satisfies Ask)
    })
  }

  /** Ends the thread in the middle of whatever it does; only for one that does not write. */
  async end(): Promise<void> {
    this.#dead ??= new Error('The database is closed.')
    await this.#worker.terminate()
  }

  /** Closes the file after everything that was asked before, and ends the thread. */
  async close(): Promise<void> {
    if (this.#dead) return this.#gone
    const asked = this.ask('close')
    this.#dead = new Error('The database is closed.')
    const [outcome] = await asked
    await this.#gone
    if (outcome && 'failure' in outcome) throw errorOf(outcome.failure)
  }
}
