import type { Host } from './prelude.ts'

/** Addresses, inside of QuickJS: the host takes them apart, by the rules of the web. Its text is evaluated there, so it can see nothing of this file. */
export function address(_say: Host['say'], ask: Host['ask']) {
  const escaped = (text: string) =>
    encodeURIComponent(text.toWellFormed())
      .replace(/%20/g, '+')
      .replace(/[!'()~]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

  function plain(text: string): string {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '))
    } catch {
      return text
    }
  }

  type Pair = [string, string]
  function pairsOf(from: unknown): Pair[] {
    if (typeof from === 'object' && from !== null) {
      const entries = Symbol.iterator in from ? [...(from as Iterable<unknown[]>)] : Object.entries(from)
      return entries.map(([name, value]) => [String(name), String(value)])
    }
    return String(from ?? '')
      .replace(/^\?/, '')
      .split('&')
      .filter(Boolean)
      .map(part => {
        const [name = '', ...rest] = part.split('=')
        return [plain(name), plain(rest.join('='))]
      })
  }

  class URLSearchParams {
    #pairs: Pair[]
    #changed: (text: string) => void
    constructor(from?: unknown, changed: (text: string) => void = () => {}) {
      this.#pairs = pairsOf(from)
      this.#changed = changed
    }
    #put(pairs: Pair[]): void {
      this.#pairs = pairs
      this.#changed(this.toString())
    }
    get size() {
      return this.#pairs.length
    }
    get(name: string) {
      return this.#pairs.find(pair => pair[0] === String(name))?.[1] ?? null
    }
    getAll(name: string) {
      return this.#pairs.filter(pair => pair[0] === String(name)).map(pair => pair[1])
    }
    has(name: string) {
      return this.#pairs.some(pair => pair[0] === String(name))
    }
    append(name: string, value: string) {
      this.#put([...this.#pairs, [String(name), String(value)]])
    }
    set(name: string, value: string) {
      const at = this.#pairs.findIndex(pair => pair[0] === String(name))
      if (at < 0) return this.append(name, value)
      this.#put(
        this.#pairs.flatMap((pair, here): Pair[] =>
          here === at ? [[pair[0], String(value)]] : pair[0] === String(name) ? [] : [pair],
        ),
      )
    }
    delete(name: string) {
      this.#put(this.#pairs.filter(pair => pair[0] !== String(name)))
    }
    sort() {
      this.#put(this.#pairs.toSorted((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0)))
    }
    forEach(each: (value: string, name: string, all: URLSearchParams) => void) {
      for (const [name, value] of this.#pairs) each(value, name, this)
    }
    keys() {
      return this.#pairs.map(pair => pair[0]).values()
    }
    values() {
      return this.#pairs.map(pair => pair[1]).values()
    }
    entries() {
      return this.#pairs.map((pair): Pair => [...pair]).values()
    }
    [Symbol.iterator]() {
      return this.entries()
    }
    toString() {
      return this.#pairs.map(pair => pair.map(escaped).join('=')).join('&')
    }
  }

  type Parts = Record<string, string>
  class URL {
    #parts: Parts
    #params: URLSearchParams | null = null
    constructor(text: unknown, base?: unknown) {
      this.#parts = JSON.parse(ask('address', JSON.stringify([String(text), base === undefined ? null : String(base)])))
    }
    static canParse(text: unknown, base?: unknown) {
      try {
        return Boolean(new URL(text, base))
      } catch {
        return false
      }
    }
    static parse(text: unknown, base?: unknown) {
      return URL.canParse(text, base) ? new URL(text, base) : null
    }
    static of(url: URL, name: string) {
      return url.#parts[name]
    }
    static change(url: URL, name: string, value: unknown) {
      url.#parts = JSON.parse(ask('address', JSON.stringify([url.#parts.href, null, name, String(value)])))
      if (name === 'search' || name === 'href') url.#params = null
    }
    get searchParams() {
      this.#params ??= new URLSearchParams(this.#parts.search, text => {
        const params = this.#params
        change(this, 'search', text)
        this.#params = params
      })
      return this.#params
    }
    toString() {
      return this.#parts.href
    }
    toJSON() {
      return this.#parts.href
    }
  }
  const { of, change } = URL
  Reflect.deleteProperty(URL, 'of')
  Reflect.deleteProperty(URL, 'change')
  for (const name of [
    'href',
    'protocol',
    'username',
    'password',
    'host',
    'hostname',
    'port',
    'pathname',
    'search',
    'hash',
    'origin',
  ])
    Object.defineProperty(URL.prototype, name, {
      get(this: URL) {
        return of(this, name)
      },
      set(this: URL, value: unknown) {
        if (name !== 'origin') change(this, name, value)
      },
      enumerable: true,
      configurable: true,
    })
  return { URL, URLSearchParams }
}
