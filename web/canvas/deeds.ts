import { toClipboard } from '../ui/clipboard.ts'
import { group } from './actions/group.ts'
import { duplicate } from './actions/paste.ts'
import { canClose, remove } from './actions/remove.ts'
import { copied } from './clipboard.ts'
import { change, choose, undo } from './draft.ts'
import { makeId } from './drawing.ts'
import { type Kit, lonely } from './kit.ts'

/** The nodes that are selected. */
export const selectedNodes = ({ draft }: Kit): Set<string> => {
  const { drawing, selected } = draft.getState()
  return new Set(drawing.nodes.filter(node => selected.has(node.id)).map(node => node.id))
}
/** Is anything selected? */
export const some = ({ draft }: Kit) => draft.getState().selected.size > 0
/** Is a node selected? */
export const someNodes = (kit: Kit) => selectedNodes(kit).size > 0
/** Are several nodes selected? */
export const many = (kit: Kit) => selectedNodes(kit).size > 1
/** Is one node selected, alone? */
export const one = (kit: Kit) => lonely(kit) !== null

/** Deletes what is selected; where a row loses a node, offers to close it. */
export function takeAway(kit: Kit, close: boolean): void {
  const { draft, board } = kit
  const { drawing, selected } = draft.getState()
  const offers = !close && canClose(drawing, selected)
  const count = selectedNodes(kit).size
  change(draft, 'delete', now => remove(now, selected, { close, edgeId: makeId }), { select: [] })
  const left = draft.getState().drawing
  if (!offers || left === drawing) return
  board.setState({
    offer: {
      count,
      close() {
        board.setState({ offer: null })
        if (draft.getState().drawing !== left) return
        undo(draft)
        change(draft, 'delete', now => remove(now, selected, { close: true, edgeId: makeId }), { select: [] })
      },
    },
  })
}

/** Puts what is selected on the clipboard; answers whether anything was. */
export function putOut(kit: Kit): boolean {
  const text = copied(kit)
  if (text !== null) void toClipboard(text)
  return text !== null
}

/** Copies what is selected to beside itself. */
export function copyBeside({ draft, catalogue }: Kit): void {
  const { drawing, selected } = draft.getState()
  const done = duplicate(drawing, selected, makeId, catalogue)
  change(draft, 'duplicate', () => done.drawing, { select: done.ids })
}

/** Selects all there is. */
export function everything({ draft }: Kit): void {
  const { nodes, edges, layout } = draft.getState().drawing
  const notes = layout.notes.flatMap(note => (typeof note === 'object' && note && 'id' in note ? [String(note.id)] : []))
  choose(draft, [...nodes.map(node => node.id), ...edges.map(edge => edge.id), ...notes])
}

/** Draws the selected nodes together. */
export function gather(kit: Kit): void {
  const id = makeId()
  change(kit.draft, 'group', now => group(now, selectedNodes(kit), { id, title: '' }), { select: [id] })
}
