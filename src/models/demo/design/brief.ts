import { textOf } from '#models/demo/request.ts'
import { isObject } from '#sdk/given.ts'
import type { Ask } from '#sdk/model.ts'

/** A block as the ask tells of it. */
export type Known = { id: string; params: string[]; outlets: string[]; outputs: string[]; example: Record<string, unknown> }

/** A workflow that is to be changed. */
export type There = {
  nodes: { key: string; block: string; name: string; params: Record<string, unknown>; inside: string | null }[]
  edges: { from: string; outlet: string; to: string }[]
}

/** What is asked for, and what there is to build it of. */
export type Brief = { blocks: ReadonlyMap<string, Known>; request: string; model: string; zone: string; there: There | null }

/** Is a workflow asked for? */
export const isDesign = ({ schema }: Ask): boolean => schema?.title === 'WorkflowPlan'

/** Takes such an ask apart. */
export function briefOf({ system = '', messages }: Ask): Brief {
  const said = textOf(messages.find(message => message.role === 'user'))
  const workspace = fenced(said, 'workspace')
  const request = fenced(said, 'request')
  const { model, timezone } = isObject(workspace) ? workspace : {}
  return {
    blocks: blocksIn(system),
    request: typeof request === 'string' ? request : '',
    model: typeof model === 'string' ? model : 'demo/writer',
    zone: typeof timezone === 'string' ? timezone : 'UTC',
    there: thereIn(fenced(said, 'workflow')),
  }
}

function fenced(text: string, name: string): unknown {
  const from = text.indexOf(`<${name}>\n`)
  const to = text.indexOf(`\n</${name}>`, from)
  if (from < 0 || to < 0) return null
  try {
    return JSON.parse(text.slice(from + name.length + 3, to))
  } catch {
    return null
  }
}

function blocksIn(text: string): Map<string, Known> {
  const parts = text.split(/^## /m).slice(1)
  return new Map(
    parts.flatMap((part): [string, Known][] => {
      const id = /^[\w.]+/.exec(part)?.[0] ?? ''
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? ''
      const outlets = line('outlets')
        .replace(/ \(as.*$/, '')
        .split(', ')
        .map(one => one.replace(/,$/, '').trim())
        .filter(Boolean)
      const known = {
        id,
        params: namesIn(line('params')),
        outlets: outlets.length > 0 ? outlets : ['main'],
        outputs: namesIn(line('output')),
        example: exampleIn(line('example')),
      }
      return line('params') === '' ? [] : [[id, known]]
    }),
  )
}

function exampleIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The names of the fields of `{a: …, b?: …}`, not of those within. */
function namesIn(type: string): string[] {
  const names: string[] = []
  let depth = 0
  let begins = false
  const bare = type.replace(/\/\*.*?\*\//g, '').replace(/"(?:[^"\\]|\\.)*"/g, '""')
  for (let at = 0; at < bare.length; at += 1) {
    const sign = bare.charAt(at)
    if ('{[('.includes(sign)) depth += 1
    if ('}])'.includes(sign)) depth -= 1
    if (depth === 1 && (sign === '{' || sign === ',')) begins = true
    else if (begins && /\w/.test(sign)) {
      const name = /^\w+(?=\??:)/.exec(bare.slice(at, at + 100))?.[0]
      if (name !== undefined) names.push(name)
      begins = false
    }
  }
  return names
}

function thereIn(value: unknown): There | null {
  if (!isObject(value) || !Array.isArray(value.nodes) || !Array.isArray(value.edges)) return null
  const text = (it: unknown) => (typeof it === 'string' ? it : '')
  return {
    nodes: value.nodes.filter(isObject).map(node => ({
      key: text(node.key),
      block: text(node.block),
      name: text(node.name),
      params: isObject(node.params) ? node.params : {},
      inside: typeof node.inside === 'string' ? node.inside : null,
    })),
    edges: value.edges
      .filter(isObject)
      .map(edge => ({ from: text(edge.from), outlet: text(edge.outlet) || 'main', to: text(edge.to) })),
  }
}
