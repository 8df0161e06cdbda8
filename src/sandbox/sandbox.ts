import { availableParallelism } from 'node:os'
import { Fault } from '#errors.ts'
import { type Clock, sortableIds } from '#ids.ts'
import type { Log } from '#log.ts'
import { type Child, type Heard, startChild } from './child.ts'
import { faultOf } from './fault.ts'
import { launch } from './launch.ts'
import { LIMITS, LONGEST, MB, MEMORY } from './limits.ts'

/** Code and what it is given: the body of an async function of `input`. Milliseconds, and megabytes. */
export type Script = { code: string; input: unknown; timeout: number; memory: number }

/** Runs people's JavaScript where it can do no harm. */
export type Sandbox = {
  /** Fails with a `Fault` that its author understands, or with the reason of the signal. */
  run(script: Script, options: { signal: AbortSignal; log: (line: string) => void }): Promise<{ value: unknown }>
  /** Ends every process; what still runs or waits fails. */
  close(): Promise<void>
}

type Options = {
  log: Log
  clock: Clock
  /** How many work at once. */
  processes?: number
  /** Milliseconds after which one that has nothing to do is ended. */
  idle?: number
}

type Job = {
  script: Script
  input: string
  log: (line: string) => void
  give: (value: unknown) => void
  fail: (error: unknown) => void
}
type Place = {
  child: Child
  job: Job | null
  ready: boolean
  runs: number
  /** Takes so long that it no longer keeps others waiting. */
  slow: boolean
  /** Was told to end, and gets nothing more to do. */
  leaving: boolean
  late: boolean
  timers: NodeJS.Timeout[]
}

/** A run longer than this makes room for another process, so that a few endless loops do not hold up everybody's short runs. */
const SLOW = { after: 200, most: 4 }
/** What a run may take beyond its time, to read the input and to notice the deadline by itself. */
const GRACE = 1_000
/** A process that needs longer to start will not start any more. */
const START = 20_000
const IDLE = 30_000
/** Then a process has done enough: whatever it has gathered goes with it. */
const RUNS = 10_000

/** Makes the pool of processes; none is started before the first run. */
export function makeSandbox({ log, clock, processes = Math.max(1, availableParallelism() - 1), idle = IDLE }: Options): Sandbox {
  const ids = sortableIds(clock)
  const places = new Set<Place>()
  const free: Place[] = []
  const line: Job[] = []
  let args: string[] | null = null
  let closed = false

  const busy = (slow: boolean) => [...places].filter(place => place.job && place.slow === slow).length
  const room = () => busy(false) < processes && busy(true) <= SLOW.most

  function advance(): void {
    while (room()) {
      const job = line.shift()
      if (job === undefined) return
      occupy(free.pop() ?? open(), job)
    }
  }

  function open(): Place {
    args ??= launch()
    const child = startChild(args, heard => hear(place, heard))
    const place: Place = { child, job: null, ready: false, runs: 0, slow: false, leaving: false, late: false, timers: [] }
    places.add(place)
    return place
  }

  function occupy(place: Place, job: Job): void {
    const { code, timeout, memory } = job.script
    place.job = job
    place.child.hold(true)
    place.child.send({ timeout, memory: memory * MB, secret: ids.secret() }, code, job.input)
    watch(place, job)
  }

  /** Its time begins when the process is there. */
  function watch(place: Place, { script }: Job): void {
    quiet(place)
    if (!place.ready) place.timers = [setTimeout(() => dismiss(place), START)]
    else
      place.timers = [
        setTimeout(() => {
          place.slow = true
          advance()
        }, SLOW.after),
        setTimeout(() => {
          place.late = true
          dismiss(place)
        }, script.timeout + GRACE),
      ]
  }

  function quiet(place: Place): void {
    for (const timer of place.timers) clearTimeout(timer)
    place.timers = []
  }

  /** Takes the run from its place, which is free again unless it is leaving. */
  function vacate(place: Place): Job | null {
    const { job } = place
    quiet(place)
    Object.assign(place, { job: null, slow: false, runs: place.runs + 1 })
    if (!place.leaving && place.runs >= RUNS) retire(place)
    if (!place.leaving) {
      place.child.hold(false)
      free.push(place)
      place.timers = [setTimeout(() => retire(place), idle).unref()]
    }
    return job
  }

  function leave(place: Place): void {
    place.leaving = true
    const at = free.indexOf(place)
    if (at >= 0) free.splice(at, 1)
  }
  function retire(place: Place): void {
    leave(place)
    place.child.end()
  }
  function dismiss(place: Place): void {
    leave(place)
    place.child.kill()
  }

  function hear(place: Place, heard: Heard): unknown {
    if (heard.kind === 'log') return tell(place, heard.line)
    if (heard.kind === 'ready') {
      place.ready = true
      return place.job && watch(place, place.job)
    }
    if (heard.kind === 'gone') {
      leave(place)
      places.delete(place)
    }
    const job = vacate(place)
    try {
      if (job) answer(job, heard, place)
    } catch (error) {
      job?.fail(new Fault('script.lost', { cause: error }))
    }
    return advance()
  }

  function tell(place: Place, line: string): void {
    try {
      place.job?.log(line)
    } catch (error) {
      place.job?.fail(error)
      dismiss(place)
    }
  }

  function answer(job: Job, heard: Exclude<Heard, { kind: 'log' | 'ready' }>, place: Place): unknown {
    if (heard.kind === 'value') return job.give(JSON.parse(heard.text))
    if (heard.kind === 'ending') return job.fail(faultOf(heard.ending, job.script))
    if (place.late) return job.fail(faultOf({ why: 'timeout' }, job.script))
    if (heard.spent) return job.fail(faultOf({ why: 'memory' }, job.script))
    if (!closed) log.warn({ how: heard.how }, 'a process of the sandbox was lost')
    return job.fail(closed ? new Fault('server.stopping') : new Fault('script.lost'))
  }

  /** Nobody wants its answer any more. */
  function drop(job: Job): void {
    const at = line.indexOf(job)
    if (at >= 0) line.splice(at, 1)
    for (const place of places) if (place.job === job) dismiss(place)
  }

  return {
    run: (script, { signal, log: tellLine }) =>
      new Promise((resolve, fail) => {
        signal.throwIfAborted()
        if (closed) throw new Fault('server.stopping')
        const job: Job = {
          script,
          input: weigh(script),
          log: tellLine,
          give: value => end(() => resolve({ value })),
          fail: error => end(() => fail(error)),
        }
        const end = (settle: () => void) => {
          signal.removeEventListener('abort', stop)
          settle()
        }
        const stop = () => {
          drop(job)
          job.fail(signal.reason)
        }
        signal.addEventListener('abort', stop, { once: true })
        line.push(job)
        advance()
      }),
    async close() {
      closed = true
      for (const job of line.splice(0)) job.fail(new Fault('server.stopping'))
      const all = [...places]
      for (const place of all) {
        place.child.hold(true)
        dismiss(place)
      }
      await Promise.all(all.map(place => place.child.gone))
    },
  }
}

/** Refuses what is too large to be sent, and bounds that cannot be kept; gives the input as JSON. */
function weigh({ code, input, timeout, memory }: Script): string {
  if (!(timeout > 0 && timeout <= LONGEST)) throw new RangeError(`a run takes up to ${LONGEST} ms, not ${timeout}`)
  if (!(memory >= MEMORY.least && memory <= MEMORY.most))
    throw new RangeError(`a run gets ${MEMORY.least} to ${MEMORY.most} MB of memory, not ${memory}`)
  if (Buffer.byteLength(code) > LIMITS.code) throw new Fault('script.too_large', { message: 'The code has more than 1 MB.' })
  const text = JSON.stringify(input) ?? 'null'
  if (Buffer.byteLength(text) > LIMITS.input)
    throw new Fault('script.too_large', { message: 'The input of the code has more than 10 MB as JSON.' })
  return text
}
