import type { ReactFlowInstance } from '@xyflow/react'
import type { FlowEdge, FlowNode } from './flow.ts'
import type { Live } from './useDrag.ts'

/** Smaller than this nothing can be read: a large drawing is then shown from its beginning. */
const READABLE = 0.6
/** Further away one cannot go. */
export const SMALLEST = 0.05

type View = ReactFlowInstance<FlowNode, FlowEdge>

/** Shows all of a small drawing, and the beginning of a large one. */
export function openAt(view: View): void {
  const all = view.getNodes()
  const whole = wholeOf(view)
  if (!whole || whole.zoom >= READABLE) {
    showAll(view)
    return
  }
  const first = all.find(node => node.type === 'card' || node.type === 'frame') ?? all[0]
  const top = first ? first.position.y + 40 : 0
  void view.setViewport({ x: 48 - whole.x * READABLE, y: whole.pane.height / 2 - top * READABLE, zoom: READABLE })
}

/** Brings all there is into sight. The library's own way waits for the next change of a box. */
export function showAll(view: View): void {
  const whole = wholeOf(view)
  if (!whole) return
  const { x, y, width, height, zoom, pane } = whole
  void view.setViewport({ x: (pane.width - width * zoom) / 2 - x * zoom, y: (pane.height - height * zoom) / 2 - y * zoom, zoom })
}

function wholeOf(view: View) {
  const all = view.getNodes()
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect()
  if (all.length === 0 || !pane) return null
  const bounds = view.getNodesBounds(all)
  const zoom = Math.max(SMALLEST, Math.min(1, (pane.width * 0.86) / bounds.width, (pane.height * 0.8) / bounds.height))
  return { ...bounds, pane, zoom }
}

/** A box where it is while it is dragged or resized. */
export function moved(node: FlowNode, { boxes, over }: Live): FlowNode {
  const box = boxes.get(node.id)
  if (!box) return over === node.id ? { ...node, className: 'node-over' } : node
  const { x = node.position.x, y = node.position.y, width = node.width, height = node.height } = box
  return { ...node, position: { x, y }, ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) }
}

/** The selection after some more are selected and others no longer. */
export function after(selected: ReadonlySet<string>, picks: readonly { id: string; selected: boolean }[]): Set<string> {
  const next = new Set(selected)
  for (const one of picks) {
    if (one.selected) next.add(one.id)
    else next.delete(one.id)
  }
  return next
}
