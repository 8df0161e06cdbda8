import { isObject } from '#sdk/given.ts'
import { matches } from '#sdk/pattern.ts'

/** A JSON Schema; `true` and `false` are some too. */
export type Schema = Record<string, unknown> | boolean

const HOUR = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?'
const DAY = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'

/** What the named formats are; of others any text is one. */
const FORMATS: Record<string, (text: string) => boolean> = {
  email: text => /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/.test(text),
  date: text => new RegExp(`^${DAY}$`).test(text) && isDay(text),
  time: text => new RegExp(`^${HOUR}Z$`).test(text),
  'date-time': text => new RegExp(`^${DAY}T${HOUR}Z$`).test(text) && isDay(text.slice(0, 10)),
  uri: text => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text),
  url: text => /^https?:/i.test(text) && URL.canParse(text),
  uuid: text => /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(text),
  ipv4: text => new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`).test(text),
  ipv6: text => /^(?:[\da-f]{1,4}:){7}[\da-f]{1,4}$/i.test(text),
  hostname: text => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text),
  duration: text => /^P(?:\d+D|T\d+[HMS])$/.test(text),
}

/** No format is as long as this; the forms above need not be fast. */
const LONGEST_FORMAT = 2000

const isFormat = (text: string, format: string) =>
  !Object.hasOwn(FORMATS, format) || (text.length <= LONGEST_FORMAT && FORMATS[format]?.(text) === true)

const isDay = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** Where a reference within a schema leads; nothing where it leads nowhere. */
export function target(ref: unknown, root: Schema): Schema | undefined {
  let at: unknown = root
  const parts =
    typeof ref === 'string' && ref.startsWith('#')
      ? ref
          .slice(1)
          .split('/')
          .filter(part => part !== '')
      : ['', ref]
  for (const part of parts) at = Object(at)[decodeURIComponent(String(part)).replaceAll('~1', '/').replaceAll('~0', '~')]
  return typeof at === 'boolean' || isObject(at) ? at : undefined
}

/** Two values that are the same as JSON. */
export const same = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other)

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part,
  ) ?? 'nothing'

/** Is a value what a schema asks for? Keywords that are not known ask for nothing. */
export function fits(value: unknown, schema: Schema, root: Schema, seen: readonly unknown[] = []): boolean {
  if (typeof schema === 'boolean') return schema
  if (seen.includes(schema)) return false
  const also = (other: unknown) => fits(value, schemaOf(other), root, [...seen, schema])
  const { $ref, allOf, anyOf, oneOf, not } = schema
  return (
    isOf(value, schema) &&
    ($ref === undefined || also(target($ref, root))) &&
    listOf(allOf).every(also) &&
    (anyOf === undefined || listOf(anyOf).some(also)) &&
    (oneOf === undefined || listOf(oneOf).filter(also).length === 1) &&
    (not === undefined || !also(not)) &&
    (typeof value !== 'string' || isText(value, schema)) &&
    (typeof value !== 'number' || isNumber(value, schema)) &&
    (!Array.isArray(value) || isList(value, schema, root)) &&
    (!isObject(value) || isRecord(value, schema, root))
  )
}

/** A part of a schema, where what is missing asks for nothing. */
export const schemaOf = (part: unknown): Schema => (typeof part === 'boolean' || isObject(part) ? part : {})

/** A list of a schema, where there is one. */
export const listOf = (part: unknown): unknown[] => (Array.isArray(part) ? part : [])

/** A number of a schema, or what stands for it. */
export const numberOf = (part: unknown, instead: number): number => (typeof part === 'number' ? part : instead)

function isOf(value: unknown, schema: Record<string, unknown>): boolean {
  const types = [schema.type ?? []].flat()
  const named = (type: unknown) =>
    type === kindOf(value) || (type === 'number' && typeof value === 'number') || (schema.nullable === true && value === null)
  if (types.length > 0 && !types.some(named)) return false
  if ('const' in schema && !same(value, schema.const)) return false
  return !Array.isArray(schema.enum) || schema.enum.some(one => same(one, value))
}

/** The name that JSON Schema has for what a value is. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isSafeInteger(value) ? 'integer' : typeof value
}

function isText(value: string, { minLength, maxLength, pattern, format }: Record<string, unknown>): boolean {
  const points = [...value].length
  if (points < numberOf(minLength, 0) || value.length > numberOf(maxLength, Number.POSITIVE_INFINITY)) return false
  if (typeof format === 'string' && !isFormat(value, format)) return false
  return typeof pattern !== 'string' || hasPattern(value, pattern)
}

/** What cannot be tried in linear time is believed. */
function hasPattern(value: string, pattern: string): boolean {
  try {
    return matches(value, pattern, false)
  } catch {
    return true
  }
}

function isNumber(value: number, schema: Record<string, unknown>): boolean {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf } = schema
  const low = numberOf(minimum, Number.NEGATIVE_INFINITY)
  const high = numberOf(maximum, Number.POSITIVE_INFINITY)
  if (value < low || value > high || (above === true && value === low) || (below === true && value === high)) return false
  if (value <= numberOf(above, Number.NEGATIVE_INFINITY) || value >= numberOf(below, Number.POSITIVE_INFINITY)) return false
  return typeof multipleOf !== 'number' || isMultiple(value, multipleOf)
}

/** Decimals such as 0.3 and 0.1 are compared as they are written. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}

function isList(value: readonly unknown[], schema: Record<string, unknown>, root: Schema): boolean {
  const { minItems, maxItems, uniqueItems, prefixItems, items, contains } = schema
  const first = Array.isArray(items) ? items : listOf(prefixItems)
  const rest = Array.isArray(items) ? schema.additionalItems : items
  return (
    value.length >= numberOf(minItems, 0) &&
    value.length <= numberOf(maxItems, Number.POSITIVE_INFINITY) &&
    (uniqueItems !== true || new Set(value.map(sorted)).size === value.length) &&
    value.every((one, at) => fits(one, schemaOf(at < first.length ? first[at] : rest), root)) &&
    (contains === undefined || value.some(one => fits(one, schemaOf(contains), root)))
  )
}

function isRecord(value: Record<string, unknown>, schema: Record<string, unknown>, root: Schema): boolean {
  const names = Object.keys(value)
  if (names.length < numberOf(schema.minProperties, 0) || names.length > numberOf(schema.maxProperties, Number.POSITIVE_INFINITY))
    return false
  if (listOf(schema.required).some(name => !Object.hasOwn(value, String(name)))) return false
  return names.every(
    name =>
      (schema.propertyNames === undefined || fits(name, schemaOf(schema.propertyNames), root)) &&
      partsFor(name, schema).every(part => fits(value[name], part, root)),
  )
}

/** The schemas that a property of this name must fit. */
export function partsFor(
  name: string,
  { properties, patternProperties, additionalProperties }: Record<string, unknown>,
): Schema[] {
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [schemaOf(properties[name])] : []
  const byPattern = Object.entries(Object(patternProperties)).flatMap(([pattern, part]) =>
    hasPattern(name, pattern) ? [schemaOf(part)] : [],
  )
  const parts = [...own, ...byPattern]
  return parts.length > 0 ? parts : [schemaOf(additionalProperties)]
}
