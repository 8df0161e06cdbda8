import type { Block } from './catalogue.ts'
import type { DrawnNode } from './drawing.ts'

/** What a node will do in one line: from its parameters, or what it still needs. */
export type Summary = { says: string } | { needs: string[] } | null

type Schema = { readonly [name: string]: unknown }

/** A word that stands before an address. */
const METHOD = /^[A-Z]{3,7}$/

/** More does not fit on a card. */
const LONGEST = 120

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Says what a node will do with its present parameters; null where there is nothing to say. */
export function summaryOf(node: Pick<DrawnNode, 'params'>, block: Pick<Block, 'input'> | null): Summary {
  const properties = block && isObject(block.input.properties) ? block.input.properties : {}
  // Of a block that is gone every parameter is as telling as the other.
  const fields = block ? Object.entries(properties) : Object.keys(node.params).map(name => [name, {}] as const)
  const required = new Set(block && Array.isArray(block.input.required) ? block.input.required : [])
  const parts: string[] = []
  const needs: string[] = []
  for (const [name, schema] of fields) {
    if (!isObject(schema) || !applies(schema, node.params)) continue
    const value = node.params[name]
    if (isBlank(value)) {
      if (required.has(name)) needs.push(typeof schema.title === 'string' ? schema.title : name)
      continue
    }
    if (schema.advanced === true || schema.ui === 'secret') continue
    // A default goes without saying, but for a word in front of what comes next: GET https://…
    const isWord = typeof value === 'string' && METHOD.test(value)
    if (JSON.stringify(value) === JSON.stringify(schema.default) && !isWord) continue
    const said = sayOf(value, schema)
    if (said) parts.push(said)
    if (parts.join(' · ').length > LONGEST) break
  }
  if (needs.length > 0) return { needs }
  const telling = parts.length > 0 && Object.keys(node.params).length > 0
  return telling ? { says: joined(parts).slice(0, LONGEST) } : null
}

/** A method stands before its address like a word. */
const joined = ([first = '', second, ...rest]: string[]): string =>
  second !== undefined && METHOD.test(first)
    ? [`${first} ${second}`, ...rest].join(' · ')
    : [first, second ?? [], ...rest].flat().join(' · ')

function applies({ when }: Schema, params: Schema): boolean {
  if (!isObject(when) || typeof when.field !== 'string' || !Array.isArray(when.is)) return true
  return when.is.includes(params[when.field])
}

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

function sayOf(value: unknown, schema: Schema): string {
  if (typeof value === 'string') return (value.trim().split('\n', 1)[0] ?? '').slice(0, LONGEST)
  if (typeof value === 'boolean') return value && typeof schema.title === 'string' ? schema.title : ''
  if (typeof value === 'number') return typeof schema.title === 'string' ? `${schema.title}: ${value}` : String(value)
  if (Array.isArray(value)) return sayList(value)
  if (!isObject(value)) return ''
  return sayCondition(value) ?? sayObject(value)
}

function sayList(list: readonly unknown[]): string {
  const words = list.map(one => {
    if (typeof one === 'string') return one
    if (!isObject(one)) return typeof one === 'number' ? String(one) : ''
    const name = [one.name, one.title, one.key].find(it => typeof it === 'string')
    return sayCondition(one) ?? name ?? ''
  })
  const said = words.filter(Boolean)
  return said.length > 3 ? `${said.slice(0, 3).join(', ')} … ${list.length}` : said.join(', ')
}

/** A condition as people say it, and several joined by what joins them. */
function sayCondition(value: Schema): string | null {
  const { left, op, right, all, any } = value
  if (typeof op === 'string' && 'left' in value) return [text(left), op, text(right)].filter(Boolean).join(' ')
  const list = Array.isArray(all) ? all : Array.isArray(any) ? any : null
  if (!list) return null
  const said = list.filter(isObject).map(sayCondition).filter(Boolean)
  return said.join(Array.isArray(all) ? ' & ' : ' | ')
}

const sayObject = (value: Schema): string =>
  Object.entries(value)
    .slice(0, 3)
    .map(([name, one]) => {
      const said = text(one)
      return said ? `${name}: ${said}` : name
    })
    .join(', ')

const text = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value).slice(0, 60) : ''
