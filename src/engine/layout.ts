/** A box to be placed; what stands in it names it as its parent. Its size counts where it holds nothing. */
export type Box = { id: string; parent?: string | undefined; size?: Size | undefined }
/** A line between boxes. */
export type Line = { source: string; target: string }
/** Where the left upper corner of a box stands; in a container, from the corner of that. */
export type Spot = { x: number; y: number }
/** How large a box is drawn. */
export type Size = { width: number; height: number }

/** A box as it is drawn unless it holds others. */
export const BOX: Size = { width: 240, height: 80 }
/** Room between boxes. */
export const GAP = { x: 80, y: 48 }
/** Room around what a container holds; its title stands above. */
export const MARGIN = { x: 32, top: 72, bottom: 32 }
/** More looks do not untangle more. */
const LOOKS = 4

/** Places the boxes from left to right, each behind all that lead to it, and says how large the containers are. */
export function tidy(
  boxes: readonly Box[],
  lines: readonly Line[],
): { spots: Map<string, Spot>; sizes: Map<string, Size>; whole: Size } {
  const spots = new Map<string, Spot>()
  const sizes = new Map<string, Size>()
  const known = new Map(boxes.map(box => [box.id, box]))
  const held = new Map<string, string[]>()
  for (const { id } of boxes) {
    const parent = parentOf(id, known)
    held.set(parent, [...(held.get(parent) ?? []), id])
  }
  const place = (level: string, depth: number): Size => {
    const ids = held.get(level) ?? []
    for (const id of ids) {
      const inner = held.has(id) && depth < boxes.length ? place(id, depth + 1) : null
      if (inner) sizes.set(id, framed(inner))
    }
    const inside = new Set(ids)
    const own = lines.filter(line => inside.has(line.source) && inside.has(line.target))
    const corner = level === '' ? { x: 0, y: 0 } : { x: MARGIN.x, y: MARGIN.top }
    return fill(
      columnsOf(ids, own),
      id => sizes.get(id) ?? known.get(id)?.size ?? BOX,
      (id, spot) => spots.set(id, spot),
      corner,
    )
  }
  return { whole: place('', 0), spots, sizes }
}

const framed = ({ width, height }: Size): Size => ({
  width: Math.max(BOX.width, width + 2 * MARGIN.x),
  height: Math.max(BOX.height, height + MARGIN.top + MARGIN.bottom),
})

/** The container of a box; of one that stands in itself or in nothing, the canvas. */
function parentOf(id: string, known: ReadonlyMap<string, Box>): string {
  const parent = known.get(id)?.parent
  if (parent === undefined || !known.has(parent)) return ''
  const seen = new Set([id])
  for (let at: string | undefined = parent; at !== undefined; at = known.get(at)?.parent) {
    if (seen.has(at)) return ''
    seen.add(at)
  }
  return parent
}

/** The boxes in columns, and in each from top to bottom so that few lines cross. */
function columnsOf(ids: readonly string[], lines: readonly Line[]): string[][] {
  const [into, out] = [sides(lines, 'target', 'source'), sides(lines, 'source', 'target')]
  const column = ranks(ids, into, out)
  const columns: string[][] = []
  for (const id of ids) {
    const at = column.get(id) ?? 0
    while (columns.length <= at) columns.push([])
    columns[at]?.push(id)
  }
  for (let look = 0; look < LOOKS; look += 1) {
    const back = look % 2 === 1
    const row = new Map(columns.flatMap(one => one.map((id, at) => [id, at - one.length / 2] as const)))
    for (const one of back ? columns.toReversed() : columns) {
      const middle = new Map(one.map(id => [id, mean((back ? out : into).get(id) ?? [], row) ?? row.get(id) ?? 0]))
      one.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0))
      for (const [at, id] of one.entries()) row.set(id, at - one.length / 2)
    }
  }
  return columns
}

function sides(lines: readonly Line[], of: keyof Line, to: keyof Line): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of lines) found.set(line[of], [...(found.get(line[of]) ?? []), line[to]])
  return found
}

function mean(ids: readonly string[], row: ReadonlyMap<string, number>): number | null {
  return ids.length === 0 ? null : ids.reduce((sum, id) => sum + (row.get(id) ?? 0), 0) / ids.length
}

/** The column of each: one further than the furthest that leads to it. What goes round in a circle stays where it was met first. */
function ranks(ids: readonly string[], into: ReadonlyMap<string, string[]>, out: ReadonlyMap<string, string[]>) {
  const column = new Map<string, number>()
  const open = new Map(ids.map(id => [id, into.get(id)?.length ?? 0]))
  const ready = ids.filter(id => open.get(id) === 0)
  const rest = new Set(ids)
  while (rest.size > 0) {
    const next = ready.shift() ?? rest.values().next().value
    if (next === undefined) break
    if (!rest.delete(next)) continue
    const at = column.get(next) ?? 0
    column.set(next, at)
    for (const to of out.get(next) ?? []) {
      if (!rest.has(to)) continue
      column.set(to, Math.max(column.get(to) ?? 0, at + 1))
      open.set(to, (open.get(to) ?? 1) - 1)
      if (open.get(to) === 0) ready.push(to)
    }
  }
  return column
}

/** Gives each its spot; the columns stand centred beside each other. */
function fill(
  columns: readonly string[][],
  sizeOf: (id: string) => Size,
  put: (id: string, spot: Spot) => void,
  corner: Spot,
): Size {
  const tall = columns.map(one => one.reduce((sum, id) => sum + sizeOf(id).height + GAP.y, -GAP.y))
  const height = Math.max(0, ...tall)
  let x = corner.x
  for (const [at, one] of columns.entries()) {
    let y = corner.y + Math.round((height - (tall[at] ?? 0)) / 2)
    for (const id of one) {
      put(id, { x, y })
      y += sizeOf(id).height + GAP.y
    }
    x += Math.max(0, ...one.map(id => sizeOf(id).width)) + GAP.x
  }
  return { width: Math.max(0, x - corner.x - GAP.x), height }
}
