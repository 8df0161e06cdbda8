import { fits, numberOf } from './check.ts'
import { type Kind, kindOfName } from './kinds.ts'
import type { Plain } from './merge.ts'
import { isRow, labelledAs, refined, textsOf } from './pick.ts'
import type { Filled, Place } from './place.ts'
import { padded, textFor } from './sample.ts'
import { about, telling } from './sentences.ts'
import { clip } from './words.ts'

/** Kinds that nothing stands for where a text does not hold them. */
const EXACT: readonly (Kind | null)[] = [
  'email',
  'phone',
  'link',
  'date',
  'money',
  'currency',
  'count',
  'first',
  'last',
  'company',
  'person',
  'id',
  'years',
  'language',
  'confidence',
  'rating',
]

const BY_FORMAT: Record<string, Kind> = { email: 'email', uri: 'link', url: 'link', date: 'date', 'date-time': 'date' }

/** The text for a property: what was found for its name, else a sentence of the text, else what the schema allows. */
export function fillText(schema: Plain, place: Place): Filled | null {
  const { name, nth, facts, root } = place
  const kind = BY_FORMAT[String(schema.format)] ?? kindOfName(name)
  const found = nth === 0 ? firstThatFits(foundFor(kind, schema, place), schema, place) : null
  if (found !== null) return { value: found, found: 1 }
  const given = nth === 0 && typeof schema.default === 'string' && fits(schema.default, schema, root) ? schema.default : null
  if (given !== null) return { value: given, found: 0 }
  const free = nth === 0 && !EXACT.includes(kind) && schema.format === undefined && schema.pattern === undefined
  const [told = ''] = free
    ? [
        ...(isRow(facts) ? [] : about(`${name} ${place.about}`, facts.text, 1)),
        ...(isRow(facts) ? [facts.subject] : telling(facts.text, 1)),
      ]
    : []
  const value = firstThatFits(told === '' ? [] : [told], schema, place) ?? textFor(schema, nth, root)
  return value === null ? null : { value, found: 0 }
}

/** All that a text holds of what a format or a pattern asks for, each once. */
export const allTexts = (schema: Plain, place: Place): string[] =>
  [...new Set(foundFor(BY_FORMAT[String(schema.format)] ?? kindOfName(place.name), schema, place))].filter(
    text => firstThatFits([text], schema, place) === text,
  )

function* foundFor(kind: Kind | null, schema: Plain, { name, facts, draft }: Place): Generator<string> {
  const value = labelledAs(name, facts)
  if (value !== null) yield* refined(kind, name, value)
  if (kind === 'draft') yield draft()
  else if (schema.format === 'date-time') yield* facts.dates.map(one => `${one.value}T${one.time ?? '00:00:00'}Z`)
  else if (kind !== null) yield* textsOf(kind, name, facts)
  if (typeof schema.pattern === 'string' || typeof schema.format === 'string') yield* tokens(facts.text)
}

/** The words and lines of a text, without the marks around them. */
function tokens(text: string): string[] {
  const words = clip(text, 20_000).split(/\s+/).slice(0, 1000)
  return [...new Set([...words.map(word => word.replace(/^[("'“„<#]+|[)"'”“>.,;:!?]+$/g, '')), ...words])].filter(
    word => word !== '',
  )
}

/** Free words may be cut and filled up to the length they must have; anything exact may not. */
function firstThatFits(texts: Iterable<string>, schema: Plain, { root, name }: Place): string | null {
  const free = schema.format === undefined && schema.pattern === undefined && !EXACT.includes(kindOfName(name))
  for (const text of texts) {
    if (schema.pattern !== undefined && /[\uD800-\uDFFF]/.test(text)) continue
    if (text !== '' && fits(text, schema, root)) return text
    const cut = free ? padded(clip(text, numberOf(schema.maxLength, text.length)), schema) : ''
    if (cut !== '' && fits(cut, schema, root)) return cut
  }
  return null
}
