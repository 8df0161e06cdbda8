import { listOf, numberOf, partsFor, type Schema, schemaOf } from './check.ts'
import { both, flatten, guessOf, typesOf } from './merge.ts'

/** A schema that needs more levels than this is not filled. */
export const MOST_HEIGHT = 24

/** What was found out of a schema: which number of levels is enough, and which is not. */
type Known = Map<unknown, boolean[]>

const known = new WeakMap<object, Known>()

/** The least number of levels in which a schema can be filled; one that is within itself without an end has none. */
export function heightOf(schema: Schema, root: Schema): number {
  const memory = typeof root === 'object' ? (known.get(root) ?? new Map()) : new Map()
  if (typeof root === 'object') known.set(root, memory)
  for (let levels = 0; levels <= MOST_HEIGHT; levels += 1) if (isWithin(schema, root, levels, memory)) return levels
  return Number.POSITIVE_INFINITY
}

function isWithin(schema: Schema, root: Schema, levels: number, memory: Known): boolean {
  const asked = new Set<unknown>()
  const answer = ask(schema, root, levels, memory, asked)
  // Only when the first question has a no, those on its way have one too: they may have waited for it.
  if (!answer) for (const one of asked) if (memory.get(one)?.[levels] === undefined) note(one, levels, false, memory)
  return answer
}

function ask(schema: Schema, root: Schema, levels: number, memory: Known, asked: Set<unknown>): boolean {
  if (typeof schema === 'boolean' || levels < 0) return schema !== false && levels >= 0
  const answer = memory.get(schema)?.[levels]
  if (answer !== undefined || asked.has(schema)) return answer ?? false
  asked.add(schema)
  const made = holds(schema, root, levels, memory, asked)
  if (made) note(schema, levels, true, memory)
  return made
}

function note(schema: unknown, levels: number, answer: boolean, memory: Known): void {
  const list = memory.get(schema) ?? []
  list[levels] = answer
  memory.set(schema, list)
}

function holds(schema: Schema, root: Schema, levels: number, memory: Known, asked: Set<unknown>): boolean {
  const flat = flatten(schema, root)
  if (flat === null) return false
  const ways = [...listOf(flat.anyOf), ...listOf(flat.oneOf)].map(schemaOf)
  const { anyOf, oneOf, ...base } = flat
  if (
    ways.length > 0 &&
    !ways.some(way => ask(way, root, levels, memory, asked) && both(base, flatten(way, root) ?? {}) !== null)
  )
    return false
  if ('const' in flat || Array.isArray(flat.enum)) return true
  const types = flat.type === undefined ? [guessOf(flat)] : typesOf(flat)
  if (types.some(type => type !== 'object' && type !== 'array')) return true
  const inside = (part: unknown) => isWithin(schemaOf(part), root, levels - 1, memory)
  if (types.includes('array')) {
    const least = numberOf(flat.minItems, 0)
    const firsts = Array.isArray(flat.items) ? flat.items : listOf(flat.prefixItems)
    const rest = Array.isArray(flat.items) ? flat.additionalItems : flat.items
    if (firsts.slice(0, least).every(inside) && (least <= firsts.length || inside(rest))) return true
  }
  return types.includes('object') && listOf(flat.required).every(name => partsFor(String(name), flat).every(inside))
}
