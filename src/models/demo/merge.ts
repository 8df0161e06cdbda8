import { isObject } from '#sdk/given.ts'
import { kindOf, listOf, partsFor, type Schema, same, schemaOf, target } from './check.ts'

/** A schema without `$ref` and `allOf`: all that is asked of one value stands in one object. */
export type Plain = Record<string, unknown>

/** More ways than this are not multiplied out. */
const MOST_WAYS = 64

/** Names of numbers of which the larger, or the smaller, asks for more. */
const LOWER = ['minimum', 'minLength', 'minItems', 'minProperties', 'exclusiveMinimum']
const UPPER = ['maximum', 'maxLength', 'maxItems', 'maxProperties', 'exclusiveMaximum']

/** Follows references and puts together what `allOf` asks for; null where nothing can fit. */
export function flatten(schema: Schema, root: Schema, seen: readonly unknown[] = []): Plain | null {
  if (typeof schema === 'boolean') return schema ? {} : null
  if (seen.includes(schema)) return null
  const { $ref, allOf, ...own } = schema
  const parts = [...($ref === undefined ? [] : [schemaOf(target($ref, root))]), ...listOf(allOf).map(schemaOf)]
  return parts.reduce<Plain | null>((sum, part) => {
    const flat = sum && flatten(part, root, [...seen, schema])
    return sum && flat && both(sum, flat)
  }, own)
}

/** What asks for all that two schemas ask for; null where they contradict each other. */
export function both(one: Plain, other: Plain): Plain | null {
  const sum: Plain = { ...other, ...one }
  for (const name of LOWER) pick(sum, name, one, other, Math.max)
  for (const name of UPPER) pick(sum, name, one, other, Math.min)
  if (one.type !== undefined && other.type !== undefined) {
    const types = typesOf(one).filter(type => typesOf(other).includes(type))
    if (types.length === 0) return null
    sum.type = types
  }
  const values = one.enum === undefined ? other.enum : other.enum === undefined ? one.enum : common(one.enum, other.enum)
  if (values !== undefined) sum.enum = values
  if (Array.isArray(one.required) && Array.isArray(other.required))
    sum.required = [...new Set([...one.required, ...other.required])]
  if (isObject(one.properties) || isObject(other.properties)) sum.properties = properties(one, other)
  for (const name of ['items', 'contains', 'additionalProperties', 'propertyNames'])
    if (name in one && name in other && !same(one[name], other[name])) sum[name] = { allOf: [one[name], other[name]] }
  if (one.uniqueItems === true || other.uniqueItems === true) sum.uniqueItems = true
  if (one.anyOf !== undefined && other.anyOf !== undefined) sum.anyOf = multiplied(one.anyOf, other.anyOf)
  if (one.oneOf !== undefined && other.oneOf !== undefined) sum.oneOf = multiplied(one.oneOf, other.oneOf)
  if (typeof one.multipleOf === 'number' && typeof other.multipleOf === 'number')
    sum.multipleOf = multiple(one.multipleOf, other.multipleOf)
  return sum
}

/** The types that are allowed, each by one name; all where none is named. */
export function typesOf(schema: Plain): string[] {
  const named = [schema.type ?? []].flat().map(String)
  const all = named.length > 0 ? named : ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']
  const wide = all.includes('number') ? [...all, 'integer'] : all
  return [...new Set(schema.nullable === true ? [...wide, 'null'] : wide)]
}

/** What the keywords speak of, where no type is named. */
export function guessOf(schema: Plain): string {
  const has = (...names: string[]) => names.some(name => name in schema)
  if ('const' in schema) return kindOf(schema.const)
  if (has('properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties')) return 'object'
  if (has('items', 'prefixItems', 'minItems', 'maxItems', 'contains', 'uniqueItems')) return 'array'
  return has('minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum') ? 'number' : 'string'
}

function pick(sum: Plain, name: string, one: Plain, other: Plain, which: (a: number, b: number) => number): void {
  const [first, second] = [one[name], other[name]]
  if (typeof first === 'number' && typeof second === 'number') sum[name] = which(first, second)
}

const common = (one: unknown, other: unknown) => listOf(one).filter(value => listOf(other).some(it => same(it, value)))

const multiplied = (one: unknown, other: unknown) =>
  listOf(one)
    .flatMap(first => listOf(other).map(second => ({ allOf: [first, second] })))
    .slice(0, MOST_WAYS)

/** A property must fit what either side says of its name, and a closed side says no to all others. */
function properties(one: Plain, other: Plain): Plain {
  const names = new Set([...Object.keys(Object(one.properties)), ...Object.keys(Object(other.properties))])
  return Object.fromEntries(
    [...names].map(name => {
      const parts = [...partsFor(name, one), ...partsFor(name, other)].filter(part => part !== true && !same(part, {}))
      return [name, parts.length === 1 ? parts[0] : parts.length === 0 ? {} : { allOf: parts }]
    }),
  )
}

/** The least number that is a multiple of both, where there is a small one. */
function multiple(one: number, other: number): number {
  const large = Math.max(one, other)
  const small = Math.min(one, other)
  for (let times = 1; times <= 1000; times += 1)
    if (Math.abs((large * times) / small - Math.round((large * times) / small)) < 1e-9)
      return Number((large * times).toPrecision(12))
  return large
}
