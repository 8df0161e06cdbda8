import { isObject } from './schema.ts'
import { shortOf } from './short.ts'

/** A name that code knows: within what it stands, and what it is. */
export type Name = { within: string; name: string; about?: string; isFunction?: boolean }

const functions = (within: string, names: string): Name[] => names.split(' ').map(name => ({ within, name, isFunction: true }))

/** What the sandbox has. There is no network, no file and no package. */
const KNOWN: readonly Name[] = [
  ...'return await const let for of if else throw new typeof'.split(' ').map(name => ({ within: '', name })),
  ...'console JSON Math Object Array String Number Date URL URLSearchParams Intl Map Set Promise RegExp crypto TextEncoder TextDecoder'
    .split(' ')
    .map(name => ({ within: '', name })),
  ...functions('', 'structuredClone btoa atob parseInt parseFloat isNaN encodeURIComponent decodeURIComponent'),
  ...functions('console', 'log info warn error debug'),
  ...functions('JSON', 'parse stringify'),
  ...functions('Math', 'round floor ceil min max abs random sqrt trunc sign pow'),
  ...functions('Object', 'keys values entries fromEntries assign groupBy'),
  ...functions('Array', 'from isArray of'),
  ...functions('Date', 'now parse UTC'),
  ...functions('Promise', 'all allSettled race'),
]

const DEEPEST = 4

/** The names of the sandbox, and those of what `input` is given. */
export function inputSpots(input: unknown): Name[] {
  const found: Name[] = []
  const walk = (value: unknown, within: string, depth: number): void => {
    if (!isObject(value) || depth > DEEPEST) return
    for (const [name, one] of Object.entries(value)) {
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) continue
      found.push({ within, name, about: shortOf(one) })
      walk(one, `${within}.${name}`, depth + 1)
    }
  }
  walk(input, 'input', 1)
  return [{ within: '', name: 'input', about: shortOf(input ?? {}) }, ...found, ...KNOWN]
}
