import { Refused } from './fail.ts'
import { type Part, readPattern } from './regular.ts'

/** The longest pattern, and how large it may become when its repetitions are written out. */
const LONGEST = 1000
const MOST_STEPS = 2000

/** Characters of the text times steps of the pattern: about half a second of work. */
const MOST_WORK = 20_000_000

/** Patterns that were read lately. */
const KEPT = 200

type Step =
  | { do: 'char'; test: (code: number) => boolean }
  | { do: 'split'; one: number; two: number }
  | { do: 'jump'; to: number }
  | { do: 'assert'; what: string }
  | { do: 'match' }

type Program = { test: (text: string) => boolean }

const kept = new Map<string, Program>()

/**
 * Is there a match of the pattern in the text? Patterns are JavaScript's, without looking around and back references.
 * All ways to match are walked at once, so the time grows with the length of the text and never explodes.
 */
export function matches(text: string, pattern: string, ignoreCase: boolean): boolean {
  const name = `${ignoreCase ? 'i' : ' '}${pattern}`
  let program = kept.get(name)
  if (!program) {
    program = compile(pattern, ignoreCase ? 'i' : '')
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '')
    kept.set(name, program)
  }
  return program.test(text)
}

const refused = (pattern: string, why: string): Refused =>
  new Refused('pattern.invalid', `The pattern “${pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern}” ${why}`)

function compile(pattern: string, flags: string): Program {
  if (pattern.length > LONGEST) throw refused(pattern, `has ${pattern.length} characters; at most ${LONGEST} are possible.`)
  const native = nativeOf(pattern, flags)
  // Without repetition and choice there is one way to match, so nothing can explode.
  if (/^[^*+?{(|]*$/.test(pattern)) return native
  const read = readPattern(pattern, native.flags)
  if ('cannot' in read) throw refused(pattern, `${read.cannot}, which is not possible here.`)
  const steps: Step[] = []
  write(read.part, steps, pattern)
  steps.push({ do: 'match' })
  return { test: text => run(steps, text, native.unicode, pattern) }
}

/** As JavaScript reads it today or, where that refuses an escape that it used to allow, as it used to. */
function nativeOf(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`)
  } catch (error) {
    try {
      if (!/\\[upP]\{/.test(pattern)) return new RegExp(pattern, flags)
    } catch {
      // What is wrong was said the first time.
    }
    const said = error instanceof Error ? error.message.split(': ').at(-1) : ''
    const hint = pattern.startsWith('(?i)') ? ' Use the option to ignore case instead of (?i).' : ''
    throw refused(pattern, `is no valid regular expression: ${said}.${hint}`)
  }
}

function write(part: Part, steps: Step[], pattern: string): void {
  if (steps.length > MOST_STEPS) throw refused(pattern, 'repeats too much. Use smaller numbers in its braces.')
  if (part.is === 'char') steps.push({ do: 'char', test: part.test })
  else if (part.is === 'assert') steps.push({ do: 'assert', what: part.what })
  else if (part.is === 'sequence') for (const one of part.of) write(one, steps, pattern)
  else if (part.is === 'choice') writeChoice(part.of, steps, pattern)
  else writeTimes(part, steps, pattern)
}

function writeChoice(ways: readonly Part[], steps: Step[], pattern: string): void {
  const ends: number[] = []
  for (const [nth, way] of ways.entries()) {
    const split = nth < ways.length - 1 ? steps.push({ do: 'match' }) - 1 : -1
    write(way, steps, pattern)
    if (split < 0) break
    ends.push(steps.push({ do: 'match' }) - 1)
    steps[split] = { do: 'split', one: split + 1, two: steps.length }
  }
  for (const end of ends) steps[end] = { do: 'jump', to: steps.length }
}

function writeTimes({ of, least, most }: Extract<Part, { is: 'times' }>, steps: Step[], pattern: string): void {
  // What writes no step may be repeated as often as one likes.
  for (let nth = 0, before = -1; nth < least && before < steps.length; nth += 1) {
    before = steps.length
    write(of, steps, pattern)
  }
  if (most === Number.POSITIVE_INFINITY) {
    const split = steps.push({ do: 'match' }) - 1
    write(of, steps, pattern)
    steps.push({ do: 'jump', to: split })
    steps[split] = { do: 'split', one: split + 1, two: steps.length }
    return
  }
  const splits: number[] = []
  for (let nth = least; nth < most; nth += 1) {
    splits.push(steps.push({ do: 'match' }) - 1)
    write(of, steps, pattern)
  }
  for (const split of splits) steps[split] = { do: 'split', one: split + 1, two: steps.length }
}

function run(steps: readonly Step[], text: string, byPoint: boolean, pattern: string): boolean {
  if (text.length * steps.length > MOST_WORK)
    throw refused(pattern, `is too much work for a text of ${text.length} characters. Look at a part of the text only.`)
  const codes = byPoint ? Array.from(text, char => char.codePointAt(0) ?? 0) : text.split('').map(char => char.charCodeAt(0))
  const seen = new Int32Array(steps.length).fill(-1)
  const stack: number[] = []
  let here: number[] = []
  let next: number[] = []
  /** Goes on without a character as far as possible; true when the end of the pattern is reached. */
  const follow = (from: number, position: number): boolean => {
    stack.push(from)
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const step = steps[at]
      if (!step || seen[at] === position) continue
      seen[at] = position
      if (step.do === 'match') return true
      if (step.do === 'split') stack.push(step.two, step.one)
      else if (step.do === 'jump') stack.push(step.to)
      else if (step.do === 'char') next.push(at)
      else if (stands(step.what, codes, position)) stack.push(at + 1)
    }
    return false
  }
  for (let position = 0; ; position += 1) {
    if (follow(0, position)) return true
    const code = codes[position]
    if (code === undefined) return false
    ;[here, next] = [next, here]
    next.length = 0
    for (const at of here) {
      const step = steps[at]
      if (step?.do === 'char' && step.test(code) && follow(at + 1, position + 1)) return true
    }
  }
}

function stands(what: string, codes: readonly number[], at: number): boolean {
  if (what === '^') return at === 0
  if (what === '$') return at === codes.length
  return (isWord(codes[at - 1]) !== isWord(codes[at])) === (what === '\\b')
}

const isWord = (code: number | undefined): boolean =>
  code !== undefined && ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122))
