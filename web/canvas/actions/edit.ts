import type { Catalogue } from '../catalogue.ts'
import { type Drawing, type DrawnNode, nodeOf, outletOf } from '../drawing.ts'

/** What can be changed of a node besides its key, its block and where it stands; undefined takes it away. */
export type NodeChange = Partial<Omit<DrawnNode, 'id' | 'key' | 'block' | 'version' | 'parent'>>

/** Changes a node. Edges from outlets that it renames follow, those from outlets that are gone stay to be mended. */
export function edit(drawing: Drawing, id: string, to: NodeChange, catalogue: Catalogue): Drawing {
  const node = nodeOf(drawing, id)
  if (!node) return drawing
  const next = merged(node, to)
  if (next === node) return drawing
  const nodes = drawing.nodes.map(one => (one.id === id ? next : one))
  return { ...drawing, nodes, edges: followOutlets(drawing.edges, node, next, catalogue) }
}

function merged(node: DrawnNode, to: NodeChange): DrawnNode {
  const fields = Object.entries(to)
  if (fields.every(([name, value]) => Reflect.get(node, name) === value)) return node
  const next = { ...node, ...to }
  for (const [name, value] of fields) if (value === undefined) Reflect.deleteProperty(next, name)
  return next
}

/** While somebody types the name of a case, the edge from it stays with it. */
function followOutlets(edges: Drawing['edges'], before: DrawnNode, after: DrawnNode, catalogue: Catalogue): Drawing['edges'] {
  const [old, now] = [catalogue.outlets(before) ?? [], catalogue.outlets(after) ?? []]
  if (old.length !== now.length) return edges
  const renamed = new Map(
    old.flatMap((name, at) => (now[at] !== undefined && now[at] !== name && !now.includes(name) ? [[name, now[at]]] : [])),
  )
  if (renamed.size === 0) return edges
  return edges.map(edge => {
    const name = edge.source === after.id ? renamed.get(outletOf(edge)) : undefined
    return name === undefined ? edge : { ...edge, sourceHandle: name }
  })
}

/** Turns nodes off, or on again when all of them are off. */
export function disable(drawing: Drawing, ids: ReadonlySet<string>): Drawing {
  const chosen = drawing.nodes.filter(node => ids.has(node.id))
  if (chosen.length === 0) return drawing
  const off = chosen.every(node => node.disabled)
  const nodes = drawing.nodes.map(node => {
    if (!ids.has(node.id)) return node
    const { disabled: _before, ...rest } = node
    return off ? rest : { ...rest, disabled: true }
  })
  return { ...drawing, nodes }
}
