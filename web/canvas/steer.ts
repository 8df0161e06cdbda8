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

/** A new node is drawn some frames later, and a dialog that closes gives the focus back before. */
const FRAMES = 8

/** Gives a node the focus, on the canvas or in the outline, as soon as it is drawn; not any more once somebody goes on. */
export function focusNode(id: string): void {
  const stop = new AbortController()
  const go = (event: Event) => event.isTrusted && stop.abort()
  addEventListener('keydown', go, { capture: true, signal: stop.signal })
  addEventListener('pointerdown', go, { capture: true, signal: stop.signal })
  const name = CSS.escape(id)
  const look = (left: number) => {
    if (stop.signal.aborted) return
    const box = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${name}"], [data-node="${name}"]`)
    if (!box?.contains(document.activeElement)) box?.focus({ preventScroll: true })
    if (box?.role === 'treeitem') box.scrollIntoView({ block: 'nearest' })
    if (left > 0) requestAnimationFrame(() => look(left - 1))
    else stop.abort()
  }
  requestAnimationFrame(() => look(FRAMES))
}

/** Brings a node into sight and gives it the focus. */
export function steerTo(kit: Kit, id: string): void {
  requestAnimationFrame(() => {
    show(kit, id)
    focusNode(id)
  })
}
