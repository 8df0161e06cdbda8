import { isObject } from '#sdk/given.ts'
import type { Schema } from '#workflows/check/schema.ts'

/** Longer words about a field are cut. */
const LONGEST = 100
/** Deeper than this, any value is meant. */
const DEEPEST = 7

type Way = { root: Schema; depth: number; bare: boolean; whole: boolean }

/**
 * A JSON Schema in the short notation of types, which models read as well and which takes a third of the letters. Of what is seldom
 * needed only the names are told, unless the whole is wanted.
 */
export const signature = (schema: Schema, whole = false): string => type(schema, { root: schema, depth: 0, bare: false, whole })

/** The same without a word about the fields. */
export const names = (schema: Schema): string => type(schema, { root: schema, depth: 0, bare: true, whole: false })

/** What comes out: of each field its type, and words only about those of which that says nothing. */
export function outcome(schema: Schema): string {
  const { properties, additionalProperties } = schema
  const bare = (one: Schema) => type(one, { root: schema, depth: 1, bare: true, whole: true })
  if (!isObject(properties)) {
    const about = typeof schema.description === 'string' ? ` /*${schema.description}*/` : ''
    return `${bare(schema)}${about}`
  }
  const fields = Object.entries(properties).map(([name, one]) => {
    const short = isObject(one) ? bare(one) : 'any'
    return `${name}: ${short}${isObject(one) && /^any\b/.test(short) ? commented(aboutOf(name, one)) : ''}`
  })
  return `{${[...fields, ...(isObject(additionalProperties) ? ['[name]: any'] : [])].join(', ')}}`
}

const commented = (words: string) => (words === '' ? '' : ` /*${words}*/`)

function type(schema: Schema, way: Way): string {
  if (way.depth > DEEPEST) return 'any'
  // The same in many blocks, and long: the instructions say it once.
  if (schema.ui === 'conditions') return schema.type === 'array' ? 'Condition[]' : 'Conditions'
  if (schema.ui === 'file') return 'File'
  if (typeof schema.$ref === 'string') return type(pointed(schema.$ref, way.root), { ...way, depth: way.depth + 1 })
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map(one => JSON.stringify(one)).join('|')
  const ways = [schema.anyOf, schema.oneOf].flatMap(list => (Array.isArray(list) ? list.filter(isObject) : []))
  // Of many shapes only the names of the fields are told.
  const inner = { ...way, depth: way.depth + 1, bare: way.bare || ways.length > 2 }
  if (ways.length > 0) return [...new Set(ways.map(one => type(one, inner)))].join('|')
  if (Array.isArray(schema.type)) return schema.type.map(one => type({ ...schema, type: one }, way)).join('|')
  if (schema.type === 'array') return list(schema, way)
  if (schema.type === 'object' || isObject(schema.properties)) return object(schema, way)
  if (schema.type === 'integer' || schema.type === 'number')
    return way.bare || schema.advanced === true ? 'number' : number(schema)
  return schema.type === 'string' || schema.type === 'boolean' || schema.type === 'null' ? schema.type : 'any'
}

function pointed(ref: string, root: Schema): Schema {
  const name = /^#\/\$defs\/(.+)$/.exec(ref)?.[1]
  const found: unknown = name === undefined ? root : Reflect.get(Object(root.$defs), name)
  return isObject(found) ? found : {}
}

function list({ items }: Schema, way: Way): string {
  const inner = isObject(items) ? type(items, { ...way, depth: way.depth + 1 }) : 'any'
  return /[|]/.test(inner) && !inner.startsWith('{') ? `(${inner})[]` : `${inner}[]`
}

function number({ type: kind, minimum, maximum }: Schema): string {
  const name = kind === 'integer' ? 'int' : 'number'
  // What a computer can count to is no limit that anybody meant.
  const meant = (value: unknown) => (typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? `${value}` : '')
  const [low, high] = [meant(minimum), meant(maximum)]
  return low === '' && high === '' ? name : `${name}(${low}..${high})`
}

function object({ properties, required, additionalProperties }: Schema, way: Way): string {
  const inner = { ...way, depth: way.depth + 1 }
  const must = Array.isArray(required) ? required : []
  const all = Object.entries(Object(properties)).filter((one): one is [string, Schema] => isObject(one[1]))
  const isSeldom = (name: string, one: Schema) => one.advanced === true && !way.whole && !must.includes(name)
  const fields = all.flatMap(([name, one]) => (isSeldom(name, one) ? [] : [field(name, one, must.includes(name), inner)]))
  const seldom = all.flatMap(([name, one]) => (isSeldom(name, one) ? [name] : []))
  const rest = isObject(additionalProperties) ? [`[name]: ${type(additionalProperties, inner)}`] : []
  const told = [...fields, ...rest, ...(seldom.length > 0 ? [`/*also: ${seldom.join(' ')}*/`] : [])]
  return told.length === 0 ? '{}' : `{${told.join(', ')}}`
}

function field(name: string, schema: Schema, must: boolean, way: Way): string {
  const fallback = schema.default
  const small =
    fallback !== undefined && !way.bare && schema.advanced !== true && JSON.stringify(fallback).length < 30 && !isEmpty(fallback)
  const optional = !must || fallback !== undefined
  // What holds for the models of all blocks, the instructions say.
  const told = way.bare || schema.advanced === true || schema.ui === 'model' ? '' : aboutOf(name, schema)
  return `${name}${optional ? '?' : ''}: ${type(schema, way)}${small ? ` = ${JSON.stringify(fallback)}` : ''}${commented(told)}`
}

const isEmpty = (value: unknown) =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(Object(value)).length === 0)

function aboutOf(name: string, { title, description, when, ui }: Schema): string {
  const words = typeof description === 'string' ? description : typeof title === 'string' && !says(name, title) ? title : ''
  const only = isObject(when) && Array.isArray(when.is) ? `only with ${when.field} ${when.is.join(' or ')}` : ''
  const hint = ui === 'secret' ? 'secret: never fill in' : ''
  const all = [words.replace(/\*\//g, ''), only, hint].filter(part => part !== '').join('; ')
  return all.length > LONGEST ? `${all.slice(0, LONGEST).trimEnd()}…` : all
}

/** A title that is the name in other letters tells nothing. */
const says = (name: string, title: string) => {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return letters(name) === letters(title)
}
