import type { Host } from './prelude.ts'

// The text of these functions is evaluated inside of QuickJS when it is needed, so neither can see anything of this file.

/** The console. More than the log takes costs nothing any more. */
export function talk(say: Host['say']) {
  const LONGEST = 8_000
  let open = true

  function plain(_key: string, value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'function') return `[function ${value.name}]`
    if (value instanceof Map) return Object.fromEntries(value)
    if (value instanceof Set) return [...value]
    return value instanceof Error ? `${value.name}: ${value.message}` : value
  }
  function shown(value: unknown): string {
    if (typeof value === 'string') return value
    if (typeof value === 'function') return `[function ${value.name}]`
    if (typeof value !== 'object' || value === null || value instanceof Error) return String(value)
    try {
      return JSON.stringify(value, plain) ?? String(value)
    } catch {
      return 'a value that contains itself'
    }
  }
  function writes(mark: string) {
    return (...all: unknown[]) => {
      if (!open) return
      const line = mark + all.map(shown).join(' ').replaceAll('\0', '\\0')
      open = say('log', line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line)
    }
  }
  const write = writes('')
  return { console: { log: write, info: write, debug: write, warn: writes('warning: '), error: writes('error: ') } }
}

/** What an error says, and what of a value is not JSON; both as JSON. */
export function explain() {
  function failure(error: unknown): string {
    if (!(error instanceof Error)) {
      const message = typeof error === 'object' && error !== null ? JSON.stringify(error) : String(error)
      return JSON.stringify({ name: '', message, line: 0 })
    }
    // The constructors of an error of the author's own stand above the line that made it.
    const own = ` at ${error.constructor.name} (`
    const frames = String(error.stack)
      .split('\n')
      .filter(frame => frame.includes('code.js:'))
    const line = /code\.js:(\d+)/.exec(frames.find(frame => !frame.includes(own)) ?? frames[0] ?? '')?.[1]
    return JSON.stringify({ name: String(error.name), message: String(error.message), line: Number(line ?? 0) })
  }

  /** What it is, and the way back from it. */
  function lost(value: unknown, above: Set<unknown>): string[] | null {
    if (typeof value === 'function') return ['a function']
    if (typeof value === 'symbol') return ['a symbol']
    if (typeof value === 'bigint') return ['a BigInt; use Number(…) or String(…)']
    if (typeof value !== 'object' || value === null || 'toJSON' in value) return null
    if (value instanceof Map) return ['a Map; use Object.fromEntries(…)']
    if (value instanceof Set) return ['a Set; use [...…]']
    if (value instanceof Promise) return ['a promise; put await before it']
    if (value instanceof Error) return ['an Error; use its message']
    if (value instanceof RegExp) return ['a regular expression; use String(…)']
    if (value instanceof WeakMap || value instanceof WeakSet) return ['a value that cannot be listed']
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return ['bytes; write them as text or as a list of numbers']
    if (above.has(value)) return ['a value that contains itself']
    above.add(value)
    for (const key of Object.keys(value)) {
      const found = lost(Reflect.get(value, key), above)
      if (found) return [...found, Array.isArray(value) ? `[${key}]` : `.${key}`]
    }
    above.delete(value)
    return null
  }
  function unfit(value: unknown): string {
    const [what = 'a value that cannot be written', ...way] = lost(value, new Set()) ?? []
    return JSON.stringify({ what, at: way.reverse().join('').replace(/^\./, '') })
  }
  return { failure, unfit }
}
