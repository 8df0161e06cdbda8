import { FILTERS } from './filters.ts'
import { expressionOf, type Reach, type Spot, spotsAt } from './reach.ts'

/** One thing that can be completed. */
export type Option = { is: 'value'; spot: Spot; insert: string } | { is: 'filter'; name: string; insert: string }

/** What can stand between two places of a text. */
export type Completion = { from: number; to: number; options: Option[] }

type Hole = { start: number; end: number; closed: boolean }

/** The `{{ }}` or `{% %}` around the cursor; `start` and `end` are those of what stands in it. */
export function holeAt(text: string, cursor: number): Hole | null {
  const open = Math.max(text.lastIndexOf('{{', cursor - 2), text.lastIndexOf('{%', cursor - 2))
  if (open === -1) return null
  const [close, other] = text.startsWith('{%', open) ? ['%}', '}}'] : ['}}', '%}']
  const start = open + 2
  const end = text.indexOf(close, start)
  if (end !== -1 && end < cursor) return null
  // Without its end it reaches as far as the next one begins.
  const next = ['{{', '{%', other].map(mark => text.indexOf(mark, start)).filter(at => at !== -1)
  const broken = Math.min(text.length, ...next)
  return end === -1 || end > broken ? { start, end: Math.max(cursor, start), closed: false } : { start, end, closed: true }
}

/** Is the end of this text inside of quotes? */
function quoted(text: string): boolean {
  let open = ''
  for (const letter of text) {
    if (open === '') {
      if (letter === '"' || letter === "'") open = letter
    } else if (letter === open) open = ''
  }
  return open !== ''
}

/** What is being typed at the end of a text: a path of which the last part may be unfinished. */
const TYPED = /((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"]*"\]|\['[^']*'\])*)?(\.|\[)?([A-Za-z_]\w*|\d+)?$/

const PART = /\.?([A-Za-z_]\w*)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g

/** A path that is written out, in its parts. */
export const partsOf = (path: string): (string | number)[] =>
  [...path.matchAll(PART)].map(([, name, index, double, single]) =>
    index === undefined ? (name ?? double ?? single ?? '') : Number(index),
  )

/** Begins with what was typed first, then has it somewhere. */
function fitting<T>(all: readonly T[], typed: string, nameOf: (one: T) => string): T[] {
  const wanted = typed.toLowerCase()
  const begins = all.filter(one => nameOf(one).toLowerCase().startsWith(wanted))
  const has = all.filter(one => !begins.includes(one) && nameOf(one).toLowerCase().includes(wanted))
  return [...begins, ...has]
}

const MOST = 60

/** What can be completed at the cursor of a text; null where nothing is being asked for. */
export function completionAt(text: string, cursor: number, reach: Reach): Completion | null {
  const hole = holeAt(text, cursor)
  if (!hole) return null
  const before = text.slice(hole.start, cursor)
  if (quoted(before)) return null
  const filter = /\|\s*(\w*)$/.exec(before)
  if (filter) return filtersFor(filter[1] ?? '', cursor)
  const match = TYPED.exec(before)
  const [whole = '', path = '', mark = '', rest = ''] = match ?? []
  if (whole === '' && /[\w\])"'}]\s*$/.test(before)) return null
  const dotted = mark !== ''
  // Without a mark the pattern has taken the unfinished name for a part of the path.
  const parts = dotted ? partsOf(path) : partsOf(path + rest).slice(0, -1)
  const typed = dotted ? rest : lastName(path + rest)
  if (!dotted && path.endsWith(']')) return null
  const spots = fitting(spotsAt(reach, parts), typed, spot => spot.name)
  if (spots.length === 0) return null
  // A name of letters that are not plain replaces the point before it by brackets.
  const from = cursor - typed.length - (dotted || parts.length > 0 ? 1 : 0)
  const options = spots.slice(0, MOST).map((spot): Option => ({ is: 'value', spot, insert: stepOf(parts, spot) }))
  return { from, to: cursor, options }
}

const lastName = (path: string): string => /(\w*)$/.exec(path)?.[1] ?? ''

/** What is written for one more step. */
function stepOf(parts: readonly (string | number)[], { path }: Spot): string {
  const whole = expressionOf(path)
  return parts.length === 0 ? whole : whole.slice(expressionOf(parts).length)
}

function filtersFor(typed: string, cursor: number): Completion | null {
  const options = fitting(FILTERS, typed, one => one.name).map(
    ({ name, takes }): Option => ({ is: 'filter', name, insert: takes ? `${name}: ` : name }),
  )
  return options.length === 0 ? null : { from: cursor - typed.length, to: cursor, options }
}

/** The text with what was chosen, and where the cursor stands then: a hole that was open is closed behind it. */
export function complete(text: string, { from, to }: Completion, option: Option): { text: string; cursor: number } {
  const hole = holeAt(text, to)
  const tag = hole !== null && text.startsWith('{%', hole.start - 2)
  const lead = hole !== null && hole.start === from ? ' ' : ''
  const typed = lead + option.insert
  const close = hole === null || hole.closed ? '' : tag ? ' %}' : ' }}'
  const start = text.slice(0, from)
  return { text: start + typed + close + text.slice(to), cursor: start.length + typed.length }
}

/** Puts a value into a text at the cursor: as a hole of its own, or into the one that is open there. */
export function insertAt(
  text: string,
  at: { from: number; to: number },
  path: readonly (string | number)[],
): { text: string; cursor: number } {
  const from = Math.min(at.from, text.length)
  const to = Math.min(Math.max(at.to, from), text.length)
  const hole = holeAt(text, from)
  const expression = expressionOf(path)
  const typed = hole && hole.end >= to ? spaced(text, hole, from, expression) : `{{ ${expression} }}`
  return { text: text.slice(0, from) + typed + text.slice(to), cursor: from + typed.length }
}

function spaced(text: string, hole: Hole, from: number, expression: string): string {
  const lead = /[\s:,|([]$/.test(text.slice(hole.start, from)) ? '' : ' '
  return hole.closed ? lead + expression : `${lead}${expression} }}`
}

/** A text in its parts: what is a template, and what is not. */
export function piecesOf(text: string): { text: string; hole: boolean }[] {
  const pieces: { text: string; hole: boolean }[] = []
  let from = 0
  for (const match of text.matchAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{\{[^}]*$/g)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), hole: false })
    pieces.push({ text: match[0], hole: true })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hole: false })
  return pieces
}
