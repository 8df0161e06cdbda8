import type { Catalogue } from '../catalogue.ts'
import { around, type Drawing, nodeOf, placed, placeOf, type Spot } from '../drawing.ts'
import { rounded } from './add.ts'
import { bridges } from './remove.ts'

/** Puts nodes at other places; each place is seen from the container it stands in. */
export function move(drawing: Drawing, spots: Iterable<readonly [string, Spot]>): Drawing {
  const moved = [...spots]
    .map(([id, spot]) => [id, rounded(spot)] as const)
    .filter(([id, spot]) => drawing.layout.nodes[id]?.x !== spot.x || drawing.layout.nodes[id]?.y !== spot.y)
  return moved.length === 0 ? drawing : placed(drawing, moved)
}

/** Moves nodes by so much, as arrow keys do. What stands in a container that is moved too goes along by itself. */
export function nudge(drawing: Drawing, ids: ReadonlySet<string>, by: Spot): Drawing {
  const own = drawing.nodes.filter(({ id }) => ids.has(id) && !around(drawing, id).some(one => ids.has(one)))
  return move(
    drawing,
    own.map(({ id }) => {
      const { x, y } = drawing.layout.nodes[id] ?? { x: 0, y: 0 }
      return [id, { x: x + by.x, y: y + by.y }] as const
    }),
  )
}

/** Can a node be put into this container, or with undefined out of all of them? */
export function mayEnter(drawing: Drawing, id: string, parent: string | undefined, catalogue: Catalogue): boolean {
  const node = nodeOf(drawing, id)
  if (!node) return false
  if (parent === undefined) return true
  const container = nodeOf(drawing, parent)
  if (!container || !catalogue.isContainer(container) || catalogue.isTrigger(node)) return false
  return parent !== id && !around(drawing, parent).includes(id)
}

/**
 * Puts nodes into a container, or out of it, without moving them on the canvas. Edges cannot go through the frame of a container: those
 * that would are taken away, and where a node leaves a row, the row is closed behind it.
 */
export function enter(
  drawing: Drawing,
  ids: ReadonlySet<string>,
  parent: string | undefined,
  catalogue: Catalogue,
  edgeId: () => string,
): Drawing {
  const going = new Set(
    drawing.nodes
      .filter(one => ids.has(one.id) && one.parent !== parent && !around(drawing, one.id).some(up => ids.has(up)))
      .filter(one => mayEnter(drawing, one.id, parent, catalogue))
      .map(one => one.id),
  )
  if (going.size === 0) return drawing
  const origin = parent === undefined ? { x: 0, y: 0 } : placeOf(drawing, parent)
  const spots = [...going].map(id => {
    const { x, y } = placeOf(drawing, id)
    return [id, rounded({ x: x - origin.x, y: y - origin.y })] as const
  })
  const nodes = drawing.nodes.map(node => {
    if (!going.has(node.id)) return node
    const { parent: _left, ...rest } = node
    return parent === undefined ? rest : { ...rest, parent }
  })
  const edges = drawing.edges.filter(edge => going.has(edge.source) === going.has(edge.target))
  return placed({ ...drawing, nodes, edges: [...edges, ...bridges(drawing, going, edgeId)] }, spots)
}
