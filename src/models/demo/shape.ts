import { Refused } from '#sdk/fail.ts'
import { fits, listOf, numberOf, type Schema, schemaOf, target } from './check.ts'
import { choose, mood, says, shareOf } from './choose.ts'
import { type Facts, read } from './find.ts'
import { heightOf, MOST_HEIGHT } from './height.ts'
import { kindOfName } from './kinds.ts'
import { fillList } from './lists.ts'
import { both, flatten, guessOf, type Plain, typesOf } from './merge.ts'
import { numberFor } from './number.ts'
import { labelledAs, numbersOf } from './pick.ts'
import type { Filled, Place } from './place.ts'
import { fillRecord } from './record.ts'
import { fillText } from './text.ts'

/** Below this, and in a schema that is within itself, only what must be there is filled in. */
const DEEP = 8
/** From so many values on only what must be there is filled in, and more than twice as many no answer has. */
const MOST_VALUES = 5000

/** The value that fits a schema, filled out of a text as well as simple means can; refuses where none is found. */
export function shapeFrom(schema: Schema, text: string, draft: () => string): unknown {
  const filled = heightOf(schema, schema) <= MOST_HEIGHT ? fill(schema, begin(schema, read(text), draft)) : null
  if (filled && fits(filled.value, schema, schema)) return filled.value
  throw new Refused('model.refused', 'The demo model found nothing that fits the schema. Make it simpler, or give it a default.')
}

const begin = (root: Schema, facts: Facts, draft: () => string): Place => ({
  facts,
  root,
  name: '',
  about: '',
  depth: 0,
  nth: 0,
  bare: false,
  path: [],
  left: { values: MOST_VALUES },
  draft,
})

function fill(schema: Schema, from: Place): Filled | null {
  const place = entered(schema, from)
  const flat = place && flatten(schema, place.root)
  if (!flat) return null
  if (flat.anyOf !== undefined || flat.oneOf !== undefined) return anyWay(flat, place)
  if ('const' in flat) return fits(flat.const, flat, place.root) ? { value: flat.const, found: 0 } : null
  if (Array.isArray(flat.enum)) return fromEnum(flat, place)
  const types = typesOf(flat)
  const order = flat.type === undefined ? [guessOf(flat)] : types.filter(type => type !== 'null')
  const filled = first(order, type => ofType(type, flat, place))
  if (types.includes('null') && flat.type !== undefined && !(filled && (filled.found > 0 || place.nth > 0)))
    return { value: null, found: 0 }
  return filled
}

function entered(schema: Schema, from: Place): Place | null {
  from.left.values -= 1
  if (from.left.values < -MOST_VALUES || from.depth > 4 * MOST_HEIGHT) return null
  const ref = typeof schema === 'object' && schema.$ref !== undefined ? target(schema.$ref, from.root) : undefined
  const within = ref !== undefined && (ref === from.root || from.path.includes(ref))
  return {
    ...from,
    bare: from.bare || within || from.depth >= DEEP || from.left.values < 0,
    path: ref === undefined ? from.path : [...from.path, ref],
  }
}

function first<Of>(list: readonly Of[], make: (one: Of) => Filled | null): Filled | null {
  for (const one of list) {
    const made = make(one)
    if (made) return made
  }
  return null
}

/** The way of which most was found in the text; deep down the one that ends soonest. */
function anyWay(flat: Plain, place: Place): Filled | null {
  const { anyOf, oneOf, ...base } = flat
  const [chosen, other] = anyOf === undefined ? [oneOf, undefined] : [anyOf, oneOf]
  const rest = other === undefined ? base : { ...base, oneOf: other }
  const take = (way: Schema): Filled | null => {
    const seen = entered(way, place)
    const part = seen && flatten(way, place.root)
    const whole = part && both(rest, part)
    const filled = whole && fill(whole, seen)
    return filled && fits(filled.value, flat, place.root) ? filled : null
  }
  const ways = listOf(chosen).map(schemaOf)
  if (place.bare) return first(soonest(ways, place), take)
  // Another value than those before it may be one of another way.
  if (place.nth > 0) return first([...ways.slice(place.nth % ways.length), ...ways], take)
  const made = ways.map(take).filter(one => one !== null)
  const best = made.reduce<Filled | null>((one, it) => (one === null || it.found > one.found ? it : one), null)
  return best && best.found === 0 ? (made.find(one => one.value === null) ?? best) : best
}

/** Ways by how soon they end; of those that end as soon, each has its turn. */
function soonest(ways: readonly Schema[], { root, nth }: Place): Schema[] {
  const sorted = ways.toSorted((one, two) => heightOf(one, root) - heightOf(two, root))
  const equal = sorted.filter(way => heightOf(way, root) === heightOf(sorted[0] ?? true, root)).length
  const turn = equal === 0 ? 0 : nth % equal
  return [...sorted.slice(turn, equal), ...sorted.slice(0, turn), ...sorted.slice(equal)]
}

function fromEnum(flat: Plain, { facts, root, nth, name }: Place): Filled | null {
  const options = listOf(flat.enum).filter(one => fits(one, flat, root))
  if (options.length === 0) return null
  if (nth > 0) return { value: options[nth % options.length], found: 0 }
  const kind = kindOfName(name)
  const said = `${labelledAs(name, facts) ?? ''}\n${facts.said}`
  const known = kind === 'language' ? facts.language : kind === 'currency' ? (facts.money[0]?.value.currency ?? '') : ''
  const exact = options.findIndex(one => String(one).toLowerCase() === known.toLowerCase())
  if (known !== '' && exact >= 0) return { value: options[exact], found: 1 }
  const { at, score } = choose(options.map(String), said)
  return { value: options[at], found: score > 0 ? 1 : 0 }
}

function ofType(type: string, flat: Plain, place: Place): Filled | null {
  const { facts, name, nth, root } = place
  if (type === 'object') return fillRecord(flat, place, fill)
  if (type === 'array') return fillList(flat, place, fill)
  if (type === 'string') return fillText(flat, place)
  if (type === 'null') return { value: null, found: 0 }
  if (type !== 'boolean') return ofNumber(flat, type === 'integer', place)
  const said = says(name, facts.said)
  const value = (said ?? (typeof flat.default === 'boolean' ? flat.default : false)) !== (nth % 2 === 1)
  return fits(value, flat, root) ? { value, found: said === null ? 0 : 1 } : null
}

function ofNumber(flat: Plain, whole: boolean, { name, facts, nth, root }: Place): Filled | null {
  const kind = kindOfName(name)
  const label = labelledAs(name, facts)
  const behind = label === null ? [] : numbersOf(kind === 'money' ? 'money' : null, name, read(`${name}: ${label}`))
  const found = [...behind, ...(kind === 'confidence' || kind === 'rating' ? [] : numbersOf(kind, name, facts))]
  const fitting = found.find(one => fits(whole ? Math.round(one) : one, flat, root))
  if (fitting !== undefined && nth === 0) return { value: whole ? Math.round(fitting) : fitting, found: 1 }
  const low = numberOf(flat.minimum, 0)
  const high = numberOf(flat.maximum, 1)
  // Half sure is all that counting words can be; a mood lies between the ends of its scale.
  const judged =
    kind === 'confidence'
      ? (low + high) / 2
      : kind === 'rating'
        ? low + ((mood(facts.said) + 1) / 2) * (high - low)
        : kind === null && low === 0 && flat.maximum === 1
          ? shareOf(name, facts.said)
          : null
  const value = numberFor(flat, judged ?? numberOf(flat.default, 0), whole, nth, root)
  return { value, found: judged === null ? 0 : 1 }
}
