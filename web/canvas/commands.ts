import { ALIGNMENTS, align } from './actions/align.ts'
import { arrange } from './actions/arrange.ts'
import { disable } from './actions/edit.ts'
import { ungroup } from './actions/group.ts'
import { addNote, groupsOf } from './actions/notes.ts'
import { pasteAny } from './clipboard.ts'
import { copyBeside, everything, gather, many, one, putOut, selectedNodes, some, someNodes, takeAway } from './deeds.ts'
import { change, choose, redo, undo } from './draft.ts'
import { makeId } from './drawing.ts'
import { type Kit, lonely, middle, sizesNow, usualAnchor } from './kit.ts'
import { steer } from './steer.ts'
import { showAll } from './view.ts'

/** Something one can do on the canvas: by keys, in menus and in the palette. Its words are `canvas.do.<id>`. */
export type Command = {
  id: CommandId
  group: 'edit' | 'select' | 'arrange' | 'view'
  /** Such as `mod+shift+z`; mod is Ctrl, or ⌘ on a Mac. The first is the one that is shown. */
  keys: readonly string[]
  /** It changes the drawing, so it is not there for those who only look. */
  edits: boolean
  /** Is there something it could be done with? */
  can?: (kit: Kit) => boolean
  /** The browser does it itself when the keys are pressed, and tells the page. */
  byBrowser?: boolean
  run: (kit: Kit) => void
}
/** The names of the commands. */
export type CommandId =
  | 'add'
  | 'note'
  | 'connect'
  | 'open'
  | 'rename'
  | 'disable'
  | 'duplicate'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'delete'
  | 'deleteClose'
  | 'undo'
  | 'redo'
  | 'all'
  | 'none'
  | 'group'
  | 'ungroup'
  | 'tidy'
  | 'fit'
  | 'zoomIn'
  | 'zoomOut'
  | 'find'
  | 'help'
  | `align.${(typeof ALIGNMENTS)[number]}`
  | `go.${'left' | 'right' | 'up' | 'down'}`
  | `push.${'left' | 'right' | 'up' | 'down'}`

/** Everything one can do, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  { id: 'add', group: 'edit', keys: ['a'], edits: true, run: kit => kit.board.setState({ picking: usualAnchor(kit) }) },
  {
    id: 'connect',
    group: 'edit',
    keys: ['c'],
    edits: true,
    can: one,
    run: kit => {
      const node = lonely(kit)
      if (node !== null) kit.board.setState({ connecting: { node, outlet: null } })
    },
  },
  {
    id: 'open',
    group: 'edit',
    keys: ['enter'],
    edits: false,
    can: one,
    run: kit => {
      const id = lonely(kit)
      if (id !== null) kit.opens(id)
    },
  },
  { id: 'rename', group: 'edit', keys: ['f2'], edits: true, can: one, run: kit => kit.board.setState({ renaming: lonely(kit) }) },
  {
    id: 'disable',
    group: 'edit',
    keys: ['d'],
    edits: true,
    can: someNodes,
    run: kit => change(kit.draft, 'disable', now => disable(now, selectedNodes(kit))),
  },
  { id: 'duplicate', group: 'edit', keys: ['mod+d'], edits: true, can: some, run: copyBeside },
  { id: 'copy', group: 'edit', keys: ['mod+c'], edits: false, can: some, byBrowser: true, run: kit => void putOut(kit) },
  {
    id: 'cut',
    group: 'edit',
    keys: ['mod+x'],
    edits: true,
    can: some,
    byBrowser: true,
    run: kit => {
      if (putOut(kit)) takeAway(kit, false)
    },
  },
  { id: 'paste', group: 'edit', keys: ['mod+v'], edits: true, byBrowser: true, run: kit => void pasteAny(kit) },
  { id: 'delete', group: 'edit', keys: ['delete', 'backspace'], edits: true, can: some, run: kit => takeAway(kit, false) },
  {
    id: 'deleteClose',
    group: 'edit',
    keys: ['shift+delete', 'shift+backspace'],
    edits: true,
    can: someNodes,
    run: kit => takeAway(kit, true),
  },
  {
    id: 'undo',
    group: 'edit',
    keys: ['mod+z'],
    edits: true,
    can: ({ draft }) => draft.getState().past.length > 0,
    run: ({ draft }) => undo(draft),
  },
  {
    id: 'redo',
    group: 'edit',
    keys: ['mod+shift+z', 'mod+y'],
    edits: true,
    can: ({ draft }) => draft.getState().future.length > 0,
    run: ({ draft }) => redo(draft),
  },
  { id: 'all', group: 'select', keys: ['mod+a'], edits: false, run: everything },
  { id: 'none', group: 'select', keys: ['escape'], edits: false, can: some, run: ({ draft }) => choose(draft, []) },
  ...(['right', 'left', 'up', 'down'] as const).map(
    (way): Command => ({
      id: `go.${way}`,
      group: 'select',
      keys: [`arrow${way}`],
      edits: false,
      run: kit => steer(kit, way, false),
    }),
  ),
  ...(['right', 'left', 'up', 'down'] as const).map(
    (way): Command => ({
      id: `push.${way}`,
      group: 'arrange',
      keys: [`shift+arrow${way}`],
      edits: true,
      can: some,
      run: kit => steer(kit, way, true),
    }),
  ),
  {
    id: 'tidy',
    group: 'arrange',
    keys: ['l'],
    edits: true,
    run: kit => {
      const sizes = sizesNow(kit)
      change(kit.draft, 'tidy', now => arrange(now, id => sizes.get(id)))
      requestAnimationFrame(() => kit.view.current && showAll(kit.view.current))
    },
  },
  { id: 'group', group: 'arrange', keys: ['mod+g'], edits: true, can: someNodes, run: gather },
  {
    id: 'ungroup',
    group: 'arrange',
    keys: ['mod+shift+g'],
    edits: true,
    can: ({ draft }) => {
      const { drawing, selected } = draft.getState()
      return groupsOf(drawing).some(it => selected.has(it.id) || it.nodes.some(id => selected.has(id)))
    },
    run: ({ draft }) => change(draft, 'ungroup', now => ungroup(now, draft.getState().selected)),
  },
  {
    id: 'note',
    group: 'arrange',
    keys: ['n'],
    edits: true,
    run: kit => {
      const id = makeId()
      change(kit.draft, 'note', now => addNote(now, id, middle(kit)), { select: [id] })
    },
  },
  ...ALIGNMENTS.map(
    (how): Command => ({
      id: `align.${how}`,
      group: 'arrange',
      keys: [],
      edits: true,
      can: many,
      run: kit => {
        const sizes = sizesNow(kit)
        change(kit.draft, 'align', now => align(now, selectedNodes(kit), how, id => sizes.get(id) ?? { width: 240, height: 80 }))
      },
    }),
  ),
  {
    id: 'fit',
    group: 'view',
    keys: ['f'],
    edits: false,
    run: ({ view }) => view.current && showAll(view.current),
  },
  { id: 'zoomIn', group: 'view', keys: ['+', '='], edits: false, run: ({ view }) => void view.current?.zoomIn({ duration: 0 }) },
  { id: 'zoomOut', group: 'view', keys: ['-'], edits: false, run: ({ view }) => void view.current?.zoomOut({ duration: 0 }) },
  { id: 'find', group: 'view', keys: ['mod+f', '/'], edits: false, run: ({ board }) => board.setState({ finding: true }) },
  { id: 'help', group: 'view', keys: ['?'], edits: false, run: ({ board }) => board.setState({ helping: true }) },
]
