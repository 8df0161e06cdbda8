/** A regular expression in parts. */
export type Part =
  | { is: 'char'; test: (code: number) => boolean }
  | { is: 'assert'; what: string }
  | { is: 'sequence'; of: readonly Part[] }
  | { is: 'choice'; of: readonly Part[] }
  | { is: 'times'; of: Part; least: number; most: number }

/** What matches one character; `\uD83D\uDE00` is one. */
const ATOM =
  /\\u\{[^}]*\}|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[pP]\{[^}]*\}|\\c[A-Za-z]|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/y
const TIMES = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y
const OPENING = /\((?:\?(?::|<[^=!>][^>]*>|(<?[=!]|[a-z-]+:)))?/y

/** Where the reader stands; `cannot` says what it met that no machine of steps can do. */
type Reading = { pattern: string; flags: string; at: number; cannot: string | null }

/** Takes an expression apart that JavaScript has found valid with these flags. */
export function readPattern(pattern: string, flags: string): { part: Part } | { cannot: string } {
  const reading = { pattern, flags, at: 0, cannot: null }
  const part = readChoice(reading)
  return reading.cannot === null ? { part } : { cannot: reading.cannot }
}

function take(reading: Reading, form: RegExp): RegExpExecArray | null {
  const own = new RegExp(form, form.flags + (form === ATOM && reading.flags.includes('u') ? 'u' : ''))
  own.lastIndex = reading.at
  const found = own.exec(reading.pattern)
  if (found) reading.at = own.lastIndex
  return found
}

function readChoice(reading: Reading): Part {
  const ways = [readSequence(reading)]
  while (reading.pattern[reading.at] === '|') {
    reading.at += 1
    ways.push(readSequence(reading))
  }
  return { is: 'choice', of: ways }
}

function readSequence(reading: Reading): Part {
  const of: Part[] = []
  const isOver = () => reading.at >= reading.pattern.length || /[|)]/.test(reading.pattern[reading.at] ?? '')
  while (reading.cannot === null && !isOver()) {
    const part = readPart(reading)
    const found = take(reading, TIMES)
    of.push(found ? { is: 'times', of: part, ...countsOf(found) } : part)
  }
  return { is: 'sequence', of }
}

function readPart(reading: Reading): Part {
  const char = reading.pattern[reading.at]
  if (char === '(') return readGroup(reading)
  const text = take(reading, ATOM)?.[0] ?? ''
  if (/^\\[1-9k]/.test(text)) {
    reading.cannot = `refers back with ${text}`
    return { is: 'sequence', of: [] }
  }
  return ['^', '$', '\\b', '\\B'].includes(text)
    ? { is: 'assert', what: text }
    : { is: 'char', test: tester(text, reading.flags) }
}

function readGroup(reading: Reading): Part {
  const special = take(reading, OPENING)?.[1]
  if (special) reading.cannot = `looks around or changes options with (?${special}`
  const part = readChoice(reading)
  reading.at += 1
  return part
}

function countsOf([, sign, least, comma, most]: RegExpExecArray): { least: number; most: number } {
  if (sign) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  const from = Number(least)
  if (!comma) return { least: from, most: from }
  return { least: from, most: most ? Number(most) : Number.POSITIVE_INFINITY }
}

/** JavaScript's own expression says which single characters fit, once for each of the usual ones. */
function tester(atom: string, flags: string): (code: number) => boolean {
  const one = new RegExp(`^(?:${atom})$`, flags)
  const known = new Int8Array(128)
  return code => {
    if (code >= 128) return one.test(String.fromCodePoint(code))
    if (known[code] === 0) known[code] = one.test(String.fromCharCode(code)) ? 1 : -1
    return known[code] === 1
  }
}
