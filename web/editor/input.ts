import type { Catalogue } from '../canvas/catalogue.ts'
import type { Drawing, DrawnNode } from '../canvas/drawing.ts'

/** A JSON Schema. */
type Schema = Record<string, unknown>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The triggers that a run can begin at, in the order of the drawing. */
export const startsOf = (drawing: Drawing, catalogue: Catalogue): DrawnNode[] =>
  drawing.nodes.filter(node => !node.disabled && catalogue.isTrigger(node))

/** What a trigger asks for, as the schema of a form; null where anything may be given, which is then written as JSON. */
export function askedBy({ params }: Pick<DrawnNode, 'params'>): Schema | null {
  const fields = Array.isArray(params.fields) ? params.fields.filter(isObject) : []
  if (fields.length > 0) {
    const named = fields.filter(field => typeof field.name === 'string' && field.name !== '')
    return {
      type: 'object',
      properties: Object.fromEntries(named.map(field => [field.name, answerOf(field)])),
      required: named.filter(field => field.required === true).map(field => field.name),
    }
  }
  const { schema } = params
  return isObject(schema) && isObject(schema.properties) ? schema : null
}

const KINDS: Record<string, Schema> = {
  longtext: { type: 'string', ui: 'longtext' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  file: { ui: 'file' },
  files: { type: 'array', items: { ui: 'file' }, ui: 'list' },
}

function answerOf({ type, title, name, help, options, default: first }: Record<string, unknown>): Schema {
  const texts = Array.isArray(options) ? options.filter(one => typeof one === 'string') : []
  const kind =
    type === 'choice'
      ? { enum: texts }
      : type === 'multichoice'
        ? { type: 'array', items: { enum: texts }, ui: 'list' }
        : (KINDS[String(type)] ?? { type: 'string' })
  return {
    ...kind,
    title: typeof title === 'string' && title !== '' ? title : name,
    ...(typeof help === 'string' ? { description: help } : {}),
    ...(first === undefined ? {} : { default: first }),
  }
}

/** What a run begins with where nothing was entered: what the fields begin with. */
export function inputAtFirst(schema: Schema | null): Record<string, unknown> {
  const properties = schema && isObject(schema.properties) ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, field]) => (isObject(field) && 'default' in field ? [[name, field.default]] : [])),
  )
}
