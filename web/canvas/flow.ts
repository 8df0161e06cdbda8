import type { Edge, Node, NodeHandle } from '@xyflow/react'
import type { Problem } from '#engine/check.ts'
import { BOX, type Size } from '#engine/layout.ts'
import { type Group, groupsOf, type Note, notesOf } from './actions/notes.ts'
import type { Block, Catalogue } from './catalogue.ts'
import { type Drawing, type DrawnNode, outletOf, placeOf, type Spot, spotOf } from './drawing.ts'
import { inletAt, outletAt, outletsIn, sizesIn } from './geometry.ts'
import { calledBy } from './names.ts'
import type { NodeState, States } from './states.ts'

/** What a card or frame shows. */
export type CardData = {
  node: DrawnNode
  block: Block | null
  name: string
  outlets: readonly string[]
  /** Outlets that nothing follows. */
  open: readonly string[]
  problems: readonly Problem[]
  state: NodeState | null
  hasInlet: boolean
}
/** A box on the canvas. */
export type FlowNode =
  | Node<CardData, 'card'>
  | Node<CardData, 'frame'>
  | Node<{ note: Note }, 'note'>
  | Node<{ group: Group }, 'group'>
/** A line on the canvas. */
export type FlowEdge = Edge<{ label: string | null; taken: boolean; live: boolean }, 'wire'>

/** What the boxes and lines are made of. */
export type Shown = {
  drawing: Drawing
  catalogue: Catalogue
  selected: ReadonlySet<string>
  states: States | undefined
  problems: readonly Problem[]
  /** What a node is called when it is read out. */
  label: (data: CardData) => string
}

const NONE: readonly Problem[] = []
const byNode = (problems: readonly Problem[]): Map<string | null, Problem[]> => Map.groupBy(problems, one => one.node)

/** Makes boxes and lines again and again; what has not changed stays the same object, so that it is not drawn anew. */
export function makeFlow() {
  const kept = new Map<string, { parts: readonly unknown[]; made: unknown }>()
  const same = <T>(id: string, parts: readonly unknown[], make: () => T): T => {
    const known = kept.get(id)
    // What is kept under an id was made by the same caller.
    if (known && known.parts.length === parts.length && known.parts.every((one, at) => Object.is(one, parts[at])))
      return known.made as T
    const made = make()
    kept.set(id, { parts, made })
    return made
  }
  let measured: {
    drawing: Drawing
    catalogue: Catalogue
    outlets: Map<string, readonly string[]>
    sizes: Map<string, Size>
  } | null = null
  const measure = (drawing: Drawing, catalogue: Catalogue) => {
    const isKnown =
      measured?.drawing.nodes === drawing.nodes &&
      measured.drawing.edges === drawing.edges &&
      measured.drawing.layout === drawing.layout
    if (measured && isKnown && measured.catalogue === catalogue) return measured
    const outlets = outletsIn(drawing, catalogue)
    measured = { drawing, catalogue, outlets, sizes: sizesIn(drawing, catalogue, outlets) }
    return measured
  }
  return {
    /** How large each node is drawn. */
    sizes: (drawing: Drawing, catalogue: Catalogue): ReadonlyMap<string, Size> => measure(drawing, catalogue).sizes,
    nodes({ drawing, catalogue, selected, states, problems, label }: Shown): FlowNode[] {
      const { outlets, sizes } = measure(drawing, catalogue)
      const wrong = byNode(problems)
      const used = new Map<string, Set<string>>()
      for (const edge of drawing.edges) used.set(edge.source, (used.get(edge.source) ?? new Set()).add(outletOf(edge)))
      const lonely = lonelyOf(selected)
      const holders = new Set(drawing.nodes.map(node => node.parent))
      const cards = inOrder(drawing.nodes).map(node => {
        const block = catalogue.of(node)
        const isFrame = catalogue.isContainer(node) || holders.has(node.id)
        const own = outlets.get(node.id) ?? ['main']
        const open = own.filter(name => !used.get(node.id)?.has(name))
        const spot = spotOf(drawing, node.id)
        const size = sizes.get(node.id) ?? BOX
        const found = wrong.get(node.id) ?? NONE
        const state = states?.get(node.id) ?? null
        const first = lonely === null ? drawing.nodes[0]?.id === node.id : lonely === node.id
        const texts = [own.join('\n'), open.join('\n'), found.map(one => one.message).join('\n')]
        const parts = [
          node,
          block,
          spot.x,
          spot.y,
          size.width,
          size.height,
          selected.has(node.id),
          state,
          isFrame,
          first,
          label,
          ...texts,
        ]
        return same<FlowNode>(node.id, parts, () => {
          const hasInlet = block?.start == null
          const data = { node, block, name: calledBy(node, block), outlets: own, open, problems: found, state, hasInlet }
          return {
            id: node.id,
            type: isFrame ? 'frame' : 'card',
            data,
            position: { x: spot.x, y: spot.y },
            ...size,
            handles: handlesOf(own, size, isFrame, hasInlet),
            selected: selected.has(node.id),
            ariaLabel: label(data),
            domAttributes: { tabIndex: first ? 0 : -1 },
            ...(node.parent === undefined ? {} : { parentId: node.parent }),
          }
        })
      })
      return [...groupNodes(drawing, sizes, selected, same), ...noteNodes(drawing, selected, same), ...cards]
    },
    edges({ drawing, selected, states }: Pick<Shown, 'drawing' | 'selected' | 'states'>): FlowEdge[] {
      const known = new Set(drawing.nodes.map(node => node.id))
      return drawing.edges
        .filter(edge => known.has(edge.source) && known.has(edge.target))
        .map(edge => {
          const outlet = outletOf(edge)
          const from = states?.get(edge.source)
          const taken = from?.left?.includes(outlet) ?? false
          const live = taken && states?.get(edge.target)?.is === 'running'
          return same(`edge ${edge.id}`, [edge, selected.has(edge.id), taken, live], () => ({
            id: edge.id,
            type: 'wire' as const,
            source: edge.source,
            target: edge.target,
            sourceHandle: outlet,
            targetHandle: 'in',
            selected: selected.has(edge.id),
            data: { label: outlet === 'main' ? null : outlet, taken, live },
          }))
        })
    },
  }
}

type Same = <T>(id: string, parts: readonly unknown[], make: () => T) => T

/** The one node that is selected, where it is one. */
const lonelyOf = (selected: ReadonlySet<string>): string | null => (selected.size === 1 ? ([...selected][0] ?? null) : null)

/** Containers stand before what they hold. */
function inOrder(nodes: readonly DrawnNode[]): DrawnNode[] {
  if (nodes.every(node => node.parent === undefined)) return [...nodes]
  const known = new Set(nodes.map(node => node.id))
  const held = Map.groupBy(nodes, node => (node.parent !== undefined && known.has(node.parent) ? node.parent : null))
  const order: DrawnNode[] = [...(held.get(null) ?? [])]
  for (const node of order) order.push(...(held.get(node.id) ?? []))
  return order
}

function handlesOf(outlets: readonly string[], { width }: Size, isFrame: boolean, hasInlet: boolean): NodeHandle[] {
  const out = outlets.map((id, at) => handle('source', id, width, outletAt(at, outlets.length, isFrame)))
  return hasInlet ? [handle('target', 'in', 0, inletAt(isFrame)), ...out] : out
}

/** Half of a handle, which stands across the border of its card. */
const HALF = 6

const handle = (type: 'source' | 'target', id: string, x: number, y: number): NodeHandle => ({
  id,
  type,
  // The words of the canvas library; importing its list of them would draw it into pure code.
  position: (type === 'source' ? 'right' : 'left') as NodeHandle['position'],
  x: x - HALF,
  y: y - HALF,
  width: 2 * HALF,
  height: 2 * HALF,
})

function noteNodes(drawing: Drawing, selected: ReadonlySet<string>, same: Same): FlowNode[] {
  return notesOf(drawing).map(note =>
    same<FlowNode>(`note ${note.id}`, [note, selected.has(note.id)], () => ({
      id: note.id,
      type: 'note',
      data: { note },
      position: { x: note.x, y: note.y },
      width: note.width,
      height: note.height,
      zIndex: -1,
      selected: selected.has(note.id),
      domAttributes: { tabIndex: -1 },
    })),
  )
}

/** Room around the nodes of a group. */
const AROUND = { side: 20, top: 44 }

/** A group is drawn around its nodes, wherever they stand. */
export function groupBox(drawing: Drawing, group: Group, sizes: ReadonlyMap<string, Size>): (Spot & Size) | null {
  const ids = new Set(group.nodes)
  const boxes = drawing.nodes
    .filter(node => ids.has(node.id))
    .map(node => ({ ...placeOf(drawing, node.id), ...(sizes.get(node.id) ?? BOX) }))
  if (boxes.length === 0) return null
  const left = Math.min(...boxes.map(box => box.x)) - AROUND.side
  const top = Math.min(...boxes.map(box => box.y)) - AROUND.top
  const right = Math.max(...boxes.map(box => box.x + box.width)) + AROUND.side
  const bottom = Math.max(...boxes.map(box => box.y + box.height)) + AROUND.side
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function groupNodes(drawing: Drawing, sizes: ReadonlyMap<string, Size>, selected: ReadonlySet<string>, same: Same): FlowNode[] {
  return groupsOf(drawing).flatMap(group => {
    const box = groupBox(drawing, group, sizes)
    if (!box) return []
    const { x, y, width, height } = box
    return same<FlowNode>(`group ${group.id}`, [group, x, y, width, height, selected.has(group.id)], () => ({
      id: group.id,
      type: 'group',
      data: { group },
      position: { x, y },
      width,
      height,
      zIndex: -2,
      selected: selected.has(group.id),
      domAttributes: { tabIndex: -1 },
    }))
  })
}
