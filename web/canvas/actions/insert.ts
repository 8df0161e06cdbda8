import { BOX, GAP } from '#engine/layout.ts'
import type { Block, Catalogue } from '../catalogue.ts'
import { type Drawing, nodeOf, outletOf, placed, type Spot, spotOf } from '../drawing.ts'
import { add } from './add.ts'
import { after, makeEdge } from './connect.ts'

/** Room that a new node in a row takes. */
const STEP = BOX.width + GAP.x

/** Puts a new node between the two ends of an edge, and moves what follows to the right as far as there is no room. */
export function insert(
  drawing: Drawing,
  edgeId: string,
  block: Block,
  ids: { node: string; edge: string },
  catalogue: Catalogue,
): Drawing {
  const edge = drawing.edges.find(one => one.id === edgeId)
  const from = edge && nodeOf(drawing, edge.source)
  if (!edge || !from || block.start !== null) return drawing
  const [start, end] = [spotOf(drawing, edge.source), spotOf(drawing, edge.target)]
  const width = drawing.layout.nodes[edge.source]?.width
  const from_ = start.x + (typeof width === 'number' ? width : BOX.width) + GAP.x
  const missing = from_ + STEP - end.x
  const moved = missing > 0 ? pushed(drawing, edge.target, missing) : []
  const at: Spot = { x: from_, y: end.y }
  const made = add(placed(drawing, moved), block, { id: ids.node, at, parent: from.parent })
  const [way] = catalogue.outlets({ block: block.id, version: block.version, params: made.nodes.at(-1)?.params ?? {} }) ?? []
  const edges = made.edges.flatMap(one => {
    if (one.id !== edgeId) return [one]
    const first = makeEdge({ id: one.id, source: one.source, target: ids.node, sourceHandle: outletOf(one) })
    // What has no way out ends the row here.
    return way === undefined
      ? [first]
      : [first, makeEdge({ id: ids.edge, source: ids.node, target: one.target, sourceHandle: way })]
  })
  return { ...made, edges }
}

function pushed(drawing: Drawing, from: string, by: number): [string, Spot][] {
  return [...after(drawing, from)].map(id => {
    const { x, y } = spotOf(drawing, id)
    return [id, { x: x + by, y }]
  })
}
