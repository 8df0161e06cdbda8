import { z } from 'zod'
import type { Block } from '#sdk/define.ts'
import type { Ui } from '#sdk/fields.ts'

/** A JSON Schema. */
export type Schema = Record<string, unknown>

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const schemasOf = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : isSchema(value) ? [value] : [])

/** A schema as JSON Schema, with the hints of its fields; as it is written, or with `output` as it is read. */
export const jsonSchema = (of: z.ZodType, io: 'input' | 'output'): Schema => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(of, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return schema
}

const inputs = new WeakMap<Block, Schema>()

/** The parameters of a block as JSON Schema. */
export function inputOf(block: Block): Schema {
  const schema = inputs.get(block) ?? jsonSchema(block.input, 'input')
  inputs.set(block, schema)
  return schema
}

/** A value that stands in a field with a hint. */
export type Hinted = { path: (string | number)[]; value: unknown }

/** Deeper than any body can be. Lists of alternatives could point at themselves for ever. */
const DEEPEST = 200

/** The values among the parameters whose fields have this hint. */
export function hinted(block: Block, params: unknown, ui: Ui): Hinted[] {
  const root = inputOf(block)
  if (!mentions(root, ui)) return []
  const found = new Map<string, Hinted>()
  const walk = (schema: Schema, value: unknown, path: (string | number)[], depth: number): void => {
    if (value === undefined || depth > DEEPEST) return
    if (schema.ui === ui) found.set(JSON.stringify(path), { path, value })
    for (const one of [...alternatives(schema), ...pointed(root, schema)]) walk(one, value, path, depth + 1)
    for (const [name, one] of entriesOf(value))
      for (const inner of innerOf(schema, name)) walk(inner, one, [...path, name], depth + 1)
  }
  walk(root, params, [], 0)
  return [...found.values()]
}

/** The title of the field at a path, as far as there is one. */
export function titleAt(block: Block, path: readonly PropertyKey[]): string | null {
  let title: string | null = null
  for (const here of along(block, path)) title = here.map(schema => schema.title).find(one => typeof one === 'string') ?? title
  return title
}

/** The field at a path, where it is of one kind. */
export function schemaAt(block: Block, path: readonly PropertyKey[]): Schema | null {
  const at = along(block, path)
  return at.length === path.length ? (at.at(-1)?.[0] ?? null) : null
}

/** What each step of a path leads to. */
function along(block: Block, path: readonly PropertyKey[]): Schema[][] {
  const root = inputOf(block)
  const steps: Schema[][] = []
  let here: Schema[] = [root]
  for (const part of path) {
    if (typeof part === 'symbol') return steps
    const all = here.flatMap(schema => [schema, ...pointed(root, schema), ...alternatives(schema)])
    here = all.flatMap(schema => innerOf(schema, part))
    steps.push(here)
  }
  return steps
}

/** The names of the fields, when the schema says which there are and takes no others. */
export function fieldsOf(block: Block): string[] | null {
  const { properties, additionalProperties } = inputOf(block)
  const open = isSchema(additionalProperties) || additionalProperties === true
  return isSchema(properties) && !open ? Object.keys(properties) : null
}

const mentioned = new WeakMap<Schema, string>()

function mentions(schema: Schema, ui: Ui): boolean {
  const text = mentioned.get(schema) ?? JSON.stringify(schema)
  mentioned.set(schema, text)
  return text.includes(`"ui":"${ui}"`)
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((one, at) => [at, one])
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

const alternatives = ({ anyOf, oneOf, allOf }: Schema) => [anyOf, oneOf, allOf].flatMap(schemasOf)

function pointed(root: Schema, { $ref }: Schema): Schema[] {
  if (typeof $ref !== 'string') return []
  if ($ref === '#') return [root]
  const name = /^#\/\$defs\/(.+)$/.exec($ref)?.[1]
  return name !== undefined && isSchema(root.$defs) ? schemasOf(root.$defs[name]) : []
}

function innerOf({ properties, additionalProperties, items, prefixItems }: Schema, name: string | number): Schema[] {
  if (typeof name === 'number')
    return Array.isArray(prefixItems) && name < prefixItems.length ? schemasOf(prefixItems[name]) : schemasOf(items)
  return isSchema(properties) && Object.hasOwn(properties, name) ? schemasOf(properties[name]) : schemasOf(additionalProperties)
}
