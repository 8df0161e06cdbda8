import { z } from 'zod'
import { cell } from './page.ts'

/** As much of a JSON Schema as a table of fields shows. */
type Schema = {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  ui?: string
  when?: { field: string; is: unknown[] }
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  additionalProperties?: Schema | boolean
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
}

type Row = { path: string; field: Schema; required: boolean; kinds: string[] }

/** A schema as JSON Schema. */
export const schemaOf = (of: z.ZodType, io: 'input' | 'output'): Schema =>
  JSON.parse(JSON.stringify(z.toJSONSchema(of, { io, unrepresentable: 'any' })))

/** A schema as it is written, with the defaults that only the reading side of it knows. */
export function inputSchemaOf(of: z.ZodType): Schema {
  const [written, read] = [schemaOf(of, 'input'), schemaOf(of, 'output')]
  for (const [name, field] of Object.entries(written.properties ?? {})) {
    const fallback = read.properties?.[name]?.default
    if (fallback !== undefined) field.default = fallback
  }
  return written
}

/** A table of every field, however deep: `pages[].size`; of parameters, or of an output. */
export function fieldTable(schema: Schema, of: 'parameters' | 'output' = 'parameters'): string[] {
  const must = of === 'parameters' ? 'required' : 'always'
  const rows = new Map<string, Row>()
  for (const row of rowsOf(schema, '', [])) {
    const name = `${row.path} ${JSON.stringify({ ...row.field, const: undefined })}`
    const known = rows.get(name)
    if (!known) rows.set(name, row)
    else {
      known.kinds.push(...row.kinds)
      if (row.field.const !== undefined) known.field = { enum: [...choices(known.field), row.field.const] }
    }
  }
  if (rows.size === 0) return []
  const lines = [...rows.values()].map(
    ({ path, field, required, kinds }) =>
      `| \`${path}\` | ${cell(field.title ?? '')} | ${cell(typeOf(field))} | ${required ? must : fallback(field)} | ${cell(about(field, kinds))} |`,
  )
  const [there, rule] = [of === 'parameters' ? 'default' : 'there', '|---|---|---|---|---|']
  return [`| field | title | type | ${there} | |`, rule, ...lines, '']
}

const choices = (field: Schema): unknown[] => field.enum ?? (field.const === undefined ? [] : [field.const])

function* rowsOf(schema: Schema, path: string, kinds: string[]): Generator<Row> {
  // Conditions hold conditions, and a file is shown as one thing.
  if (schema.ui === 'conditions' || schema.ui === 'file') return
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`
    yield {
      path: at,
      field,
      required: schema.required?.includes(name) ?? false,
      kinds: field.const === undefined ? [...kinds] : [],
    }
    yield* rowsOf(field, at, kinds)
  }
  if (schema.items) yield* rowsOf(schema.items, `${path}[]`, kinds)
  if (typeof schema.additionalProperties === 'object') yield* rowsOf(schema.additionalProperties, `${path}.*`, kinds)
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) yield* rowsOf(one, path, kindOf(one) ?? kinds)
}

/** Which of several shapes it is: the value of the field that only ever has one. */
function kindOf({ properties = {} }: Schema): string[] | null {
  const [fixed] = Object.entries(properties).filter(([, field]) => field.const !== undefined)
  return fixed ? [code(fixed[1].const)] : null
}

const code = (value: unknown) => `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``

const fallback = ({ default: value }: Schema) => (value === undefined ? '' : cell(code(value)))

function about({ description = '', when }: Schema, kinds: string[]): string {
  const only = when ? `Only with \`${when.field}\` ${when.is.map(code).join(', ')}.` : ''
  const of = kinds.length > 0 ? `Of the kind ${kinds.join(', ')}.` : ''
  return [description, only, of].filter(Boolean).join(' ')
}

const NAMES: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
}

/** What a value may be, in words. */
export function typeOf(schema: Schema): string {
  if (schema.ui === 'conditions') return 'conditions'
  if (schema.ui === 'file') return 'file'
  if (choices(schema).length > 0) return choices(schema).map(code).join(', ')
  const all = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (all.length > 0) return [...new Set(all.map(typeOf))].join(' or ')
  const types = [schema.type ?? []].flat()
  if (types.length > 2) return 'simple value'
  return types.length === 0 ? 'anything' : types.map(type => oneType(type, schema)).join(' or ')
}

function oneType(type: string, schema: Schema): string {
  if (type === 'array') {
    const { items, minItems, maxItems } = schema
    const inner = items && typeOf(items)
    return `list${inner && inner !== 'anything' ? ` of ${inner}` : ''}${bounds(minItems, maxItems, 'entries')}`
  }
  if (type === 'object') {
    const inner = typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties) : 'anything'
    return inner === 'anything' ? 'object' : `object of ${inner}`
  }
  const { minimum, maximum, maxLength } = schema
  if (type === 'string') return `text${bounds(undefined, maxLength, 'characters')}`
  const name = NAMES[type] ?? type
  return /integer|number/.test(type) ? name + bounds(minimum, maximum, '') : name
}

function bounds(least: number | undefined, most: number | undefined, of: string): string {
  const from = least === undefined || least <= Number.MIN_SAFE_INTEGER ? '' : `from ${least}`
  const to = most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : `${from ? 'to' : 'up to'} ${most}`
  if (of !== '' && to === '' && from !== '') return `, at least ${least}`
  const words = [from, to, from + to && of].filter(Boolean).join(' ')
  return words && `, ${words}`
}
