import { BOX, type Size, type Spot, tidy } from '#engine/layout.ts'
import type { WorkflowDocument } from '#workflows/document.ts'

type Layout = WorkflowDocument['layout']
/** Room between boxes that are put below others. */
const GAP = 32

/** Where the boxes stand: all tidy where nothing stood before; else what is new finds a place and all others keep theirs. */
export function placed(document: WorkflowDocument, before: WorkflowDocument, made: ReadonlySet<string>): Layout {
  const { nodes, edges } = document
  const { spots, sizes } = tidy(nodes, edges)
  const old = before.layout.nodes
  const spotOf = (id: string): Layout['nodes'][string] => ({ ...(spots.get(id) ?? { x: 0, y: 0 }), ...sizes.get(id) })
  const stand = before.nodes.filter(node => old[node.id] !== undefined)
  if (stand.length === 0) return { ...before.layout, nodes: Object.fromEntries(nodes.map(({ id }) => [id, spotOf(id)])) }

  const there = new Set(nodes.map(node => node.id))
  const result: Layout['nodes'] = Object.fromEntries(
    Object.entries(old).filter(([id]) => there.has(id) || !before.nodes.some(node => node.id === id)),
  )
  for (const node of nodes.filter(one => made.has(one.id))) {
    const beside = nodes.filter(one => one.parent === node.parent && one.id !== node.id && result[one.id] !== undefined)
    const neighbour =
      edges.flatMap(edge => (edge.target === node.id ? beside.filter(one => one.id === edge.source) : []))[0] ??
      edges.flatMap(edge => (edge.source === node.id ? beside.filter(one => one.id === edge.target) : []))[0]
    const mine = spotOf(node.id)
    const anchor = neighbour && result[neighbour.id]
    const from = neighbour && spots.get(neighbour.id)
    const wanted = anchor && from ? { x: anchor.x + mine.x - from.x, y: anchor.y + mine.y - from.y } : { x: mine.x, y: mine.y }
    const size = sizes.get(node.id) ?? BOX
    const others = beside.flatMap(one => {
      const spot = result[one.id]
      return spot ? [{ spot, size: sizes.get(one.id) ?? BOX }] : []
    })
    result[node.id] = { ...mine, ...free(wanted, size, others) }
  }
  return { ...before.layout, nodes: result }
}

/** The next place further down at which nothing stands. */
function free(wanted: Spot, size: Size, others: readonly { spot: Spot; size: Size }[]): Spot {
  const spot = { ...wanted }
  for (let tries = 0; tries <= others.length; tries += 1) {
    const hit = others.find(
      one =>
        spot.x < one.spot.x + one.size.width &&
        one.spot.x < spot.x + size.width &&
        spot.y < one.spot.y + one.size.height &&
        one.spot.y < spot.y + size.height,
    )
    if (!hit) return spot
    spot.y = hit.spot.y + hit.size.height + GAP
  }
  return spot
}
