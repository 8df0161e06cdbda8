import { z } from 'zod'
import type { Schema } from './json.ts'

const KINDS = ['text', 'number', 'integer', 'boolean', 'date', 'time', 'datetime', 'email', 'choice'] as const

const named = {
  name: z
    .string()
    .regex(/^[\p{L}_][\p{L}\d_ -]{0,63}$/u, 'A name begins with a letter and has letters, digits, blanks, - and _.')
    .meta({ title: 'Name', description: 'What it is called in the result, such as total.' }),
  description: z.string().max(2_000).optional().meta({
    title: 'What it is',
    description: 'In your words, such as: the sum with tax, without the currency.',
  }),
  required: z.boolean().default(false).meta({
    title: 'Must be there',
    description: 'Otherwise it is null where nothing is said of it.',
  }),
  many: z.boolean().default(false).meta({ title: 'Several', description: 'A list of all that are found.' }),
}

const options = z
  .array(z.string().min(1).max(200))
  .max(200)
  .optional()
  .meta({ title: 'Choices', ui: 'list', when: { field: 'type', is: ['choice'] } })

const Inner = z
  .strictObject({ ...named, type: z.enum(KINDS).default('text').meta({ title: 'Kind' }), options })
  .refine(hasChoices, 'A choice needs `options` to choose from.')
  .meta({ title: 'Field' })

const Outer = z
  .strictObject({
    ...named,
    type: z
      .enum([...KINDS, 'group'])
      .default('text')
      .meta({
        title: 'Kind',
        description: 'group: fields of its own; several groups are a table, such as the lines of an invoice.',
      }),
    options,
    fields: z
      .array(Inner)
      .max(50)
      .optional()
      .meta({ title: 'Fields of the group', ui: 'list', when: { field: 'type', is: ['group'] } }),
  })
  .refine(hasChoices, 'A choice needs `options` to choose from.')
  .refine(it => it.type !== 'group' || (it.fields?.length ?? 0) > 0, 'A group needs `fields`.')
  .refine(it => haveOwnNames(it.fields ?? []), 'Two fields of the group have the same name.')
  .meta({ title: 'Field' })

type Field = z.output<typeof Outer>

function hasChoices({ type, options: list = [] }: { type: string; options?: string[] | undefined }): boolean {
  return type !== 'choice' || list.length > 0
}

function haveOwnNames(fields: readonly { name: string }[]): boolean {
  return new Set(fields.map(one => one.name)).size === fields.length
}

/** What is to be found, as people without code say it. */
export const fields = z
  .array(Outer)
  .max(100)
  .refine(haveOwnNames, 'Two fields have the same name.')
  .optional()
  .meta({ title: 'Fields', description: 'What to find in the text.', ui: 'list' })

/** The JSON Schema of fields: all of them are there, and null stands for what is not said. Every provider can be held to it. */
export const schemaOf = (all: readonly Field[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(all.map(field => [field.name, propertyOf(field)])),
  required: all.map(field => field.name),
  additionalProperties: false,
})

function propertyOf({ description, required, many, ...field }: Field): Schema {
  const said = description ? { description } : {}
  if (many) return { type: 'array', items: plainOf(field), ...(required ? { minItems: 1 } : {}), ...said }
  return { ...(required ? plainOf(field) : orNull(plainOf(field))), ...said }
}

function plainOf({ type, options: choices = [], fields: inner = [] }: Pick<Field, 'type' | 'options' | 'fields'>): Schema {
  switch (type) {
    case 'group':
      return schemaOf(inner)
    case 'choice':
      return { type: 'string', enum: [...new Set(choices)] }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'time':
      return { type: 'string', description: 'As 24 hours, such as 08:30.' }
    case 'datetime':
      return { type: 'string', format: 'date-time' }
    case 'email':
      return { type: 'string', format: 'email' }
    case 'text':
      return { type: 'string' }
    default:
      return { type }
  }
}

function orNull(schema: Schema): Schema {
  if (schema.type === 'object') return { anyOf: [schema, { type: 'null' }] }
  const choices = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}
  return { ...schema, ...choices, type: [schema.type, 'null'] }
}
