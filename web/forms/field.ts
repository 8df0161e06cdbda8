import { type Choice, choicesOf, titled, valuesOf, wordOf } from './choices.ts'
import { branchesOf, isObject, numberIn, requiredIn, resolve, type Schema, textOf, typesOf } from './schema.ts'

/** One way of several in which a field can be filled in. */
export type Branch = { name: string; title: string; about: string | undefined; schema: Schema }

/** Kinds about which there is nothing more to know. */
type Bare<K extends string> = K extends string ? { as: K } : never

/** How a field is drawn, and what that needs to know. */
export type Look =
  | Bare<'text' | 'longtext' | 'secret' | 'json' | 'code' | 'any'>
  | Bare<'duration' | 'datetime' | 'timezone' | 'cron' | 'workflow' | 'members'>
  | { as: 'number'; whole: boolean; least: number | undefined; most: number | undefined }
  | { as: 'boolean' }
  | { as: 'choice'; choices: readonly Choice[] }
  /** Several texts, or several of a few choices. */
  | { as: 'words'; choices: readonly Choice[] | null; most: number | undefined }
  | { as: 'list'; item: Schema; most: number | undefined }
  | { as: 'questions'; item: Schema; most: number | undefined }
  | { as: 'object' }
  | { as: 'map' }
  /** Objects that one field tells apart. */
  | { as: 'union'; by: string; branches: readonly Branch[] }
  /** Values of different kinds. */
  | { as: 'either'; branches: readonly Branch[] }
  /** `whole`: the value has `all` or `any` itself, otherwise it is the list of one of them. */
  | { as: 'conditions'; whole: boolean }
  | { as: 'file' }
  | { as: 'model'; able: readonly string[] }

/** One field of a form, read from its schema. */
export type Field = {
  title: string
  about: string | undefined
  required: boolean
  advanced: boolean
  section: string | undefined
  when: { field: string; is: readonly unknown[] } | undefined
  /** What counts where nothing is filled in. */
  start: unknown
  example: string | undefined
  schema: Schema
  look: Look
}

/** Reads a field from its schema. */
export function fieldOf(given: Schema, root: Schema, name: string, required = false): Field {
  const { schema, list } = plain(resolve(given, root), root)
  const look = lookOf(schema, root, list)
  const described = textOf(schema.description)
  const told = (look.as === 'choice' || look.as === 'words') && look.choices !== null ? look.choices : null
  const split =
    told && !told.some(one => one.about)
      ? choicesOf(
          told.map(one => one.value),
          described,
        )
      : null
  const explained = split?.choices.some(one => one.about) ? split : null
  const when =
    isObject(schema.when) && typeof schema.when.field === 'string' && Array.isArray(schema.when.is) ? schema.when : null
  return {
    title: textOf(schema.title) ?? wordOf(name),
    about: explained ? explained.about : described,
    required,
    advanced: schema.advanced === true,
    section: textOf(schema.section),
    when: when ? { field: String(when.field), is: Array.isArray(when.is) ? when.is : [] } : undefined,
    start: schema.default,
    example: /\bSuch as (\S+?)[.,;]?(?:\s|$)/.exec(described ?? '')?.[1],
    schema,
    look: explained && (look.as === 'choice' || look.as === 'words') ? { ...look, choices: explained.choices } : look,
  }
}

/** A field that may also be null is the field without it. */
function plain(schema: Schema, root: Schema): { schema: Schema; list: Schema[] } {
  const { branches, nullable } = branchesOf(schema, root)
  const [only] = branches
  if (!only || branches.length > 1 || !nullable) return { schema, list: branches }
  const { anyOf: _any, oneOf: _one, ...own } = schema
  return plain({ ...only, ...own }, root)
}

function lookOf(schema: Schema, root: Schema, branches: Schema[]): Look {
  return hinted(schema, root) ?? shaped(schema, root, branches)
}

/** What the hint says, where there is one that says everything. */
function hinted(schema: Schema, root: Schema): Look | null {
  switch (schema.ui) {
    case 'longtext':
    case 'secret':
    case 'json':
    case 'code':
    case 'duration':
    case 'datetime':
    case 'timezone':
    case 'cron':
    case 'workflow':
    case 'members':
    case 'file':
      return { as: schema.ui }
    case 'pairs':
      return { as: 'map' }
    case 'conditions':
      return { as: 'conditions', whole: !typesOf(schema).includes('array') }
    case 'model': {
      const able = Array.isArray(schema.able) ? schema.able.filter(one => typeof one === 'string') : []
      return typesOf(schema).includes('array') ? listLook(schema, root) : { as: 'model', able }
    }
    default:
      return null
  }
}

function shaped(schema: Schema, root: Schema, branches: Schema[]): Look {
  const named = titled(branches)
  if (named) return { as: 'choice', choices: named }
  const values = valuesOf(schema, branches)
  if (values) return { as: 'choice', choices: values.map(value => ({ value, title: wordOf(value) })) }
  if (branches.length > 1) return ofBranches(branches, root)
  const types = typesOf(schema).filter(type => type !== 'null')
  if (types.length > 1) return types.every(type => type === 'string' || type === 'number') ? { as: 'text' } : { as: 'any' }
  switch (types[0]) {
    case 'string':
      return { as: 'text' }
    case 'number':
    case 'integer': {
      const { minimum, maximum } = schema
      const most = numberIn(maximum)
      const whole = types[0] === 'integer'
      return { as: 'number', whole, least: numberIn(minimum), most: most === Number.MAX_SAFE_INTEGER ? undefined : most }
    }
    case 'boolean':
      return { as: 'boolean' }
    case 'array':
      return listLook(schema, root)
    case 'object':
      return isObject(schema.properties) ? { as: 'object' } : { as: 'map' }
    default:
      return { as: 'any' }
  }
}

function listLook(schema: Schema, root: Schema): Look {
  const given = isObject(schema.items) ? schema.items : {}
  const hint = schema.ui === 'model' ? { ui: 'model', able: schema.able } : {}
  const item = resolve({ ...given, ...hint }, root)
  const most = numberIn(schema.maxItems)
  const { properties } = item
  if (isObject(properties) && ['name', 'title', 'type', 'options', 'required'].every(name => Object.hasOwn(properties, name)))
    return { as: 'questions', item, most }
  const look = fieldOf(item, root, '').look
  if (look.as === 'choice') return { as: 'words', choices: look.choices, most }
  if (look.as === 'text' && item.ui === undefined) return { as: 'words', choices: null, most }
  return { as: 'list', item, most }
}

function ofBranches(branches: Schema[], root: Schema): Look {
  const by = discriminator(branches, root)
  if (by !== null)
    return {
      as: 'union',
      by,
      branches: branches.map(schema => {
        const name = String(constOf(schema, by, root))
        return { name, title: textOf(schema.title) ?? wordOf(name), about: textOf(schema.description), schema }
      }),
    }
  return { as: 'either', branches: branches.map(schema => ({ ...wayOf(schema, root), schema })) }
}

/** The field that has another constant in each branch. */
function discriminator(branches: readonly Schema[], root: Schema): string | null {
  const [first] = branches
  const names = isObject(first?.properties) ? Object.keys(first.properties) : []
  return (
    names.find(name => {
      const values = branches.map(branch => constOf(branch, name, root))
      return values.every(value => value !== undefined) && new Set(values).size === values.length
    }) ?? null
  )
}

function constOf(branch: Schema, name: string, root: Schema): unknown {
  const property = isObject(branch.properties) ? branch.properties[name] : undefined
  return isObject(property) ? resolve(property, root).const : undefined
}

function wayOf(schema: Schema, root: Schema): { name: string; title: string; about: string | undefined } {
  const look = fieldOf(schema, root, '').look.as
  const [type = 'any'] = typesOf(schema)
  const name = look === 'words' || look === 'questions' ? 'list' : type === 'array' ? 'list' : type === 'object' ? 'object' : look
  return { name, title: textOf(schema.title) ?? '', about: textOf(schema.description) }
}

/** The fields of an object, in the order in which its schema has them. */
export function fieldsOf(schema: Schema, root: Schema): [string, Field][] {
  const required = requiredIn(schema)
  const { properties } = schema
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([name, property]): [string, Field][] =>
    isObject(property) ? [[name, fieldOf(property, root, name, required.includes(name))]] : [],
  )
}
