import type { NodeChange } from '@xyflow/react'
import { useRef, useState } from 'react'
import type { Size } from '#engine/layout.ts'
import { enter, mayEnter, move, nudge } from './actions/move.ts'
import { changeNote, notesOf } from './actions/notes.ts'
import { change } from './draft.ts'
import { type Drawing, makeId, nodeOf, placed, placeOf, type Spot, spotOf } from './drawing.ts'
import { type FlowNode, groupBox } from './flow.ts'
import { frameAt, inFrame } from './geometry.ts'
import { type Kit, sizesNow } from './kit.ts'

/** Boxes on the move, and the frame they would fall into. Only when they are let go the drawing changes, in one step. */
export type Live = { boxes: ReadonlyMap<string, Partial<Spot & Size>>; over: string | undefined }
const STILL: Live = { boxes: new Map(), over: undefined }

/** Moving and resizing by the pointer. */
export function useDrag(kit: Kit) {
  const [live, setLive] = useState(STILL)
  const from = useRef<Drawing | null>(null)

  const take = (changes: readonly NodeChange<FlowNode>[]) => {
    const boxes = new Map(live.boxes)
    let ended: string | null = null
    let touched = false
    for (const one of changes) {
      // While nodes are dragged `drag` is told of all of them at once; a corner that is pulled moves the box too.
      if (one.type === 'position' && one.position && one.dragging === undefined)
        boxes.set(one.id, { ...boxes.get(one.id), ...one.position })
      else if (one.type === 'dimensions' && one.resizing && one.dimensions)
        boxes.set(one.id, { ...boxes.get(one.id), ...one.dimensions })
      else if (one.type === 'dimensions' && one.resizing === false) ended = one.id
      else continue
      touched = true
    }
    if (ended !== null) resized(kit, ended, boxes.get(ended) ?? {})
    if (touched) setLive(ended === null ? { boxes, over: live.over } : STILL)
  }

  /** While nodes are dragged: what a group holds goes along, and the frame below lights up. */
  const drag = (nodes: readonly FlowNode[]) => {
    const { drawing } = kit.draft.getState()
    from.current ??= drawing
    const moving = new Set(nodes.map(node => node.id))
    const boxes = new Map(live.boxes)
    for (const node of nodes) boxes.set(node.id, { ...boxes.get(node.id), ...node.position })
    for (const [id, spot] of carried(kit, drawing, nodes)) boxes.set(id, spot)
    const [node] = nodes
    const over = nodes.length > 0 && node && isBox(node) ? target(kit, node, moving) : undefined
    setLive({ boxes, over: over !== undefined && nodeOf(drawing, node?.id ?? '')?.parent !== over ? over : undefined })
  }

  const stop = (nodes: readonly FlowNode[]) => {
    const began = from.current
    from.current = null
    setLive(STILL)
    if (began && nodes.length > 0) change(kit.draft, 'move', now => dropped(kit, now, nodes))
  }
  return { live, take, drag, stop }
}

const isBox = (node: FlowNode) => node.type === 'card' || node.type === 'frame'

/** The nodes of groups that are dragged by their frame, where they are now. */
function carried(kit: Kit, drawing: Drawing, nodes: readonly FlowNode[]): [string, Spot][] {
  const moving = new Set(nodes.map(node => node.id))
  return nodes.flatMap(node => {
    if (node.type !== 'group') return []
    const by = shiftOf(kit, drawing, node)
    return node.data.group.nodes
      .filter(id => !moving.has(id) && nodeOf(drawing, id))
      .map((id): [string, Spot] => [id, { x: spotOf(drawing, id).x + by.x, y: spotOf(drawing, id).y + by.y }])
  })
}

/** How far a group has been dragged: its frame stands around its nodes, so where it began is known by them. */
function shiftOf(kit: Kit, drawing: Drawing, node: Extract<FlowNode, { type?: 'group' }>): Spot {
  const box = groupBox(drawing, node.data.group, sizesNow(kit)) ?? node.position
  return { x: node.position.x - box.x, y: node.position.y - box.y }
}

/** The frame under the middle of a node that is dragged. */
function target(kit: Kit, node: FlowNode, moving: ReadonlySet<string>): string | undefined {
  const { drawing } = kit.draft.getState()
  const parent = nodeOf(drawing, node.id)?.parent
  const origin = parent === undefined ? { x: 0, y: 0 } : placeOf(drawing, parent)
  const at = { x: origin.x + node.position.x + (node.width ?? 0) / 2, y: origin.y + node.position.y + (node.height ?? 0) / 2 }
  return frameAt(drawing, at, sizesNow(kit), kit.catalogue, moving)
}

/** The drawing after nodes were let go: at their new places, and in the frames they fell into. */
function dropped(kit: Kit, drawing: Drawing, nodes: readonly FlowNode[]): Drawing {
  const moving = new Set(nodes.map(node => node.id))
  const boxes = nodes.filter(isBox)
  const fell = boxes
    .filter(node => nodeOf(drawing, node.id))
    .map(node => ({ node, into: target(kit, node, moving), parent: nodeOf(drawing, node.id)?.parent }))
    // What stands in a container that is dragged too stays in it.
    .filter(({ parent }) => parent === undefined || !moving.has(parent))
  let next = move(
    drawing,
    boxes.map(node => [node.id, node.position] as const),
  )
  for (const node of nodes) {
    if (node.type === 'note') next = changeNote(next, node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) })
    if (node.type === 'group')
      next = nudge(next, new Set(node.data.group.nodes.filter(id => !moving.has(id))), shiftOf(kit, drawing, node))
  }
  for (const { node, into, parent } of fell) {
    if (into === parent || !mayEnter(next, node.id, into, kit.catalogue)) continue
    const together = new Set(fell.filter(one => one.into === into && one.parent === parent).map(one => one.node.id))
    next = enter(next, together, into, kit.catalogue, makeId)
  }
  // In a frame nothing stands under its title or beyond its corner.
  const inside = fell
    .filter(({ into }) => into !== undefined)
    .map(({ node }) => [node.id, inFrame(spotOf(next, node.id))] as const)
  return move(next, inside)
}

/** A frame or note has another size. */
function resized(kit: Kit, id: string, box: Partial<Spot & Size>): void {
  const whole = Object.fromEntries(Object.entries(box).map(([name, value]) => [name, Math.round(value)]))
  change(kit.draft, 'resize', now => {
    if (notesOf(now).some(note => note.id === id)) return changeNote(now, id, whole)
    return nodeOf(now, id) ? placed(now, [[id, { ...spotOf(now, id), ...whole }]]) : now
  })
}
