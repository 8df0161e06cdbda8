import type { Block } from '../catalogue.ts'

type Schema = { readonly [name: string]: unknown }

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parameters of a new node: the defaults that the schema names, and what can have one value only. */
export function defaultsOf({ input }: Pick<Block, 'input'>): Record<string, unknown> {
  const properties = isSchema(input.properties) ? Object.entries(input.properties) : []
  const required = new Set(Array.isArray(input.required) ? input.required : [])
  const found: [string, unknown][] = []
  for (const [name, schema] of properties) {
    if (!isSchema(schema)) continue
    if ('default' in schema) found.push([name, structuredClone(schema.default)])
    else if ('const' in schema && required.has(name)) found.push([name, schema.const])
  }
  return Object.fromEntries(found)
}
