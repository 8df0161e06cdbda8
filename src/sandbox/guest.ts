import { answers } from './answers.ts'
import { type Call, type Cell, type Engine, hear, makeCell, openEngine, type Pipe, type Settings } from './engine.ts'
import { fault, runOne, work } from './work.ts'

// The program of a child process. What runs there is the text of these functions, so they see each other, `now`, and nothing else of this file:
// a child that need not read TypeScript starts in half the time and takes 18 MB less.

declare const now: () => number

/** Frames on the pipes of the process: one byte says what, four how long, then text. It waits for them, since nothing else goes on here. */
function openPipe(fs: typeof import('node:fs')): Pipe {
  const held = Buffer.alloc(65_536)
  let [from, to] = [0, 0]
  function fill(out: Buffer): boolean {
    for (let at = 0; at < out.length; ) {
      if (from === to) {
        from = 0
        to = fs.readSync(0, held)
        if (to === 0) return false
      }
      const size = Math.min(to - from, out.length - at)
      held.copy(out, at, from, from + size)
      from += size
      at += size
    }
    return true
  }
  return {
    take() {
      const size = Buffer.alloc(5)
      if (!fill(size)) return null
      const text = Buffer.allocUnsafe(size.readUInt32LE(1))
      return fill(text) ? text.toString() : null
    },
    send(kind, text) {
      const frame = Buffer.allocUnsafe(5 + Buffer.byteLength(text))
      frame[0] = kind
      frame.writeUInt32LE(frame.length - 5, 1)
      frame.write(text, 5)
      for (let at = 0; at < frame.length; ) at += fs.writeSync(1, frame, at)
    },
  }
}

/** Answers calls until the pipe ends. */
async function serve(settings: Settings): Promise<void> {
  const [fs, vm, node] = await Promise.all([import('node:fs'), import('node:vm'), import('node:crypto')])
  const pipe = openPipe(fs)
  const compiled = await WebAssembly.compile(fs.readFileSync(settings.wasm))
  const ask = answers(node, settings)
  let engine: Engine | null = null
  let cell: Cell | null = null
  let call: Call | null = null
  let runs = 0

  function next(): Call | null {
    const [head, code, input] = [pipe.take(), pipe.take(), pipe.take()]
    return head === null || code === null || input === null ? null : { ...JSON.parse(head), code, input }
  }
  /** Answers until this QuickJS is used up, or the watch over it is older than a second. */
  function turn(): void {
    for (const began = now(); engine; cell = null) {
      cell ??= makeCell(engine, settings, pipe, ask)
      call ??= next()
      if (call === null || now() - began > 1_000) return
      const drawn = node.createHash('sha256').update(call.secret).digest()
      const seed = [0, 4, 8, 12].map(at => drawn.readUInt32LE(at)).join()
      runs += 1
      if (!runOne(cell, engine, call, seed, pipe) || runs % settings.runs === 0) engine = null
      call = null
    }
  }
  // Where QuickJS does not ask whether it may go on, only the watch of V8 ends it; the parent kills it sooner, unless it was killed itself.
  const watched = new vm.Script('turn()')
  Reflect.set(globalThis, 'turn', turn)
  pipe.send(0, '')
  do {
    // Twice: the memory of a QuickJS goes when the process has come to rest after it was found to be unused.
    for (let at = 0; engine === null && runs > 0 && at < 2; at += 1) {
      globalThis.gc?.()
      await new Promise(done => setImmediate(done))
    }
    engine ??= await openEngine(settings, compiled)
    watched.runInThisContext({ timeout: settings.watch })
  } while (call !== null || engine === null)
}

/** The program of a child, whole. `clock` is the text of a function that tells the time. */
export const program = (settings: Settings, clock: string): string =>
  [openPipe, openEngine, makeCell, hear, answers, work, fault, runOne, serve]
    .map(String)
    .concat(`const now = ${clock}`, `await serve(${JSON.stringify(settings)})`)
    .join('\n')
