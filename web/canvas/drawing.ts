import type { z } from 'zod'
import type { WorkflowDocument } from '#workflows/contract.ts'

/** A workflow as it is drawn. */
export type Drawing = z.output<typeof WorkflowDocument>
/** A node of it. */
export type DrawnNode = Drawing['nodes'][number]
/** An edge of it. */
export type DrawnEdge = Drawing['edges'][number]
/** A place on the canvas; in a container, from its upper left corner. */
export type Spot = { x: number; y: number }
/** Makes an id that nothing else has. */
export type MakeId = () => string

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Makes ids by chance, so that two people who draw at the same time never give the same. */
export const makeId: MakeId = () => Array.from(crypto.getRandomValues(new Uint8Array(10)), byte => LETTERS[byte % 36]).join('')

/** The node with an id. */
export const nodeOf = (drawing: Drawing, id: string): DrawnNode | undefined => drawing.nodes.find(node => node.id === id)

/** The outlet an edge leaves by. */
export const outletOf = (edge: Pick<DrawnEdge, 'sourceHandle'>): string => edge.sourceHandle ?? 'main'

/** What a node is called: its name, or its key where it has none. */
export const nameOf = (node: Pick<DrawnNode, 'name' | 'key'>): string => node.name?.trim() || node.key

/** Where a node stands, in its container or on the canvas. */
export const spotOf = (drawing: Drawing, id: string): Spot => drawing.layout.nodes[id] ?? { x: 0, y: 0 }

/** These nodes and everything that stands in them. */
export function withInside(drawing: Drawing, ids: Iterable<string>): Set<string> {
  const all = new Set(ids)
  const held = Map.groupBy(drawing.nodes, node => node.parent)
  for (const id of all) for (const node of held.get(id) ?? []) all.add(node.id)
  return all
}

/** The containers around a node, the nearest first. */
export function around(drawing: Drawing, id: string): string[] {
  const parents = new Map(drawing.nodes.map(node => [node.id, node.parent]))
  const found: string[] = []
  for (let at = parents.get(id); at !== undefined && parents.has(at) && !found.includes(at); at = parents.get(at)) found.push(at)
  return found
}

/** Where a node stands on the canvas itself. */
export function placeOf(drawing: Drawing, id: string): Spot {
  const { x, y } = spotOf(drawing, id)
  return around(drawing, id).reduce((sum, one) => ({ x: sum.x + spotOf(drawing, one).x, y: sum.y + spotOf(drawing, one).y }), {
    x,
    y,
  })
}

/** The drawing with some nodes at other places. */
export function placed(
  drawing: Drawing,
  spots: Iterable<readonly [string, Spot & { width?: number; height?: number }]>,
): Drawing {
  const nodes = { ...drawing.layout.nodes }
  for (const [id, spot] of spots) nodes[id] = { ...nodes[id], ...spot }
  return { ...drawing, layout: { ...drawing.layout, nodes } }
}
