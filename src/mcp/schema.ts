import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Ready } from '#executions/plans.ts'
import { detailsOf } from '#http/failure.ts'
import { schemaOf } from '#sdk/answers.ts'
import { FormField, Share } from '#sdk/form.ts'
import { isObject } from '#sdk/given.ts'

/** A JSON Schema of an object. */
export type ObjectSchema = { type: 'object'; [keyword: string]: unknown }

const ASKED = z.looseObject({
  fields: z.array(FormField).catch([]).default([]),
  schema: z.record(z.string(), z.unknown()).optional().catch(undefined),
  share: Share.optional().catch(undefined),
})

const CHAT: ObjectSchema = {
  type: 'object',
  properties: {
    message: { type: 'string', minLength: 1, description: 'What is said.' },
    conversation: { type: 'string', description: 'What goes on belongs to the same conversation.' },
  },
  required: ['message'],
}

const askedBy = ({ plan }: Ready, nodeId: string) => ASKED.parse(Object(plan.nodes.find(node => node.id === nodeId)?.params))

/** What the tool of a workflow takes, as the start of the workflow says it. */
export function inputSchema(ready: Ready, nodeId: string): ObjectSchema {
  const { fields, schema, share } = askedBy(ready, nodeId)
  if (share?.as === 'chat') return CHAT
  if (fields.length > 0) return formSchema(fields)
  return schema ? { ...schema, type: 'object' } : { type: 'object' }
}

const SAID = z.strictObject({
  message: z.string().regex(/\S/, { error: 'must say something' }).max(20_000),
  conversation: z.string().max(200).optional(),
})

/** What the workflow begins with: a chat is told what it would be told by its page. */
export function inputOf(ready: Ready, nodeId: string, given: Record<string, unknown>, conversation: () => string): unknown {
  if (askedBy(ready, nodeId).share?.as !== 'chat') return given
  const said = SAID.safeParse(given)
  if (said.success) return { conversation: conversation(), ...said.data, files: [], history: [] }
  throw new Fault('execution.bad_input', { details: detailsOf(said.error, 'arguments') })
}

/** The answers of a form, with what a person would read beside the fields. */
function formSchema(fields: readonly FormField[]): ObjectSchema {
  const { properties } = schemaOf(fields)
  const all = isObject(properties) ? properties : {}
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(field => [field.name, described(field, Object(all[field.name]))])),
    // What begins with an answer need not be given one.
    required: fields.filter(field => field.required && field.default === undefined).map(field => field.name),
  }
}

const FILES = ['file', 'files']

function described(field: FormField, answer: Record<string, unknown>): Record<string, unknown> {
  const { title, help, placeholder, default: first, type } = field
  const about = [help, placeholder && `Example: ${placeholder}`, FILES.includes(type) && 'A file of this workspace, by its `id`.']
  const description = about.filter(one => one).join(' ')
  return {
    ...answer,
    ...(type === 'choice' ? { type: 'string' } : type === 'boolean' ? { type } : {}),
    ...(type === 'multichoice' ? { items: { type: 'string', ...Object(answer.items) } } : {}),
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(first === undefined ? {} : { default: first }),
  }
}
