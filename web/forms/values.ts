import { type Branch, type Field, fieldOf, fieldsOf } from './field.ts'
import { isObject, type Schema, typesOf } from './schema.ts'

/** Where a value stands in the parameters. */
export type Path = readonly (string | number)[]

/** A path as problems name it: `rows[0].name`. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )

/** What stands at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = Reflect.get(here, part)
  }
  return here
}

/** The same with another value at a path; undefined takes a field of an object away. */
export function withAt(value: unknown, path: Path, next: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return next
  if (typeof first === 'number') {
    const list = Array.isArray(value) ? value.slice() : []
    list[first] = withAt(list[first], rest, next)
    return list
  }
  return withField(isObject(value) ? value : {}, first, withAt(isObject(value) ? value[first] : undefined, rest, next))
}

/** The same object with another field, in its place; without the field where it is undefined. */
export function withField(object: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  if (next === undefined) return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
  return { ...object, [name]: next }
}

/** Does a text have something to be filled? */
export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && (value.includes('{{') || value.includes('{%'))

/** Is a field shown, with these values beside it? What is not filled in counts as its default. */
export function isShown(field: Field, fields: readonly [string, Field][], values: Record<string, unknown>): boolean {
  const { when } = field
  if (!when) return true
  const beside = fields.find(([name]) => name === when.field)?.[1]
  const value = Object.hasOwn(values, when.field) ? values[when.field] : beside?.start
  // Which of them it will be is known only when it runs.
  return isTemplate(value) || when.is.includes(value)
}

/** A value to begin with, where one must stand: the default, or an empty one of its kind. */
export function blankOf(schema: Schema, root: Schema): unknown {
  const { start, look } = fieldOf(schema, root, '')
  if (start !== undefined) return start
  switch (look.as) {
    case 'number':
      return look.least ?? 0
    case 'boolean':
      return false
    case 'choice':
      return look.choices[0]?.value ?? ''
    case 'words':
    case 'list':
    case 'questions':
    case 'members':
      return []
    case 'object':
      return requiredOf(schema, root)
    case 'map':
      return {}
    case 'union':
      return look.branches[0] ? fresh(look.by, look.branches[0], root) : {}
    case 'either':
      return look.branches[0] ? blankOf(look.branches[0].schema, root) : ''
    case 'conditions':
      return look.whole ? { all: [blankRule()] } : [blankRule()]
    case 'json':
      return typesOf(schema).includes('object') ? {} : ''
    default:
      return ''
  }
}

/** A condition with nothing in it. */
export const blankRule = (): Record<string, unknown> => ({ left: '', op: 'equals', right: '' })

const requiredOf = (schema: Schema, root: Schema): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(schema, root).flatMap(([name, field]) => (field.required ? [[name, blankOf(field.schema, root)]] : [])),
  )

/** An object of another branch: it keeps what the new branch has too. */
export function switched(by: string, branch: Branch, root: Schema, before: unknown): Record<string, unknown> {
  const start = fresh(by, branch, root)
  const known = new Set(fieldsOf(branch.schema, root).map(([name]) => name))
  const kept = isObject(before) ? Object.entries(before).filter(([name]) => name !== by && known.has(name)) : []
  return { ...start, ...Object.fromEntries(kept) }
}

function fresh(by: string, branch: Branch, root: Schema): Record<string, unknown> {
  const field = fieldsOf(branch.schema, root).find(([name]) => name === by)?.[1]
  const [choice] = field?.look.as === 'choice' ? field.look.choices : []
  return { ...requiredOf(branch.schema, root), [by]: choice?.value ?? branch.name }
}

/** Which branch a value belongs to; the first where nothing fits. */
export function branchOf(value: unknown, branches: readonly Branch[], root: Schema): number {
  const fits = branches.findIndex(({ schema }) => fitsKind(value, schema, root))
  return Math.max(0, fits)
}

function fitsKind(value: unknown, schema: Schema, root: Schema): boolean {
  const types = typesOf(schema)
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  if (types.length > 0 && !types.some(type => type === kind || (type === 'integer' && kind === 'number'))) return false
  if (!isObject(value)) return value !== undefined
  const fields = fieldsOf(schema, root)
  const known = new Set(fields.map(([name]) => name))
  return fields.length === 0 || schema.additionalProperties !== false || Object.keys(value).every(name => known.has(name))
}

/** Reads what was typed as what stood there before: a number stays a number while it is one. */
export function readLike(before: unknown, text: string): unknown {
  if (typeof before === 'number' && text.trim() !== '' && String(Number(text)) === text.trim()) return Number(text)
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** A value as it stands in a line of text. */
export const lineOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

/** The same list with one entry in another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_one, at) => at !== from)
  const one = list[from]
  if (one === undefined) return [...list]
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}
