import type { ReactFlowInstance } from '@xyflow/react'
import { MOST_NODES } from '#engine/check.ts'
import { BOX, GAP, type Size } from '#engine/layout.ts'
import { add } from './actions/add.ts'
import { connect, type Refused, refuses, type Wanted } from './actions/connect.ts'
import { insert } from './actions/insert.ts'
import type { Anchor, BoardStore } from './board.ts'
import type { Block, Catalogue } from './catalogue.ts'
import { change, choose, type DraftStore } from './draft.ts'
import { type Drawing, makeId, nodeOf, outletOf, type Spot, spotOf } from './drawing.ts'
import type { FlowEdge, FlowNode } from './flow.ts'
import { frameAt, freeSpot, inFrame, sizesIn } from './geometry.ts'

/** What everything that is done on the canvas works on. */
export type Kit = {
  draft: DraftStore
  catalogue: Catalogue
  board: BoardStore
  /** The view; null while only the outline is shown. */
  view: { current: ReactFlowInstance<FlowNode, FlowEdge> | null }
  /** Tells why something cannot be. */
  refuse: (why: Refused | 'too_many') => void
  opens: (id: string) => void
}

const measured = new WeakMap<Drawing, { catalogue: Catalogue; sizes: ReadonlyMap<string, Size> }>()

/** How large everything is drawn now. */
export function sizesNow({ draft, catalogue }: Kit): ReadonlyMap<string, Size> {
  const { drawing } = draft.getState()
  const known = measured.get(drawing)
  if (known?.catalogue === catalogue) return known.sizes
  const sizes = sizesIn(drawing, catalogue)
  measured.set(drawing, { catalogue, sizes })
  return sizes
}

/** The outlet a new node hangs on: the first that nothing follows, else the first. */
export function nextOutlet(drawing: Drawing, catalogue: Catalogue, id: string): string | null {
  const node = nodeOf(drawing, id)
  const outlets = node ? (catalogue.outlets(node) ?? ['main']) : []
  const used = new Set(drawing.edges.filter(edge => edge.source === id).map(outletOf))
  return outlets.find(name => !used.has(name)) ?? outlets[0] ?? null
}

/** The node that is selected alone. */
export function lonely({ draft }: Pick<Kit, 'draft'>): string | null {
  const { selected, drawing } = draft.getState()
  const nodes = drawing.nodes.filter(node => selected.has(node.id))
  return nodes.length === 1 && selected.size === 1 ? (nodes[0]?.id ?? null) : null
}

/** Where a block goes that is added without saying where: behind what is selected, else where there is room. */
export function usualAnchor(kit: Kit): Anchor {
  const { selected, drawing } = kit.draft.getState()
  const edge = selected.size === 1 ? drawing.edges.find(one => selected.has(one.id)) : undefined
  if (edge) return { to: 'edge', edge: edge.id }
  const id = lonely(kit)
  return id === null ? { to: 'spot', at: null } : { to: 'outlet', node: id, outlet: null }
}

/** Adds a block where it is wanted, selects it, and answers with its id. */
export function place(kit: Kit, block: Block, anchor: Anchor = usualAnchor(kit)): string | null {
  const { draft, catalogue } = kit
  const { drawing } = draft.getState()
  if (drawing.nodes.length >= MOST_NODES) {
    kit.refuse('too_many')
    return null
  }
  const id = makeId()
  if (anchor.to === 'edge' && block.start === null)
    change(draft, 'insert', now => insert(now, anchor.edge, block, { node: id, edge: makeId() }, catalogue), { select: [id] })
  else if (anchor.to === 'outlet' && block.start === null) hang(kit, block, anchor, id)
  else {
    const parent = anchor.to === 'spot' ? anchor.parent : undefined
    const at = (anchor.to === 'spot' ? anchor.at : null) ?? middle(kit)
    const free = freeSpot(drawing, at, block.start === null ? parent : undefined, sizesNow(kit))
    change(draft, 'add', now => add(now, block, { id, at: free, parent }), { select: [id] })
  }
  return id
}

function hang(kit: Kit, block: Block, { node, outlet, at, parent }: Extract<Anchor, { to: 'outlet' }>, id: string): void {
  const { draft, catalogue } = kit
  const { drawing } = draft.getState()
  const from = nodeOf(drawing, node)
  if (!from) return
  const by = outlet ?? nextOutlet(drawing, catalogue, node)
  const sizes = sizesNow(kit)
  const spot = spotOf(drawing, node)
  const count = catalogue.outlets(from)?.indexOf(by ?? '') ?? 0
  // Each outlet has a lane of its own below the one before.
  const wanted = at ?? {
    x: spot.x + (sizes.get(node)?.width ?? BOX.width) + GAP.x,
    y: spot.y + Math.max(0, count) * (BOX.height + GAP.y),
  }
  const inside = at ? parent : from.parent
  const free = freeSpot(drawing, wanted, inside, sizes)
  change(
    draft,
    'add',
    now => {
      const made = add(now, block, { id, at: free, parent: inside })
      return by === null ? made : connect(made, { id: makeId(), source: node, target: id, sourceHandle: by }, catalogue)
    },
    { select: [id] },
  )
}

/** The middle of what is in sight. */
export function middle({ view, draft }: Kit): Spot {
  const pane = typeof document === 'undefined' ? null : document.querySelector('.react-flow')
  if (!view.current || !pane) return below(draft.getState().drawing)
  const { left, top, width, height } = pane.getBoundingClientRect()
  const { x, y } = view.current.screenToFlowPosition({ x: left + width / 2, y: top + height / 2 })
  return { x: x - BOX.width / 2, y: y - BOX.height / 2 }
}

/** Under everything that is there. */
const below = ({ layout }: Drawing): Spot => ({
  x: 0,
  y: Math.max(-128, ...Object.values(layout.nodes).map(spot => spot.y)) + 128,
})

/** Drops a block on the canvas: into the frame that lies there. */
export function drop(kit: Kit, block: Block, at: Spot): void {
  const { drawing } = kit.draft.getState()
  const parent =
    block.start === null
      ? frameAt(drawing, { x: at.x + BOX.width / 2, y: at.y + BOX.height / 2 }, sizesNow(kit), kit.catalogue, new Set())
      : undefined
  place(kit, block, { to: 'spot', at: within(drawing, at, parent), parent })
}

/** A place on the canvas as it is seen from a frame. */
export function within(drawing: Drawing, at: Spot, parent: string | undefined): Spot {
  if (parent === undefined) return at
  let { x, y } = at
  for (let up: string | undefined = parent; up !== undefined; up = nodeOf(drawing, up)?.parent) {
    const spot = spotOf(drawing, up)
    x -= spot.x
    y -= spot.y
  }
  return inFrame({ x, y })
}

/** Connects two nodes, or tells why that cannot be. */
export function join(kit: Kit, wanted: Wanted): boolean {
  const { draft, catalogue } = kit
  const why = refuses(draft.getState().drawing, wanted, catalogue)
  if (why) kit.refuse(why)
  else change(draft, 'connect', now => connect(now, { ...wanted, id: makeId() }, catalogue))
  return why === null
}

/** Selects a node and brings it into sight. */
export function show({ draft, view }: Kit, id: string): void {
  choose(draft, [id])
  const node = view.current?.getInternalNode(id)
  if (!node || !view.current) return
  const { x, y } = node.internals.positionAbsolute
  const { zoom } = view.current.getViewport()
  void view.current.setCenter(x + (node.width ?? BOX.width) / 2, y + (node.height ?? BOX.height) / 2, {
    zoom: Math.max(zoom, 0.6),
    duration: 0,
  })
}
