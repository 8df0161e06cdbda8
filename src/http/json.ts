import { Fault } from '#errors.ts'

/** Deeper than any form or workflow, shallow enough that no recursive reader overflows its stack. */
const DEPTH = 64

/**
 * Reads JSON that means the same to everybody: refuses what is legal but ambiguous or harmful, namely a byte order mark,
 * broken UTF-8, nesting deeper than 64, a key twice in one object, the key `__proto__`, NUL and lone surrogates (no database
 * keeps them), and numbers that would silently change.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw bad(`The body is not JSON: ${cause instanceof Error ? cause.message : 'it does not parse'}.`)
  }
  inspect(text)
  return value
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw bad('The body begins with a byte order mark; send it without one.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad('The body is not UTF-8.')
  }
}

/** Walks over text that is known to be valid JSON, so it need not check the grammar. */
function inspect(text: string): void {
  const open: (Set<string> | null)[] = []
  const number = /-?\d+(\.\d+)?([eE][-+]?\d+)?/y
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null)
      if (open.length > DEPTH) throw bad(`The body is nested deeper than ${DEPTH} levels (character ${at + 1}).`)
    } else if (char === '}' || char === ']') open.pop()
    else if (char === '"') at = inspectText(text, at, open.at(-1) ?? null)
    else if (char === '-' || (char >= '0' && char <= '9')) {
      number.lastIndex = at
      const [found = ''] = number.exec(text) ?? []
      inspectNumber(found, at)
      at += found.length - 1
    }
  }
}

/** Answers with the place of the closing quote. */
function inspectText(text: string, start: number, keys: Set<string> | null): number {
  let end = start + 1
  let escaped = false
  for (; text.charAt(end) !== '"'; end += 1) {
    if (text.charAt(end) === '\\') {
      escaped = true
      end += 1
    }
  }
  const value: string = escaped ? JSON.parse(text.slice(start, end + 1)) : text.slice(start + 1, end)
  if (escaped && value.includes('\0')) throw bad(`The body contains the character NUL (character ${start + 1}).`)
  if (escaped && !value.isWellFormed()) throw bad(`The body contains half of a surrogate pair (character ${start + 1}).`)
  if (keys && isKey(text, end + 1)) {
    if (value === '__proto__') throw bad('The key "__proto__" is not allowed.')
    if (keys.has(value)) throw bad(`The key ${JSON.stringify(value.slice(0, 100))} stands twice in one object.`)
    keys.add(value)
  }
  return end
}

function isKey(text: string, from: number): boolean {
  let at = from
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at += 1
  return text.charAt(at) === ':'
}

function inspectNumber(found: string, at: number): void {
  const value = Number(found)
  const exact = Number.isFinite(value) && (/[.eE]/.test(found) || Number.isSafeInteger(value))
  if (!exact) throw bad(`The number ${found.slice(0, 40)} cannot be kept exactly (character ${at + 1}); send it as text.`)
}

const bad = (message: string) => new Fault('request.bad_json', { message })
