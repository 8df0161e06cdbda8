import { nudge } from './actions/move.ts'
import { step, type Way } from './actions/step.ts'
import { change, choose } from './draft.ts'
import type { Kit } from './kit.ts'
import { show } from './kit.ts'

/** One dot of the ground. */
export const GRID = 16
const BY = { left: { x: -GRID, y: 0 }, right: { x: GRID, y: 0 }, up: { x: 0, y: -GRID }, down: { x: 0, y: GRID } }

/** Goes from node to node along the edges, or pushes what is selected. */
export function steer(kit: Kit, way: Way, push: boolean): void {
  const { draft } = kit
  const { drawing, selected } = draft.getState()
  if (push) {
    change(draft, 'move', now => nudge(now, selected, BY[way]), { run: `push ${[...selected].join(' ')}` })
    return
  }
  const from = drawing.nodes.find(node => selected.has(node.id))
  const to = from ? step(drawing, from.id, way) : drawing.nodes[0]?.id
  if (to == null) return
  if (kit.view.current) show(kit, to)
  else choose(draft, [to])
  focusNode(to)
}

/** Gives a node the focus, once it is drawn. */
export function focusNode(id: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })
  })
}

/** Brings a node into sight and gives it the focus. */
export function steerTo(kit: Kit, id: string): void {
  requestAnimationFrame(() => {
    show(kit, id)
    focusNode(id)
  })
}
