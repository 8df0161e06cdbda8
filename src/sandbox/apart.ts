import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Fault } from '#errors.ts'
import type { Broken, Order, Outcome } from './thread.ts'

/** Does heavy work of ours, such as taking a page apart, beside the thread that serves everybody. */
export type Apart = {
  /** Calls the default export of a module in another thread. Fails with `Lost` for what it threw, with a fault, or with the reason of the signal. */
  run(module: string, input: unknown, signal: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

/** What the work threw, in parts. */
export class Lost extends Error {
  override readonly name = 'Lost'
  readonly broken: Broken

  constructor(broken: Broken) {
    super(broken.message)
    this.broken = broken
  }
}

/** A page of a million characters becomes some 200 MB of objects. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 }
const IDLE = 30_000

type Job = { order: Order; give: (value: unknown) => void; fail: (error: unknown) => void; leave: () => void }

/** One thread, started by the first work and ended when there is none for a while. */
export function makeApart(idle = IDLE): Apart {
  const line: Job[] = []
  let worker: Worker | null = null
  let current: Job | null = null
  let last = 0
  let rest: NodeJS.Timeout | undefined
  let closed = false

  function next(): void {
    if (current) return
    const job = line.shift()
    if (!job) {
      rest = setTimeout(() => void end(), idle)
      rest.unref()
      return
    }
    clearTimeout(rest)
    current = job
    worker ??= open()
    worker.ref()
    worker.postMessage(job.order)
  }

  function settle(job: Job | null, how: (job: Job) => void): void {
    if (!job) return
    if (job === current) current = null
    job.leave()
    how(job)
    next()
  }

  function open(): Worker {
    const cache = getCompileCacheDir()
    const made = new Worker(new URL('./thread.ts', import.meta.url), {
      name: 'apart',
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
      execArgv: [],
      resourceLimits: LIMITS,
    })
    made.on('message', (outcome: Outcome) => {
      if (current?.order.id !== outcome.id) return
      made.unref()
      settle(current, job => ('failure' in outcome ? job.fail(new Lost(outcome.failure)) : job.give(outcome.value)))
    })
    made.on('error', error => {
      if (worker !== made) return
      worker = null
      const full = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      settle(current, job => job.fail(full ? new Fault('block.memory') : error))
    })
    return made
  }

  async function end(): Promise<void> {
    const gone = worker
    worker = null
    await gone?.terminate()
  }

  return {
    run: (module, input, signal) =>
      new Promise((give, fail) => {
        if (closed) return fail(new Fault('server.stopping', { retryAfter: 5 }))
        if (signal.aborted) return fail(signal.reason)
        last += 1
        const abort = () => {
          const at = line.indexOf(job)
          if (at >= 0) line.splice(at, 1)
          // What it is in the middle of cannot be stopped in another way.
          else void end()
          settle(job, it => it.fail(signal.reason))
        }
        const job: Job = {
          order: { id: last, module, input },
          give,
          fail,
          leave: () => signal.removeEventListener('abort', abort),
        }
        signal.addEventListener('abort', abort, { once: true })
        line.push(job)
        next()
      }),
    async close() {
      closed = true
      clearTimeout(rest)
      for (const job of [...line.splice(0), ...(current ? [current] : [])])
        job.fail(new Fault('server.stopping', { retryAfter: 5 }))
      current = null
      await end()
    },
  }
}
