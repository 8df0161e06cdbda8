import { createHash } from 'node:crypto'
import type { WorkflowDocument } from './document.ts'

/** Sorted by the numbers of the letters, which is the same everywhere. */
export const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** JSON that is the same for the same value: keys sorted, what is undefined left out; with an indentation, over lines. */
export function canonical(value: unknown, indent = ''): string {
  const between = indent === '' ? ':' : ': '
  const write = (it: unknown, margin: string): string => {
    if (typeof it !== 'object' || it === null) return JSON.stringify(it) ?? 'null'
    const inner = margin + indent
    const entries = Array.isArray(it)
      ? it.map(one => write(one, inner))
      : Object.entries(it)
          .filter(([, one]) => one !== undefined)
          .sort(([one], [other]) => byText(one, other))
          .map(([key, one]) => `${JSON.stringify(key)}${between}${write(one, inner)}`)
    const [open, close] = Array.isArray(it) ? '[]' : '{}'
    if (entries.length === 0) return `${open}${close}`
    return indent === ''
      ? `${open}${entries.join(',')}${close}`
      : `${open}\n${inner}${entries.join(`,\n${inner}`)}\n${margin}${close}`
  }
  return write(value, '')
}

/** Nodes and edges in an order that does not depend on how they were drawn. */
export function sorted<T extends { nodes: readonly { id: string }[]; edges: readonly { id: string }[] }>(document: T): T {
  const byId = (one: { id: string }, other: { id: string }) => byText(one.id, other.id)
  return { ...document, nodes: document.nodes.toSorted(byId), edges: document.edges.toSorted(byId) }
}

/** SHA-256 of what a workflow means: where its boxes stand does not matter. */
export function hashOf({ layout: _layout, ...meaning }: WorkflowDocument): string {
  return createHash('sha256')
    .update(canonical(sorted(meaning)))
    .digest('hex')
}
