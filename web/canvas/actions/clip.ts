import { z } from 'zod'
import { GivenDocument, Node } from '#workflows/contract.ts'
import { type Drawing, type DrawnEdge, type DrawnNode, placeOf, spotOf, withInside } from '../drawing.ts'
import { type Note, notesOf } from './notes.ts'

const FORMAT = 'promptpilot.clip/1'
/** More than a workflow can be is no drawing. */
const LONGEST = 4_000_000

/** A part of a drawing that was copied, as it travels between tabs and through texts. */
export type Clip = {
  nodes: DrawnNode[]
  edges: DrawnEdge[]
  spots: Drawing['layout']['nodes']
  notes: Note[]
}

/** What is selected, with what stands in it and the edges between. Places are seen from the canvas where the container is left behind. */
export function copy(drawing: Drawing, ids: ReadonlySet<string>): Clip {
  const all = withInside(
    drawing,
    drawing.nodes.filter(node => ids.has(node.id)).map(node => node.id),
  )
  const nodes = drawing.nodes
    .filter(node => all.has(node.id))
    .map((node): DrawnNode => {
      if (node.parent === undefined || all.has(node.parent)) return node
      const { parent: _left, ...rest } = node
      return rest
    })
  const spots = nodes.map(({ id, parent }) => {
    const spot = parent === undefined ? placeOf(drawing, id) : spotOf(drawing, id)
    return [id, { ...drawing.layout.nodes[id], x: spot.x, y: spot.y }] as const
  })
  return {
    nodes,
    edges: drawing.edges.filter(edge => all.has(edge.source) && all.has(edge.target)),
    spots: Object.fromEntries(spots),
    notes: notesOf(drawing).filter(note => ids.has(note.id)),
  }
}

/** A clip as text; anybody can read it, and change it. */
export const clipText = (clip: Clip): string =>
  JSON.stringify(
    { format: FORMAT, nodes: clip.nodes, edges: clip.edges, layout: { nodes: clip.spots, notes: clip.notes, groups: [] } },
    null,
    2,
  )

const Pasted = z.looseObject({
  nodes: z
    .array(Node.extend({ version: Node.shape.version.optional() }))
    .min(1)
    .max(1000),
  edges: GivenDocument.shape.edges,
  layout: GivenDocument.shape.layout,
})
const OnlyNotes = z.looseObject({
  format: z.literal(FORMAT),
  nodes: z.array(z.never()).max(0),
  layout: GivenDocument.shape.layout,
})

/** Reads a clip, a workflow or an exported file from a text; null where it is none of them. */
export function readClip(text: string, newest: (block: string) => number): Clip | null {
  if (text.length > LONGEST || !text.trimStart().startsWith('{')) return null
  const value = json(text)
  const notes = OnlyNotes.safeParse(value)
  if (notes.success) return { nodes: [], edges: [], spots: {}, notes: read(notes.data.layout.notes) }
  const { data } = Pasted.safeParse(bare(value))
  if (!data) return null
  const ids = new Set(data.nodes.map(node => node.id))
  const edges = data.edges
    .filter(edge => ids.has(edge.source) && ids.has(edge.target))
    .map((edge, count) => ({ ...edge, id: edge.id ?? `e${count}` }))
  const nodes = data.nodes.map(node => ({ ...node, version: node.version ?? newest(node.block) }))
  return { nodes, edges, spots: data.layout.nodes, notes: read(data.layout.notes) }
}

const read = (notes: unknown[]): Note[] => [...notesOf({ layout: { nodes: {}, notes, groups: [] } })]

/** Exported files name credentials by kind and name; a credential of somewhere else is chosen anew here. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nodes' in value) || !Array.isArray(value.nodes)) return value
  return { ...value, nodes: value.nodes.map(unwanted) }
}

function unwanted(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !('credential' in node) || typeof node.credential === 'string') return node
  const { credential: _wanted, ...rest } = node
  return rest
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
