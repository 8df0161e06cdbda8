import { isObject } from '#sdk/given.ts'
import { fits, listOf, numberOf, partsFor, type Schema, schemaOf } from './check.ts'
import { read } from './find.ts'
import { flatten, type Plain } from './merge.ts'
import type { Filled, Place } from './place.ts'
import { textFor } from './sample.ts'
import { wordsOf } from './words.ts'

/** Where an object may have any names, so many lines of the text are taken for it. */
const MOST_LINES = 20

type Fill = (schema: Schema, place: Place) => Filled | null

/** An object: what must be there, and what may be there as far as the text holds it. */
export function fillRecord(schema: Plain, place: Place, fill: Fill): Filled | null {
  const required = listOf(schema.required).map(String)
  const known = Object.keys(Object(schema.properties))
  const most = numberOf(schema.maxProperties, Number.POSITIVE_INFINITY)
  const least = numberOf(schema.minProperties, 0)
  const made = new Map<string, Filled>()
  const spare = new Map<string, Filled>()
  for (const name of new Set([...known, ...required])) {
    const must = required.includes(name)
    if (!must && place.bare && known.length > required.length && least <= required.length) continue
    const one = named(schema, name) ? fillAt(schema, name, place, fill) : null
    if (one === null && must) return null
    if (one && (must || (one.found > 0 && !place.bare))) made.set(name, one)
    else if (one) spare.set(name, one)
  }
  for (const name of [...made.keys()].reverse()) if (made.size > most && !required.includes(name)) made.delete(name)
  if (known.length === 0 && !place.bare && place.nth === 0)
    for (const [name, one] of lines(schema, place, fill))
      if (made.size < Math.min(most, MOST_LINES) && !made.has(name)) made.set(name, one)
  for (const [name, one] of [...spare, ...(made.size < least - spare.size ? more(schema, place, fill, least) : [])])
    if (made.size < least && !made.has(name)) made.set(name, one)
  if (made.size < least) return null
  const ordered = [...known.filter(name => made.has(name)), ...[...made.keys()].filter(name => !known.includes(name))]
  return {
    value: Object.fromEntries(ordered.map(name => [name, made.get(name)?.value])),
    found: [...made.values()].reduce((sum, one) => sum + one.found, 0),
  }

  function named({ propertyNames }: Plain, name: string): boolean {
    return propertyNames === undefined || fits(name, schemaOf(propertyNames), place.root)
  }
}

function fillAt(schema: Plain, name: string, place: Place, fill: Fill): Filled | null {
  const parts = partsFor(name, schema)
  const part = schemaOf(parts.length === 1 ? parts[0] : { allOf: parts })
  const flat = flatten(part, place.root)
  const about = [flat?.title, flat?.description].filter(one => typeof one === 'string').join(' ')
  return fill(part, { ...place, name, about, depth: place.depth + 1 })
}

/** `Label: value` for objects that may have any names. */
function* lines(schema: Plain, place: Place, fill: Fill): Generator<[string, Filled]> {
  if (schema.additionalProperties === false || isObject(schema.patternProperties)) return
  for (const { label, value } of place.facts.labelled) {
    const name = wordsOf(label)
      .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
      .join('')
    if (schema.propertyNames !== undefined && !fits(name, schemaOf(schema.propertyNames), place.root)) continue
    const one = fillAt(schema, name, { ...place, facts: read(`${name}: ${value}`) }, fill)
    if (one && one.found > 0) yield [name, one]
  }
}

/** Names that nobody asked for, where there must be more. */
function* more(schema: Plain, place: Place, fill: Fill, least: number): Generator<[string, Filled]> {
  const names = flatten(schemaOf(schema.propertyNames), place.root) ?? {}
  const forms = [...Object.keys(Object(schema.patternProperties)).map(pattern => ({ ...names, pattern })), names]
  const listed = listOf(names.enum).map(String)
  for (let nth = 0; nth < least + listed.length + 50; nth += 1) {
    const tried =
      listed[nth] !== undefined
        ? [listed[nth]]
        : [`key${nth + 1}`, ...forms.map(form => textFor({ ...form, type: 'string' }, nth, place.root))]
    for (const name of tried) {
      if (typeof name !== 'string' || name === '' || !fits(name, names, place.root)) continue
      const one = fillAt(schema, name, { ...place, nth }, fill)
      if (one) yield [name, one]
    }
  }
}
