import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { Call, Cell, Ending, Engine, Pipe } from './engine.ts'

// The text of these functions runs in the child, where they see each other and nothing else of their files; `guest.ts` puts it together.

declare const now: () => number

/** Runs the code in a cell; afterwards `run` says how it ended. */
export function work(
  { runtime, context, start, run }: Cell,
  { code, input, timeout, memory, secret }: Call,
  engine: Engine,
  seed: string,
): unknown {
  const deadline = now() + timeout
  let late = false
  runtime.setInterruptHandler(() => {
    late ||= now() > deadline
    return late
  })
  run.secret = secret
  const failed = (error: QuickJSHandle, why: 'failed' | 'syntax') => {
    run.ending = late ? { why: 'timeout' } : fault(context.dump(error), why, engine)
    error.dispose()
  }
  // What is put in by us has its room: QuickJS would not notice that there is none.
  engine.limit = memory + 8 * (input.length + code.length)
  const main = context.evalCode(`(async (input) => {${code}\n})`, 'code.js')
  if (main.error) return failed(main.error, 'syntax')
  const given = [main.value, context.newString(input), context.newString(seed)]
  engine.limit = memory
  const began = context.callFunction(start, context.undefined, ...given)
  for (const one of given) one.dispose()
  if (began.error) return failed(began.error, 'failed')
  began.value.dispose()
  while (run.done === null && run.ending === null && runtime.hasPendingJob()) {
    const jobs = runtime.executePendingJobs(64)
    if (jobs.error) return failed(jobs.error, 'failed')
    late ||= run.done === null && now() > deadline
    if (late) break
  }
  if (run.ending?.why === 'failed') run.ending = fault(run.ending.error, 'failed', engine)
  if (late) run.ending = { why: 'timeout' }
  else if (run.done === null) run.ending ??= { why: 'endless' }
  return run
}

/** What an error means: QuickJS has no memory left even for the error, or says so in it. */
export function fault(error: unknown, why: 'failed' | 'syntax', engine: Engine): Ending {
  const { name = '', message = String(error), line, stack = '' } = Object(error)
  const spent = name === 'InternalError' && /out of memory|string too long/.test(message)
  if (spent || (engine.refused && (error === null || error === '' || message === 'null'))) return { why: 'memory' }
  return { why, error: { name, message, line: line ?? Number(/code\.js:(\d+)/.exec(stack)?.[1] ?? 0) } }
}

/** One run in a cell; false when this QuickJS is not to be used again. */
export function runOne(cell: Cell, engine: Engine, call: Call, seed: string, pipe: Pipe): boolean {
  let sound = true
  try {
    work(cell, call, engine, seed)
  } catch (error) {
    // The stack of the process or the memory of QuickJS ended in the middle of its own work: nothing in there can be trusted any more.
    sound = false
    cell.run.ending =
      error instanceof RangeError
        ? { why: 'failed', error: { name: error.name, message: error.message, line: 0 } }
        : { why: 'memory' }
    cell.run.done = null
  }
  const { done, ending } = cell.run
  pipe.send(ending ? 3 : 2, ending ? JSON.stringify(ending) : (done ?? 'null'))
  // Whoever was refused memory may have brought QuickJS, and us in it, to write where nothing is.
  if (!sound || engine.refused || engine.grown()) return false
  try {
    cell.start.dispose()
    cell.context.dispose()
    cell.runtime.dispose()
  } catch {
    return false
  }
  return true
}
