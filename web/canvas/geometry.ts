import { BOX, MARGIN, type Size } from '#engine/layout.ts'
import type { Catalogue } from './catalogue.ts'
import { type Drawing, type DrawnEdge, type DrawnNode, outletOf, placeOf, type Spot } from './drawing.ts'

/** Where the first outlet stands when there are several, and how far they are apart. */
const HEAD = 84
const ROW = 24
/** The title of a frame. */
const BAR = 44
/** A frame that holds nothing yet. */
const EMPTY: Size = { width: 400, height: 180 }

/** How far down an edge enters. */
export const inletAt = (isFrame: boolean): number => (isFrame ? BAR / 2 : BOX.height / 2)

/** How far down an outlet stands. */
export function outletAt(at: number, count: number, isFrame: boolean): number {
  if (isFrame) return BAR / 2 + at * ROW
  return count === 1 ? BOX.height / 2 : HEAD + at * ROW
}

const cardSize = (outlets: number): Size => ({ width: BOX.width, height: outlets < 2 ? BOX.height : HEAD + outlets * ROW - 4 })

/** The outlets of each node, by its id; of a node whose block is gone those that its edges use. */
export function outletsIn(drawing: Pick<Drawing, 'nodes' | 'edges'>, catalogue: Catalogue): Map<string, readonly string[]> {
  const used = new Map<string, DrawnEdge[]>()
  for (const edge of drawing.edges) used.set(edge.source, [...(used.get(edge.source) ?? []), edge])
  return new Map(drawing.nodes.map(node => [node.id, shown(node, used.get(node.id) ?? [], catalogue)]))
}

/** An edge from an outlet that is gone keeps its outlet in sight, so that it can be taken elsewhere. */
function shown(node: DrawnNode, edges: readonly DrawnEdge[], catalogue: Catalogue): readonly string[] {
  const known = catalogue.outlets(node)
  const lost = new Set(edges.map(outletOf).filter(name => !(known ?? []).includes(name)))
  if (known && lost.size === 0) return known
  return known || lost.size > 0 ? [...(known ?? []), ...lost] : ['main']
}

/** How large each node is drawn. A frame is as large as it was made, and at least as what it holds. */
export function sizesIn(drawing: Drawing, catalogue: Catalogue, outlets = outletsIn(drawing, catalogue)): Map<string, Size> {
  const sizes = new Map<string, Size>()
  const held = Map.groupBy(drawing.nodes, node => node.parent)
  const measure = (node: DrawnNode, depth: number): Size => {
    const known = sizes.get(node.id)
    if (known) return known
    const inside = held.get(node.id) ?? []
    const isFrame = inside.length > 0 || catalogue.isContainer(node)
    const size =
      isFrame && depth < 100
        ? frameSize(drawing, node, inside, one => measure(one, depth + 1))
        : cardSize(outlets.get(node.id)?.length ?? 1)
    sizes.set(node.id, size)
    return size
  }
  for (const node of drawing.nodes) measure(node, 0)
  return sizes
}

function frameSize(drawing: Drawing, node: DrawnNode, inside: readonly DrawnNode[], sizeOf: (node: DrawnNode) => Size): Size {
  const { width, height } = drawing.layout.nodes[node.id] ?? { x: 0, y: 0 }
  let { width: wide, height: tall } = inside.length === 0 ? EMPTY : { width: BOX.width, height: BOX.height }
  if (typeof width === 'number') wide = Math.max(inside.length === 0 ? 240 : 0, width)
  if (typeof height === 'number') tall = Math.max(inside.length === 0 ? 120 : 0, height)
  for (const one of inside) {
    const size = sizeOf(one)
    const spot = drawing.layout.nodes[one.id] ?? { x: 0, y: 0 }
    wide = Math.max(wide, spot.x + size.width + MARGIN.x)
    tall = Math.max(tall, spot.y + size.height + MARGIN.bottom)
  }
  return { width: wide, height: tall }
}

/** The innermost frame that a point of the canvas lies in, but for some that are on the move. */
export function frameAt(
  drawing: Drawing,
  at: Spot,
  sizes: ReadonlyMap<string, Size>,
  catalogue: Catalogue,
  moving: ReadonlySet<string>,
): string | undefined {
  const hits = drawing.nodes.filter(node => {
    if (moving.has(node.id) || !catalogue.isContainer(node)) return false
    const spot = placeOf(drawing, node.id)
    const size = sizes.get(node.id) ?? BOX
    return at.x >= spot.x && at.x <= spot.x + size.width && at.y >= spot.y && at.y <= spot.y + size.height
  })
  const area = (id: string) => (sizes.get(id)?.width ?? 0) * (sizes.get(id)?.height ?? 0)
  return hits.toSorted((a, b) => area(a.id) - area(b.id))[0]?.id
}

/** A place inside of a frame that is not under its title. */
export const inFrame = ({ x, y }: Spot): Spot => ({ x: Math.max(MARGIN.x / 2, x), y: Math.max(BAR + 12, y) })

/** A free place beside another: to the right, and down until nothing is in the way. */
export function freeSpot(
  drawing: Drawing,
  wanted: Spot,
  parent: string | undefined,
  sizes: ReadonlyMap<string, Size>,
  size: Size = BOX,
): Spot {
  const others = drawing.nodes
    .filter(node => node.parent === parent)
    .map(node => ({ ...(drawing.layout.nodes[node.id] ?? { x: 0, y: 0 }), ...(sizes.get(node.id) ?? BOX) }))
  const spot = { ...wanted }
  for (let tries = 0; tries <= others.length; tries += 1) {
    const hit = others.find(
      it => spot.x < it.x + it.width && it.x < spot.x + size.width && spot.y < it.y + it.height && it.y < spot.y + size.height,
    )
    if (!hit) return spot
    spot.y = hit.y + hit.height + 32
  }
  return spot
}
