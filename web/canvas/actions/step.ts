import { type Drawing, nodeOf, placeOf } from '../drawing.ts'

/** Which way an arrow key goes. */
export type Way = 'left' | 'right' | 'up' | 'down'

/**
 * The node that an arrow key leads to: right and left along the edges, up and down among those that stand beside it. Right enters a
 * container that nothing follows, left leaves it where nothing comes before.
 */
export function step(drawing: Drawing, from: string, way: Way): string | null {
  const node = nodeOf(drawing, from)
  if (!node) return null
  if (way === 'right') return along(drawing, from, 'source', 'target') ?? inside(drawing, from)
  if (way === 'left') return along(drawing, from, 'target', 'source') ?? node.parent ?? null
  const here = placeOf(drawing, from)
  const sign = way === 'down' ? 1 : -1
  const beside = drawing.nodes
    .filter(one => one.id !== from && one.parent === node.parent)
    .map(one => ({ id: one.id, ...placeOf(drawing, one.id) }))
    .filter(({ x, y }) => (y - here.y) * sign > 0 || (y === here.y && (x - here.x) * sign > 0))
  // What stands in the same column is nearer than what stands in another.
  const far = ({ x, y }: { x: number; y: number }) => Math.abs(y - here.y) + 2 * Math.abs(x - here.x)
  return beside.toSorted((a, b) => far(a) - far(b))[0]?.id ?? null
}

function along(drawing: Drawing, from: string, near: 'source' | 'target', far: 'source' | 'target'): string | null {
  const here = placeOf(drawing, from)
  const ends = drawing.edges
    .filter(edge => edge[near] === from)
    .map(edge => ({ id: edge[far], y: placeOf(drawing, edge[far]).y }))
  return ends.toSorted((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.id ?? null
}

function inside(drawing: Drawing, container: string): string | null {
  const held = drawing.nodes.filter(node => node.parent === container)
  const led = new Set(drawing.edges.map(edge => edge.target))
  return (held.find(node => !led.has(node.id)) ?? held[0])?.id ?? null
}
