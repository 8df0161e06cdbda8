import type { FormField } from './form.ts'
import { isObject } from './given.ts'

/** A JSON Schema. */
type Schema = Record<string, unknown>

/** Nobody types more than this. */
const LONGEST = { text: 1_000, longtext: 50_000 }
const MOST_FILES = 10

/** The JSON Schema of what a form gives: its answers, without those that were left empty. */
export const schemaOf = (fields: readonly FormField[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(field => [field.name, answerOf(field)])),
  required: fields.filter(field => field.required).map(field => field.name),
})

function answerOf({ type, options = [], required, min, max }: FormField): Schema {
  const bound = (name: string, value: number | undefined) => (value === undefined ? {} : { [name]: value })
  const many = { ...bound('minItems', min ?? (required ? 1 : undefined)), ...bound('maxItems', max) }
  switch (type) {
    case 'text':
    case 'longtext':
      return {
        type: 'string',
        ...bound('minLength', min),
        maxLength: max ?? LONGEST[type],
        ...(required ? { pattern: '\\S' } : {}),
      }
    case 'number':
      return { type: 'number', ...bound('minimum', min), ...bound('maximum', max) }
    // Whoever must say yes has not answered with no.
    case 'boolean':
      return required ? { const: true } : { type: 'boolean' }
    case 'choice':
      return { enum: options }
    case 'multichoice':
      return { type: 'array', items: { enum: options }, uniqueItems: true, ...many }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'email':
      return { type: 'string', format: 'email', maxLength: 320 }
    case 'url':
      return { type: 'string', format: 'uri', pattern: '^https?://', maxLength: 2_000 }
    case 'file':
      return FILE
    case 'files':
      return { type: 'array', items: FILE, ...many, maxItems: max ?? MOST_FILES }
  }
}

const FILE = {
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' }, type: { type: 'string' }, size: { type: 'number' } },
  required: ['id'],
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

/** The answers with what the fields begin with where nothing was said, and null where there is nothing. */
export function filledIn(fields: readonly FormField[], given: unknown): unknown {
  if (!isObject(given)) return given
  const all: Record<string, unknown> = { ...given }
  for (const { name, default: first } of fields) if (isEmpty(all[name])) all[name] = first ?? null
  return all
}

/** The answers that are there, as `schemaOf` judges them. */
export const givenIn = (answers: unknown): unknown =>
  isObject(answers) ? Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null)) : answers

/** What a field must be, for the one who fills it in. */
export function demandOf({ name, title = name, ...field }: FormField, isMissing: boolean): string {
  return isMissing && field.required ? `“${title}” must be given.` : `“${title}” must be ${wordsOf(field)}.`
}

function wordsOf({ type, required, min, max }: Omit<FormField, 'name' | 'title'>): string {
  switch (type) {
    case 'number':
      return `a number${within(min, max)}`
    case 'boolean':
      return required ? 'yes' : 'yes or no'
    case 'choice':
      return 'one of the choices'
    case 'multichoice':
      return `a list of the choices, each once${counted(min, max, 'of them')}`
    case 'date':
      return 'a date like 2026-05-01'
    case 'email':
      return 'an e-mail address'
    case 'url':
      return 'an address that begins with https:// or http://'
    case 'file':
      return 'a file'
    case 'files':
      return `a list of files${counted(min, max ?? MOST_FILES, 'of them')}`
    default:
      return `a text${counted(min, max ?? LONGEST[type], 'characters')}`
  }
}

function within(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` from ${min} on`
  return max === undefined ? '' : ` up to ${max}`
}

function counted(min: number | undefined, max: number | undefined, what: string): string {
  if (min !== undefined && max !== undefined) return `, ${min} to ${max} ${what}`
  if (min !== undefined) return `, at least ${min} ${what}`
  return max === undefined ? '' : `, at most ${max} ${what}`
}

/** The fields that a JSON Schema of an input means, as far as it is simple: what a form cannot ask for is left out. */
export function fieldsIn(schema: unknown): FormField[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    if (!isObject(property) || !/^[a-zA-Z_]\w{0,63}$/.test(name) || name === '__proto__') return []
    const kind = kindOf(property)
    return kind ? [{ name, required: required.includes(name), ...saidOf(property), ...kind }] : []
  })
}

type Kind = Pick<FormField, 'type' | 'options' | 'min' | 'max'>

function kindOf(property: Schema): Kind | null {
  const { type, format, items } = property
  const options = textsIn(property.enum)
  if (options) return { type: 'choice', options }
  if (type === 'boolean') return { type }
  if (type === 'number' || type === 'integer') return { type: 'number', ...bounds(property, 'minimum', 'maximum') }
  if (type === 'array' && isObject(items)) {
    const several = textsIn(items.enum)
    return several ? { type: 'multichoice', options: several, ...bounds(property, 'minItems', 'maxItems') } : null
  }
  if (type !== 'string') return null
  if (format === 'date' || format === 'email') return { type: format }
  if (format === 'uri') return { type: 'url' }
  const length = bounds(property, 'minLength', 'maxLength')
  return { type: (length.max ?? 0) > 200 ? 'longtext' : 'text', ...length }
}

function saidOf({ title, description, default: first }: Schema): Pick<FormField, 'title' | 'help' | 'default'> {
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { help: description } : {}),
    ...(first === undefined ? {} : { default: first }),
  }
}

const textsIn = (list: unknown): string[] | null =>
  Array.isArray(list) && list.length > 0 && list.every(one => typeof one === 'string') ? list : null

function bounds(property: Schema, least: string, most: string): Pick<FormField, 'min' | 'max'> {
  const [min, max] = [property[least], property[most]]
  return { ...(typeof min === 'number' ? { min } : {}), ...(typeof max === 'number' ? { max } : {}) }
}
