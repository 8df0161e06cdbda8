import { BOX, type Size } from '#engine/layout.ts'
import { type Drawing, nodeOf, type Spot, spotOf } from '../drawing.ts'
import { move } from './move.ts'

/** How nodes are brought into line, or spread evenly. */
export const ALIGNMENTS = ['left', 'center', 'right', 'top', 'middle', 'bottom', 'across', 'down'] as const
/** One of them. */
export type Alignment = (typeof ALIGNMENTS)[number]

type Placed = { id: string; spot: Spot; size: Size }

/** Brings nodes that stand in the same container into line. */
export function align(
  drawing: Drawing,
  ids: ReadonlySet<string>,
  how: Alignment,
  sizeOf: (id: string) => Size = () => BOX,
): Drawing {
  const [first] = drawing.nodes.filter(node => ids.has(node.id))
  const all = [...ids].flatMap(id => {
    const node = nodeOf(drawing, id)
    return node && node.parent === first?.parent ? [{ id, spot: spotOf(drawing, id), size: sizeOf(id) }] : []
  })
  if (all.length < 2) return drawing
  if (how === 'across' || how === 'down')
    return move(drawing, spread(all, how === 'across' ? 'x' : 'y', how === 'across' ? 'width' : 'height'))
  const [left, top] = [Math.min(...all.map(one => one.spot.x)), Math.min(...all.map(one => one.spot.y))]
  const right = Math.max(...all.map(one => one.spot.x + one.size.width))
  const bottom = Math.max(...all.map(one => one.spot.y + one.size.height))
  const place = ({ spot, size }: Placed): Spot => {
    if (how === 'left') return { x: left, y: spot.y }
    if (how === 'right') return { x: right - size.width, y: spot.y }
    if (how === 'center') return { x: (left + right - size.width) / 2, y: spot.y }
    if (how === 'top') return { x: spot.x, y: top }
    if (how === 'bottom') return { x: spot.x, y: bottom - size.height }
    return { x: spot.x, y: (top + bottom - size.height) / 2 }
  }
  return move(
    drawing,
    all.map(one => [one.id, place(one)] as const),
  )
}

/** The first and the last stay; between them the gaps become equal. */
function spread(all: Placed[], way: 'x' | 'y', long: 'width' | 'height'): [string, Spot][] {
  const row = all.toSorted((a, b) => a.spot[way] - b.spot[way])
  const [first, last] = [row[0], row.at(-1)]
  if (!first || !last) return []
  const room = last.spot[way] + last.size[long] - first.spot[way] - row.reduce((sum, one) => sum + one.size[long], 0)
  const gap = room / (row.length - 1)
  let at = first.spot[way]
  return row.map(({ id, spot, size }) => {
    const next: [string, Spot] = [id, { ...spot, [way]: at }]
    at += size[long] + gap
    return next
  })
}
