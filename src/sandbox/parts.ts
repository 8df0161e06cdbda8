import type { Host } from './prelude.ts'

// The text of each of these functions is evaluated inside of QuickJS when the code of a person first touches what it makes,
// so none can see anything of this file.

/** UTF-8 and base64. */
export function words() {
  /** One character for each byte. */
  const bytesOf = (text: string) => unescape(encodeURIComponent(text.toWellFormed()))
  const viewOf = (data: ArrayBuffer | ArrayBufferView) =>
    ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

  function joined(data: Uint8Array): string {
    let text = ''
    for (let at = 0; at < data.length; at += 1024) text += String.fromCharCode(...data.subarray(at, at + 1024))
    return text
  }

  /** Of bytes that are not UTF-8: what can be read, and the sign of the unreadable for the rest. */
  function mended(data: Uint8Array): string {
    let text = ''
    for (let at = 0; at < data.length; ) {
      const first = data[at] ?? 0
      let size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      let read = '\ufffd'
      try {
        read = decodeURIComponent(escape(joined(data.subarray(at, at + size))))
      } catch {
        size = 1
      }
      text += read
      at += size
    }
    return text
  }

  class TextEncoder {
    readonly encoding = 'utf-8'
    encode(text = '') {
      return Uint8Array.from(bytesOf(String(text)), one => one.charCodeAt(0))
    }
  }

  class TextDecoder {
    readonly encoding = 'utf-8'
    readonly fatal: boolean
    constructor(label = 'utf-8', { fatal = false } = {}) {
      if (!/^utf-?8$/i.test(label.trim())) throw new RangeError(`TextDecoder reads utf-8 only, not ${label}`)
      this.fatal = fatal
    }
    decode(data?: ArrayBuffer | ArrayBufferView) {
      const view = viewOf(data ?? new ArrayBuffer(0))
      let text: string
      try {
        text = decodeURIComponent(escape(joined(view)))
      } catch {
        if (this.fatal) throw new TypeError('the bytes are not utf-8')
        text = mended(view)
      }
      return text.replace(/^\ufeff/, '')
    }
  }

  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

  function btoa(value: unknown): string {
    const text = String(value)
    let out = ''
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)]
      if (a > 255 || b > 255 || c > 255) throw new RangeError('btoa takes characters up to 255; encode the text as UTF-8 first')
      const bits = (a << 16) | (b << 8) | c
      out += LETTERS.charAt(bits >> 18) + LETTERS.charAt((bits >> 12) & 63)
      out += Number.isNaN(b) ? '==' : LETTERS.charAt((bits >> 6) & 63) + (Number.isNaN(c) ? '=' : LETTERS.charAt(bits & 63))
    }
    return out
  }

  function atob(value: unknown): string {
    const text = String(value).replace(/[\t\n\f\r ]/g, '')
    const bare = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text
    if (bare.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(bare)) throw new RangeError('atob was given text that is not base64')
    let out = ''
    let bits = 0
    for (let at = 0; at < bare.length; at += 1) {
      bits = (bits << 6) | LETTERS.indexOf(bare.charAt(at))
      if (at % 4 > 0) out += String.fromCharCode((bits >> (6 - 2 * (at % 4))) & 255)
    }
    return out
  }

  return { TextEncoder, TextDecoder, atob, btoa }
}

/** Copies of values, with what they share and with ways back to themselves. */
export function copy() {
  function structuredClone(value: unknown): unknown {
    const seen = new Map<unknown, unknown>()
    const kept = <T>(from: object, to: T): T => {
      seen.set(from, to)
      return to
    }
    function cloned(from: unknown): unknown {
      if (typeof from === 'function' || typeof from === 'symbol')
        throw new TypeError(`structuredClone cannot copy a ${typeof from}`)
      if (typeof from !== 'object' || from === null) return from
      return seen.has(from) ? seen.get(from) : (special(from) ?? listed(from))
    }
    function special(from: object): object | null {
      if (from instanceof Date) return kept(from, new Date(from.getTime()))
      if (from instanceof RegExp) return kept(from, new RegExp(from.source, from.flags))
      if (from instanceof ArrayBuffer) return kept(from, from.slice(0))
      if (from instanceof DataView) return kept(from, new DataView(from.buffer.slice(0), from.byteOffset, from.byteLength))
      if (ArrayBuffer.isView(from)) return kept(from, (from as Uint8Array).slice())
      if (from instanceof Error) return kept(from, Object.assign(new Error(from.message), { name: from.name, stack: from.stack }))
      if (from instanceof Promise || from instanceof WeakMap || from instanceof WeakSet)
        throw new TypeError(`structuredClone cannot copy a ${from.constructor.name}`)
      if (from instanceof Map) {
        const to = kept(from, new Map())
        for (const [name, one] of from) to.set(cloned(name), cloned(one))
        return to
      }
      if (from instanceof Set) {
        const to = kept(from, new Set())
        for (const one of from) to.add(cloned(one))
        return to
      }
      return from instanceof Boolean || from instanceof Number || from instanceof String ? Object(from.valueOf()) : null
    }
    function listed(from: object): object {
      const to: Record<string, unknown> = kept(
        from,
        Array.isArray(from) ? Object.assign([], { length: from.length }) : Object({}),
      )
      for (const [name, one] of Object.entries(from))
        Object.defineProperty(to, name, { value: cloned(one), writable: true, enumerable: true, configurable: true })
      return to
    }
    return cloned(value)
  }
  return { structuredClone }
}

/** Dates and numbers as people of a place write them, and names that nobody else has. */
export function rest(_say: Host['say'], ask: Host['ask']) {
  /** Nothing is now. */
  const at = (value: unknown) => (value === undefined ? '' : String(Number(value)))
  const kind = (name: string) =>
    class {
      readonly locales: unknown
      readonly options: unknown
      constructor(locales?: unknown, options?: unknown) {
        this.locales = locales
        this.options = options
        // Says at once what is wrong with them.
        ask('locale', JSON.stringify([`${name}.format`, '0', locales, options]))
      }
      get format() {
        return (value?: unknown) => ask('locale', JSON.stringify([`${name}.format`, at(value), this.locales, this.options]))
      }
      formatToParts(value?: unknown) {
        return JSON.parse(ask('locale', JSON.stringify([`${name}.parts`, at(value), this.locales, this.options])))
      }
      resolvedOptions() {
        return JSON.parse(ask('locale', JSON.stringify([`${name}.options`, '0', this.locales, this.options])))
      }
    }
  const crypto = {}
  Object.defineProperty(crypto, 'randomUUID', { value: () => ask('chance', '') })
  return { Intl: { DateTimeFormat: kind('DateTimeFormat'), NumberFormat: kind('NumberFormat') }, crypto }
}

/** The generator sfc32: that of QuickJS begins with the time, so that two runs in one millisecond would draw the same numbers. */
export function chance() {
  return {
    from(seed: string): () => number {
      let [a = 0, b = 0, c = 0, d = 0] = seed.split(',').map(Number)
      return function random() {
        const t = (a + b + d) | 0
        d = (d + 1) | 0
        a = b ^ (b >>> 9)
        b = (c + (c << 3)) | 0
        c = (((c << 21) | (c >>> 11)) + t) | 0
        return (t >>> 0) / 4294967296
      }
    },
  }
}
