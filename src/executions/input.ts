import { z } from 'zod'
import { type Detail, Fault, messageOf } from '#errors.ts'
import { demandOf, filledIn, givenIn, schemaOf } from '#sdk/answers.ts'
import { FormField } from '#sdk/form.ts'
import type { Ready } from './plans.ts'

/** What a trigger asks for: its fields, and the schemas that stand for them and that it declares. */
type Asked = { fields: FormField[]; ofFields: z.ZodType | null; schema: z.ZodType | null }

const known = new WeakMap<Ready, Map<string, Asked>>()

/**
 * Refuses an input that does not fit what its trigger asks for, and answers with it: where the trigger has fields, with what they
 * begin with in the place of what was left out. `root` is where it stands in the request.
 */
export function checkInput(ready: Ready, nodeId: string, input: unknown, root: string): unknown {
  const { fields, ofFields, schema } = askedBy(ready, nodeId)
  const filled = ofFields ? filledIn(fields, input) : input
  const given = ofFields ? givenIn(filled) : input
  const wrong = [...issuesOf(ofFields, given).map(issue => inWords(fields, given, issue)), ...issuesOf(schema, given).map(said)]
  if (wrong.length === 0) return filled
  const firsts = [...new Map(wrong.toReversed().map(one => [one.path, one])).values()].toReversed()
  throw new Fault('execution.bad_input', {
    details: firsts.slice(0, 50).map(({ path, message }) => ({ path: path === '' ? root : `${root}.${path}`, message })),
  })
}

type Issue = z.core.$ZodIssue

const issuesOf = (schema: z.ZodType | null, given: unknown): Issue[] => schema?.safeParse(given).error?.issues ?? []
const said = ({ path, message }: Issue): Detail => ({ path: path.map(String).join('.'), message })

/** A field says itself what it must be, to the one who fills it in. */
function inWords(fields: readonly FormField[], given: unknown, issue: Issue): Detail {
  const field = fields.find(({ name }) => name === issue.path[0])
  if (!field) return said(issue)
  return { path: field.name, message: demandOf(field, Reflect.get(Object(given), field.name) === undefined) }
}

/** What a trigger asks for, as JSON Schema; null where anything may be given. */
export function askedFor(ready: Ready, nodeId: string): Record<string, unknown> | null {
  const params = Object(ready.plan.nodes.find(node => node.id === nodeId)?.params)
  const fields = z.array(FormField).catch([]).parse(params.fields)
  if (fields.length > 0) return schemaOf(fields)
  return typeof params.schema === 'object' && params.schema !== null ? params.schema : null
}

function askedBy(ready: Ready, nodeId: string): Asked {
  const nodes = known.get(ready) ?? new Map<string, Asked>()
  known.set(ready, nodes)
  const before = nodes.get(nodeId)
  if (before) return before
  const params = Object(ready.plan.nodes.find(node => node.id === nodeId)?.params)
  const fields = z.array(FormField).catch([]).parse(params.fields)
  const asked = { fields, ofFields: fields.length > 0 ? read(schemaOf(fields)) : null, schema: read(params.schema) }
  nodes.set(nodeId, asked)
  return asked
}

function read(schema: unknown): z.ZodType | null {
  if (typeof schema !== 'object' || schema === null || Object.keys(schema).length === 0) return null
  try {
    return z.fromJSONSchema(Object(schema))
  } catch (cause) {
    throw new Fault('execution.bad_input', { message: `The schema of the trigger cannot be read: ${messageOf(cause)}.`, cause })
  }
}
