import { type Size, tidy } from '#engine/layout.ts'
import { type Drawing, placed } from '../drawing.ts'

/** A drawing that nobody has placed, as a program writes them, with every node at a place of its own. */
export const placedAtAll = (drawing: Drawing): Drawing =>
  drawing.nodes.some(node => drawing.layout.nodes[node.id]) ? drawing : arrange(drawing, () => undefined)

/** Tidies the whole drawing from left to right. Notes and groups stay; groups follow their nodes. */
export function arrange(drawing: Drawing, sizeOf: (id: string) => Size | undefined): Drawing {
  const { spots, sizes } = tidy(
    drawing.nodes.map(({ id, parent }) => ({ id, parent, size: sizeOf(id) })),
    drawing.edges,
  )
  const next = placed(
    drawing,
    [...spots].map(([id, spot]) => [id, { ...spot, ...sizes.get(id) }]),
  )
  return same(drawing, next) ? drawing : next
}

const same = (before: Drawing, after: Drawing) =>
  Object.entries(after.layout.nodes).every(([id, spot]) => {
    const old = before.layout.nodes[id]
    return old?.x === spot.x && old.y === spot.y && old.width === spot.width && old.height === spot.height
  })
