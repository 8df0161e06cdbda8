import type { Catalogue } from '../catalogue.ts'
import { type Drawing, type DrawnEdge, nodeOf, outletOf } from '../drawing.ts'

/** An edge as it is asked for. */
export type Wanted = { source: string; target: string; sourceHandle?: string | undefined }

/** Why two nodes cannot be connected so. */
export type Refused = 'gone' | 'itself' | 'trigger' | 'crosses' | 'outlet' | 'twice' | 'circle'

/** Says why an edge cannot be drawn; null where it can. */
export function refuses(
  drawing: Drawing,
  { source, target, sourceHandle = 'main' }: Wanted,
  catalogue: Catalogue,
): Refused | null {
  const from = nodeOf(drawing, source)
  const to = nodeOf(drawing, target)
  if (!from || !to) return 'gone'
  if (source === target) return 'itself'
  if (catalogue.isTrigger(to)) return 'trigger'
  if (from.parent !== to.parent) return 'crosses'
  const outlets = catalogue.outlets(from)
  if (outlets && sourceHandle !== 'error' && !outlets.includes(sourceHandle)) return 'outlet'
  if (drawing.edges.some(edge => edge.source === source && edge.target === target && outletOf(edge) === sourceHandle))
    return 'twice'
  return after(drawing, target).has(source) ? 'circle' : null
}

/** Everything that edges lead to from a node, itself included. */
export function after(drawing: Pick<Drawing, 'edges'>, id: string): Set<string> {
  const next = Map.groupBy(drawing.edges, edge => edge.source)
  const seen = new Set([id])
  for (const one of seen) for (const edge of next.get(one) ?? []) seen.add(edge.target)
  return seen
}

/** Connects two nodes; a node that is left by `error` is set to take that way. What cannot be stays as it is. */
export function connect(drawing: Drawing, wanted: Wanted & { id: string }, catalogue: Catalogue): Drawing {
  if (refuses(drawing, wanted, catalogue)) return drawing
  const nodes =
    wanted.sourceHandle === 'error'
      ? drawing.nodes.map(node => (node.id === wanted.source ? { ...node, onError: 'route' as const } : node))
      : drawing.nodes
  return { ...drawing, nodes, edges: [...drawing.edges, makeEdge(wanted)] }
}

/** An edge as it is stored: `main` goes without saying. */
export const makeEdge = ({ id, source, target, sourceHandle }: Wanted & { id: string }): DrawnEdge => ({
  id,
  source,
  target,
  ...(sourceHandle !== undefined && sourceHandle !== 'main' ? { sourceHandle } : {}),
})

/** Leads one end of an edge elsewhere. */
export function reconnect(drawing: Drawing, id: string, wanted: Wanted, catalogue: Catalogue): Drawing {
  const without = { ...drawing, edges: drawing.edges.filter(edge => edge.id !== id) }
  const next = connect(without, { ...wanted, id }, catalogue)
  return next === without ? drawing : next
}
