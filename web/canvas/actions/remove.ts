import { type Drawing, type DrawnEdge, withInside } from '../drawing.ts'
import { after, makeEdge } from './connect.ts'
import { groupsOf, notesOf } from './notes.ts'

/** Is there a row that could be closed when these are taken away? */
export const canClose = (drawing: Drawing, ids: ReadonlySet<string>): boolean => bridges(drawing, ids, () => '').length > 0

/** Takes nodes away with their edges and what stands in them, and edges, notes and groups. With `close` rows that lose a node are closed. */
export function remove(
  drawing: Drawing,
  ids: ReadonlySet<string>,
  { close, edgeId }: { close: boolean; edgeId: () => string },
): Drawing {
  const gone = withInside(
    drawing,
    drawing.nodes.filter(node => ids.has(node.id)).map(node => node.id),
  )
  const edges = drawing.edges.filter(edge => !ids.has(edge.id) && !gone.has(edge.source) && !gone.has(edge.target))
  const notes = notesOf(drawing).filter(note => !ids.has(note.id))
  const groups = groupsOf(drawing)
    .filter(group => !ids.has(group.id))
    .map(group => (group.nodes.some(id => gone.has(id)) ? { ...group, nodes: group.nodes.filter(id => !gone.has(id)) } : group))
    .filter(group => group.nodes.length > 0)
  const unchanged =
    gone.size === 0 &&
    edges.length === drawing.edges.length &&
    notes.length === drawing.layout.notes.length &&
    groups.length === drawing.layout.groups.length
  if (unchanged) return drawing
  const spots = Object.entries(drawing.layout.nodes).filter(([id]) => !gone.has(id))
  return {
    ...drawing,
    nodes: drawing.nodes.filter(node => !gone.has(node.id)),
    edges: [...edges, ...(close ? bridges(drawing, gone, edgeId) : [])],
    layout: { ...drawing.layout, nodes: Object.fromEntries(spots), notes, groups },
  }
}

/** Edges over a gap: where one way leads into the nodes that go and out of them again, and would not be there anyway. */
export function bridges(drawing: Drawing, gone: ReadonlySet<string>, edgeId: () => string): DrawnEdge[] {
  const found: DrawnEdge[] = []
  const taken = new Set(drawing.edges.map(edge => `${edge.source} ${edge.sourceHandle ?? 'main'} ${edge.target}`))
  for (const into of drawing.edges) {
    if (gone.has(into.source) || !gone.has(into.target)) continue
    const inside = reach(drawing, into.target, gone)
    const out = drawing.edges.filter(edge => inside.has(edge.source) && !gone.has(edge.target) && edge.sourceHandle !== 'error')
    const targets = new Set(out.map(edge => edge.target))
    // A node that branches leaves no row to close: nobody knows which of its ways was meant.
    const [target] = targets
    if (target === undefined || targets.size > 1 || ways(out) > 1) continue
    const line = `${into.source} ${into.sourceHandle ?? 'main'} ${target}`
    if (taken.has(line) || after(drawing, target).has(into.source)) continue
    taken.add(line)
    found.push(makeEdge({ id: edgeId(), source: into.source, target, sourceHandle: into.sourceHandle }))
  }
  return found
}

const ways = (edges: readonly DrawnEdge[]) => new Set(edges.map(edge => edge.sourceHandle ?? 'main')).size

function reach(drawing: Drawing, from: string, within: ReadonlySet<string>): Set<string> {
  const seen = new Set([from])
  for (const one of seen)
    for (const edge of drawing.edges) if (edge.source === one && within.has(edge.target)) seen.add(edge.target)
  return seen
}
