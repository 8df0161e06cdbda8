import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core'
import type { Failure } from './prelude.ts'

// The text of these functions runs in the child, where they see each other and nothing else of their files; `guest.ts` puts it together.

/** Where the child finds QuickJS, what else it is told once, and its bounds. */
export type Settings = {
  core: string
  variant: string
  wasm: string
  prelude: string
  parts: Record<string, string>
  /** Bytes of the memory of QuickJS when it begins. */
  begin: number
  /** Bytes of the stack of QuickJS. */
  stack: number
  /** Runs until QuickJS is made anew. */
  runs: number
  lines: number
  letters: number
  output: number
  /** Milliseconds after which the child ends itself, whatever it does. */
  watch: number
}

/** What a run is told, besides code and input. */
export type Head = { timeout: number; memory: number; secret: string }

/** How a run ended that has no value. */
export type Ending =
  | { why: 'failed' | 'syntax'; error: Failure }
  | { why: 'timeout' | 'memory' | 'endless' }
  | { why: 'unfit'; what: string; at: string }
  | { why: 'large'; size: number }

/** What the child hears and says. */
export type Pipe = { take(): string | null; send(kind: number, text: string): void }
/** A QuickJS. */
export type Engine = {
  quickjs: QuickJSWASMModule
  /** Whether memory was asked for beyond the limit. */
  refused: boolean
  limit: number
  grown(): boolean
}
/** What becomes of one run. */
export type Run = { secret: string; drawn: number; lines: number; letters: number; done: string | null; ending: Ending | null }
/** A context that one run is made in. */
export type Cell = { runtime: QuickJSRuntime; context: QuickJSContext; start: QuickJSHandle; run: Run }
/** A run as it is asked for. */
export type Call = Head & { code: string; input: string }

/** A QuickJS with a memory of its own, which grows to the limit of the run and no further: the limit that QuickJS has itself is not kept. */
export async function openEngine(settings: Settings, compiled: WebAssembly.Module): Promise<Engine> {
  const core: typeof import('quickjs-emscripten-core') = await import(settings.core)
  const { default: variant }: typeof import('@jitl/quickjs-ng-wasmfile-release-sync') = await import(settings.variant)
  const { newQuickJSWASMModuleFromVariant, newVariant } = core
  const memory = new WebAssembly.Memory({ initial: settings.begin / 65_536, maximum: 32_768 })
  const grow = memory.grow.bind(memory)
  memory.grow = pages => {
    if (memory.buffer.byteLength + pages * 65_536 <= engine.limit) return grow(pages)
    engine.refused = true
    throw new RangeError('beyond the limit')
  }
  const emscriptenModule = {
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(compiled, imports)
      done(instance)
      return instance.exports
    },
  }
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory: memory, emscriptenModule }))
  const engine: Engine = {
    quickjs,
    refused: false,
    limit: settings.begin,
    grown: () => memory.buffer.byteLength > settings.begin,
  }
  return engine
}

/** A context that nobody has used, with what the code may reach. */
export function makeCell(
  engine: Engine,
  settings: Settings,
  pipe: Pipe,
  ask: (run: Run, what: string, text: string) => string,
): Cell {
  const run: Run = { secret: '', drawn: 0, lines: 0, letters: 0, done: null, ending: null }
  const runtime = engine.quickjs.newRuntime()
  runtime.setMaxStackSize(settings.stack)
  const context = runtime.newContext()
  const words = (one: QuickJSHandle) => context.getString(one)
  const say = context.newFunction('say', (kind, text) =>
    hear(run, words(kind), words(text), settings, pipe) ? context.true : context.false,
  )
  const asked = context.newFunction('ask', (what, text) => context.newString(ask(run, words(what), words(text))))
  const boot = context.unwrapResult(context.evalCode(`(${settings.prelude})`, 'boot.js'))
  const start = context.unwrapResult(context.callFunction(boot, context.undefined, say, asked))
  for (const one of [say, asked, boot]) one.dispose()
  return { runtime, context, start, run }
}

/** What the code says; answers whether more of it is wanted. */
export function hear(run: Run, kind: string, text: string, settings: Settings, pipe: Pipe): boolean {
  if (kind === 'done') {
    const size = Buffer.byteLength(text)
    if (size > settings.output) run.ending = { why: 'large', size }
    else run.done = text
  } else if (kind === 'unfit') {
    const { what, at } = JSON.parse(text)
    run.ending = { why: 'unfit', what: String(what), at: String(at) }
  } else if (kind === 'failed') {
    const { name, message, line } = JSON.parse(text)
    run.ending = { why: 'failed', error: { name: String(name), message: String(message), line: Number(line) || 0 } }
  } else {
    run.lines += 1
    run.letters += text.length
    const over = run.lines > settings.lines || run.letters > settings.letters
    pipe.send(1, over ? 'More was written than the log keeps; the rest is cut off.' : text)
    return !over
  }
  return false
}
