import { fits, listOf, numberOf, type Schema, same, schemaOf } from './check.ts'
import { allThatFit } from './choose.ts'
import { readRow } from './find.ts'
import { isKin } from './kin.ts'
import { kindOfName } from './kinds.ts'
import { both, flatten, guessOf, type Plain, typesOf } from './merge.ts'
import { labelledAs, numbersOf, textsOf } from './pick.ts'
import type { Filled, Place } from './place.ts'
import { padded } from './sample.ts'
import { telling } from './sentences.ts'
import { allTexts } from './text.ts'
import { clip, stem, wordsOf, wordsOfName } from './words.ts'

/** Where a schema names no end. */
const USUAL_MOST = 20
/** No answer has more entries than this. */
const MOST = 1000

type Fill = (schema: Schema, place: Place) => Filled | null

/** A list: what the text holds of its entries, and so many more as there must be. */
export function fillList(schema: Plain, place: Place, fill: Fill): Filled | null {
  const least = numberOf(schema.minItems, 0)
  const most = Math.min(numberOf(schema.maxItems, Math.max(least, USUAL_MOST)), MOST)
  const first = Array.isArray(schema.items) ? schema.items : listOf(schema.prefixItems)
  const rest = schemaOf(Array.isArray(schema.items) ? schema.additionalItems : schema.items)
  const list: Filled[] = []
  const inside = { ...place, depth: place.depth + 1 }
  const add = (one: Filled | null) => {
    if (one && (schema.uniqueItems !== true || !list.some(it => same(it.value, one.value)))) list.push(one)
  }
  for (const part of first.slice(0, place.bare ? least : most)) add(fill(schemaOf(part), inside))
  if (list.length === first.length && rest !== false && !place.bare)
    for (const one of entries(rest, inside, fill)) if (list.length < most && fits(one.value, rest, place.root)) add(one)
  // The wanted entry first: it must not fall off at the end.
  if (schema.contains !== undefined) {
    const flat = flatten(schemaOf(schema.contains), place.root)
    const item = flatten(rest, place.root)
    const wanted = flat && item && both(flat, item)
    if (wanted) list.splice(first.length, list.length >= most ? 1 : 0, fill(wanted, inside) ?? { value: null, found: 0 })
  }
  for (let nth = 0; list.length < least && nth < least + 60 && list.length >= first.length; nth += 1)
    add(fill(rest, { ...inside, nth: schema.uniqueItems === true ? nth + place.nth * 100 : place.nth }))
  return list.length < least ? null : { value: list.map(one => one.value), found: list.reduce((sum, one) => sum + one.found, 0) }
}

/** What a text holds of the entries of a list. */
function entries(schema: Schema, place: Place, fill: Fill): Filled[] {
  const item = flatten(schema, place.root)
  if (item === null || place.nth > 0) return []
  const { facts, name } = place
  const found = (values: readonly unknown[]) => values.map(value => ({ value, found: 1 }))
  if (Array.isArray(item.enum)) {
    const labels = item.enum
    return found(allThatFit(labels.map(String), facts.text).map(({ at }) => labels[at]))
  }
  const types = item.type === undefined ? [guessOf(item)] : typesOf(item)
  const isOpen = 'const' in item || item.anyOf !== undefined || item.oneOf !== undefined
  if (isOpen) return found(known(fill(item, place)))
  if ((types.includes('object') && types.length === 1) || item.properties !== undefined) return objects(item, place, fill)
  if (types.includes('string') && item.format === undefined && item.pattern === undefined)
    return found(texts(place).map(text => padded(clip(text, numberOf(item.maxLength, text.length)), item)))
  if (types.includes('string')) return found(allTexts(item, place))
  if (types.includes('number') || types.includes('integer')) return found(numbersOf(kindOfName(name), name, facts))
  return found(known(fill(item, place)))
}

const known = (one: Filled | null): unknown[] => (one && one.found > 0 ? [one.value] : [])

/** The texts for a list: a row behind its name, the lines under its name, what is of its kind, any list, or telling sentences. */
function texts({ name, facts }: Place): string[] {
  const row = labelledAs(name, facts)
  if (row !== null && apart(row).length > 1) return apart(row)
  const lines = section(name, facts.text)
  if (lines.length === 1 && apart(lines[0] ?? '').length > 1) return apart(lines[0] ?? '')
  if (lines.length > 0) return lines
  if (row !== null) return [row]
  const kind = kindOfName(name)
  const mine = kind && kind !== 'draft' ? textsOf(kind, name, facts) : []
  if (kind && kind !== 'draft' && (mine.length > 0 || kind === 'question')) return mine
  const bullets = listed(facts.text)
  return bullets.length > 0 ? bullets : telling(facts.text, 3)
}

/** `Spanish, English and German` are three; a sentence with commas is one. */
function apart(row: string): string[] {
  const parts = row
    .split(/[,;]|\s(?:and|und)\s/)
    .map(one => one.trim().replace(/^(?:and|und) |\.$/g, ''))
    .filter(one => one !== '')
  return parts.every(one => wordsOf(one).length <= 3 && !/^\d{4}$/.test(one)) ? parts : []
}

/** An object for each line of a list in the text; where there is no list, one for the whole of it. */
function objects(schema: Plain, place: Place, fill: Fill): Filled[] {
  const { name, facts } = place
  const own = section(name, facts.text)
  const lines = own.length > 0 ? own : listed(facts.text)
  const parts =
    lines.length === 0 && /items|positions|positionen|posten/i.test(name) ? facts.text.split('\n').filter(isPosition) : lines
  const filled = (parts.length > 0 ? parts.slice(0, USUAL_MOST).map(readRow) : [facts]).map(part =>
    fill(schema, { ...place, facts: part }),
  )
  return filled.filter((one): one is Filled => one !== null && one.found > 0)
}

/** A line of a bill that names a thing and what it costs. */
const isPosition = (line: string) =>
  line.length < 300 && /\p{L}/u.test(line) && /\d ?[€$£]|[€$£] ?\d|\b(?:EUR|USD|GBP|CHF)\b/.test(line) && !SUMS.test(line)

const SUMS = /\b(?:total|subtotal|sum|net|gross|vat|tax|summe|gesamt\w*|netto|brutto|mwst|ust|rechnungsbetrag)\b/i

/** The lines that begin with the sign of a list. */
const listed = (text: string): string[] =>
  text.split('\n').flatMap(line => /^\s*(?:[-*•·]|\d{1,2}[.)])\s+(\S.*)$/.exec(line)?.[1]?.trim() ?? [])

/** The lines under a heading that says what a name says. */
function section(name: string, text: string): string[] {
  const lines = text.split('\n').map(line => line.trim())
  const wanted = wordsOfName(name)
  const isHeading = (line: string) => line !== '' && line.length < 50 && !/^[-*•·]|[.,;!?]$|:\s*\S|\d{4}/.test(line)
  const at = lines.findIndex(line => {
    const words = wordsOf(line).map(stem)
    return isHeading(line) && words.length <= wanted.length + 2 && wanted.every(word => words.some(one => isKin(one, word)))
  })
  if (at < 0) return []
  const rest = lines.slice(at + 1)
  const start = rest.findIndex(line => line !== '')
  const body = start < 0 ? [] : rest.slice(start)
  const end = body.findIndex((line, nth) => line === '' || (nth > 0 && /^#|^[^,;]{1,49}:$/.test(line)))
  return (end < 0 ? body : body.slice(0, end)).map(line => line.replace(/^(?:[-*•·]|\d{1,2}[.)])\s+/, ''))
}
