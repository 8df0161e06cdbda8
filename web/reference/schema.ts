import type { Call, Schema } from './openapi.ts'

/** One line of a schema as a person reads it. */
export type Line = { name: string; type: string; required: boolean; notes: string[]; about: string; lines: Line[] }

type Schemas = Record<string, Schema>

/** Deeper than this nobody reads, and a schema that holds itself would never end. */
const DEEPEST = 6

/** What stands behind a reference; anything else is itself. */
function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  return name ? (schemas[name] ?? {}) : schema
}

/** The fields of an object, or of the objects in a list. */
export function linesOf(given: Schema, schemas: Schemas, depth = 0): Line[] {
  if (depth > DEEPEST) return []
  const schema = resolve(given, schemas)
  if (schema.items) return linesOf(schema.items, schemas, depth)
  const some = objects(schema, schemas)
  const lines = some.flatMap(one =>
    Object.entries(one.properties ?? {}).map(([name, field]) =>
      lineOf(name, field, one.required?.includes(name) ?? false, schemas, depth),
    ),
  )
  const rest = some.map(one => one.additionalProperties).find(one => one !== null && typeof one === 'object')
  return rest && typeof rest === 'object' ? [...lines, lineOf('*', rest, false, schemas, depth)] : lines
}

const objects = (schema: Schema, schemas: Schemas): Schema[] => {
  const variants = schema.anyOf ?? schema.oneOf
  return variants ? variants.map(one => resolve(one, schemas)) : [schema]
}

function lineOf(name: string, given: Schema, required: boolean, schemas: Schemas, depth: number): Line {
  const schema = resolve(given, schemas)
  return {
    name,
    type: typeOf(given, schemas),
    required,
    notes: notesOf(schema),
    about: given.description ?? schema.description ?? '',
    lines: linesOf(given, schemas, depth + 1),
  }
}

/** The type of a value in a few letters. */
export function typeOf(given: Schema, schemas: Schemas): string {
  const schema = resolve(given, schemas)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  const variants = schema.anyOf ?? schema.oneOf
  if (variants) return [...new Set(variants.map(one => typeOf(one, schemas)))].join(' | ')
  if (schema.type === 'array') return `${schema.items ? bracketed(typeOf(schema.items, schemas)) : 'any'}[]`
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  return schema.type ?? 'any'
}

const bracketed = (type: string) => (type.includes(' | ') ? `(${type})` : type)

function notesOf({ format, minLength, maxLength, minimum, maximum, default: fallback }: Schema): string[] {
  const notes: string[] = []
  if (format) notes.push(format)
  if (minLength !== undefined || maxLength !== undefined) notes.push(`${minLength ?? 0}–${maxLength ?? '∞'} characters`)
  if (minimum !== undefined && maximum !== undefined) notes.push(`${minimum}–${maximum}`)
  if (fallback !== undefined) notes.push(`default ${JSON.stringify(fallback)}`)
  return notes
}

/** A value that fits a schema, to begin from. What may be left out is left out. */
export function sampleOf(given: Schema, schemas: Schemas, name = '', depth = 0): unknown {
  const schema = resolve(given, schemas)
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const variant = (schema.anyOf ?? schema.oneOf)?.[0]
  if (variant) return sampleOf(variant, schemas, name, depth)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') return depth > DEEPEST ? {} : objectOf(schema, schemas, depth)
  if (type === 'array') return schema.items && depth < DEEPEST ? [sampleOf(schema.items, schemas, name, depth + 1)] : []
  if (type === 'number' || type === 'integer') return schema.minimum ?? 1
  if (type === 'boolean') return true
  return textFor(schema, name)
}

function objectOf(
  { properties = {}, required, additionalProperties }: Schema,
  schemas: Schemas,
  depth: number,
): Record<string, unknown> {
  const names = Object.keys(properties).filter(name => required?.includes(name))
  if (names.length === 0 && additionalProperties && typeof additionalProperties === 'object')
    return { name: sampleOf(additionalProperties, schemas, 'value', depth + 1) }
  return Object.fromEntries(names.map(name => [name, sampleOf(properties[name] ?? {}, schemas, name, depth + 1)]))
}

function textFor({ format }: Schema, name: string): string {
  if (format === 'email' || name === 'email') return 'ada@example.org'
  if (format === 'date-time') return '2030-01-01T00:00:00Z'
  if (/password|current/i.test(name)) return 'correct horse battery'
  if (name === 'name') return 'My name'
  return name === '' ? 'text' : `the ${name}`
}

/** A line for a terminal that makes the call. */
export function curlOf(call: Call, schemas: Schemas, origin: string): string {
  const path = call.path.replace(/\{(\w+)\}/g, (_all, name: string) => name.toUpperCase())
  const required = call.parameters.filter(one => one.in === 'query' && one.required)
  const query = required
    .map(one => `${one.name}=${encodeURIComponent(String(sampleOf(one.schema ?? {}, schemas, one.name)))}`)
    .join('&')
  const parts = [`curl ${call.method === 'GET' ? '' : `-X ${call.method} `}'${origin}${path}${query ? `?${query}` : ''}'`]
  if (!call.open) parts.push('-H "Authorization: Bearer $PROMPTPILOT_API_KEY"')
  if (call.body?.type === 'multipart/form-data') parts.push("-F 'file=@path/to/file'")
  else if (call.body)
    parts.push(
      "-H 'Content-Type: application/json'",
      `-d '${JSON.stringify(sampleOf(call.body.schema, schemas), null, 2).replaceAll("'", "'\\''")}'`,
    )
  if (call.reply.type === 'text/event-stream') parts.push('--no-buffer')
  return parts.join(' \\\n  ')
}
