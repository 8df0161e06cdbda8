import { z } from 'zod'
import { Fault, messageOf } from '#errors.ts'
import type { Ready } from './plans.ts'

/** What was made of the JSON Schemas of triggers; null where there is none. */
const known = new WeakMap<Ready, Map<string, z.ZodType | null>>()

/** Refuses an input that does not fit the schema which its trigger declares. `root` is where it stands in the request. */
export function checkInput(ready: Ready, nodeId: string, input: unknown, root: string): void {
  const schema = schemaOf(ready, nodeId)
  const parsed = schema?.safeParse(input)
  if (!parsed || parsed.success) return
  throw new Fault('execution.bad_input', {
    details: parsed.error.issues
      .slice(0, 50)
      .map(({ path, message }) => ({ path: [root, ...path.map(String)].join('.'), message })),
  })
}

function schemaOf(ready: Ready, nodeId: string): z.ZodType | null {
  const schemas = known.get(ready) ?? new Map<string, z.ZodType | null>()
  known.set(ready, schemas)
  const before = schemas.get(nodeId)
  if (before !== undefined) return before
  const schema = read(Reflect.get(Object(ready.plan.nodes.find(node => node.id === nodeId)?.params), 'schema'))
  schemas.set(nodeId, schema)
  return schema
}

function read(schema: unknown): z.ZodType | null {
  if (typeof schema !== 'object' || schema === null || Object.keys(schema).length === 0) return null
  try {
    return z.fromJSONSchema(Object(schema))
  } catch (cause) {
    throw new Fault('execution.bad_input', { message: `The schema of the trigger cannot be read: ${messageOf(cause)}.`, cause })
  }
}
