/** What the code of a person can reach of the outside: words to the host, and questions to it. Both take and give text only. */
export type Host = {
  /** Answers whether more of this kind is wanted. */
  say(kind: 'log' | 'done' | 'failed' | 'unfit', text: string): boolean
  ask(what: 'part' | 'address' | 'locale' | 'chance', text: string): string
}

/** An error as the host hears of it. */
export type Failure = { name: string; message: string; line: number }

/** What begins a run: the function of the code, its input as JSON, and four numbers that chance begins with. */
export type Start = (main: (input: unknown) => Promise<unknown>, input: string, seed: string) => void

/**
 * Runs inside of QuickJS before the code of a person, in every fresh context: its text is evaluated there, so it can see nothing of this file.
 * It takes what it needs out of the globals at once, because the code may replace them, and is short, because it is read for every run.
 */
export function prelude(say: Host['say'], ask: Host['ask']): Start {
  const { stringify, parse } = JSON
  const { apply, get, getPrototypeOf, defineProperty, deleteProperty } = Reflect
  const { then } = Promise.prototype
  const evaluate: (text: string) => (say: Host['say'], ask: Host['ask']) => Record<string, unknown> = get(globalThis, 'eval')

  function part(name: string) {
    return evaluate(`(${ask('part', name)})`)(say, ask)
  }

  /** JSON loses these without a word, unless they are asked what they are; the code itself must not see that. */
  const odd = [Function, Map, Set, WeakMap, WeakSet, Promise, Error, RegExp, ArrayBuffer].map((one): object => one.prototype)
  odd.push(get(getPrototypeOf(Uint8Array) ?? Uint8Array, 'prototype'))
  let found = false
  const toJSON = {
    value() {
      found = true
    },
    configurable: true,
  }

  function explain(name: 'failure' | 'unfit', value: unknown): void {
    try {
      say(name === 'failure' ? 'failed' : 'unfit', apply(part('explain')[name] as () => string, null, [value]))
    } catch {
      say('failed', '{"name":"","message":"an error that cannot be read","line":0}')
    }
  }

  function finish(value: unknown): void {
    for (const one of odd) defineProperty(one, 'toJSON', toJSON)
    try {
      const text = stringify(value)
      if (!found) say('done', text ?? 'null')
    } catch (error) {
      // Of what is thrown here only what the author's own `toJSON` throws is not about the value.
      found = error instanceof TypeError
      if (!found) explain('failure', error)
    }
    for (const one of odd) deleteProperty(one, 'toJSON')
    if (found) explain('unfit', value)
  }

  function hidden(owner: object, name: string, value: unknown): void {
    Object.defineProperty(owner, name, { value, writable: true, configurable: true })
  }

  /** What not every code needs is made when it is first touched. */
  function later(from: string, names: string[]): void {
    for (const name of names)
      Object.defineProperty(globalThis, name, {
        get() {
          const made = part(from)
          for (const one of names) hidden(globalThis, one, made[one])
          return made[name]
        },
        set: value => hidden(globalThis, name, value),
        configurable: true,
      })
  }

  function speaks(owner: object, kind: string, names: string[]): void {
    for (const name of names)
      hidden(owner, name, function (this: unknown, locales?: unknown, options?: unknown) {
        return ask('locale', stringify([kind + name, String(Number(this)), locales, options]))
      })
  }

  later('talk', ['console'])
  later('words', ['TextEncoder', 'TextDecoder', 'atob', 'btoa'])
  later('address', ['URL', 'URLSearchParams'])
  later('copy', ['structuredClone'])
  later('rest', ['Intl', 'crypto'])
  speaks(Date.prototype, 'Date.', ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'])
  speaks(Number.prototype, 'Number.', ['toLocaleString'])

  return (main, input, seed) => {
    hidden(Math, 'random', function random() {
      const drawn: unknown = apply(part('chance').from as () => unknown, null, [seed])
      hidden(Math, 'random', drawn)
      return apply(drawn as () => number, Math, [])
    })
    apply(then, main(parse(input)), [finish, (error: unknown) => explain('failure', error)])
  }
}
