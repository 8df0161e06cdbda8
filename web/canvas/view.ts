import type { ReactFlowInstance } from '@xyflow/react'
import type { FlowEdge, FlowNode } from './flow.ts'
import type { Live } from './useDrag.ts'

/** Smaller than this nothing can be read: a large drawing is then shown from its beginning. */
const READABLE = 0.6

/** Shows all of a small drawing, and the beginning of a large one. */
export function openAt(view: ReactFlowInstance<FlowNode, FlowEdge>): void {
  const all = view.getNodes()
  if (all.length === 0) return
  const { x, y, width, height } = view.getNodesBounds(all)
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect() ?? { width: 800, height: 600 }
  const zoom = Math.min(1, (pane.width * 0.86) / width, (pane.height * 0.8) / height)
  if (zoom >= READABLE)
    void view.setViewport({
      x: (pane.width - width * zoom) / 2 - x * zoom,
      y: (pane.height - height * zoom) / 2 - y * zoom,
      zoom,
    })
  else {
    const first = all.find(node => node.type === 'card' || node.type === 'frame') ?? all[0]
    const top = first ? first.position.y + 40 : y
    void view.setViewport({ x: 48 - x * READABLE, y: pane.height / 2 - top * READABLE, zoom: READABLE })
  }
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
