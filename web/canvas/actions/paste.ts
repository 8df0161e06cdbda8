import type { Catalogue } from '../catalogue.ts'
import type { Drawing, DrawnNode, MakeId, Spot } from '../drawing.ts'
import { rounded } from './add.ts'
import type { Clip } from './clip.ts'
import { copy } from './clip.ts'
import { keysOf, makeKey } from './keys.ts'
import { notesOf } from './notes.ts'
import { namesIn } from './references.ts'
import { followIn } from './rename.ts'

/** Where what is pasted comes to stand: its upper left corner, and the container. By default a little beside where it was. */
export type Place = { at?: Spot | undefined; parent?: string | undefined }

/** How far a copy stands from what it is a copy of. */
const BESIDE = 40

/** Puts a clip into the drawing, with ids and keys of its own; what names a node of the clip names the new one. Answers with the new ids too. */
export function paste(
  drawing: Drawing,
  clip: Clip,
  makeId: MakeId,
  catalogue: Catalogue,
  place: Place = {},
): { drawing: Drawing; ids: Set<string> } {
  const ids = new Map(clip.nodes.map(node => [node.id, makeId()]))
  // What the clip reads and does not have must not come to mean one of the new nodes.
  const strange = namesIn(clip.nodes.map(node => node.params)).difference(new Set(clip.nodes.map(node => node.key)))
  const taken = keysOf(drawing).union(strange)
  const keys = new Map<string, string>()
  const own: string[] = []
  for (const { key } of clip.nodes) {
    const next = makeKey(key, taken)
    taken.add(next)
    own.push(next)
    if (!keys.has(key)) keys.set(key, next)
  }
  const parentOf = (node: DrawnNode) => {
    if (node.parent !== undefined && ids.has(node.parent)) return ids.get(node.parent)
    return catalogue.isTrigger(node) ? undefined : place.parent
  }
  const nodes = clip.nodes.map((node, at) => {
    const { parent: _before, ...rest } = followIn(node, keys, catalogue)
    const parent = parentOf(node)
    return { ...rest, id: ids.get(node.id) ?? node.id, key: own[at] ?? node.key, ...(parent === undefined ? {} : { parent }) }
  })
  const edges = clip.edges.flatMap(edge => {
    const [source, target] = [ids.get(edge.source), ids.get(edge.target)]
    return source === undefined || target === undefined ? [] : [{ ...edge, id: makeId(), source, target }]
  })
  const by = shift(clip, place)
  const spots = clip.nodes.map(node => {
    const spot = clip.spots[node.id] ?? { x: 0, y: 0 }
    const inside = node.parent !== undefined && ids.has(node.parent)
    return [ids.get(node.id) ?? node.id, inside ? spot : { ...spot, ...rounded({ x: spot.x + by.x, y: spot.y + by.y }) }] as const
  })
  const notes = clip.notes.map(note => ({ ...note, id: makeId(), ...rounded({ x: note.x + by.x, y: note.y + by.y }) }))
  return {
    ids: new Set([...nodes.map(node => node.id), ...notes.map(note => note.id)]),
    drawing: {
      ...drawing,
      nodes: [...drawing.nodes, ...nodes],
      edges: [...drawing.edges, ...edges],
      layout: {
        ...drawing.layout,
        nodes: { ...drawing.layout.nodes, ...Object.fromEntries(spots) },
        notes: [...notesOf(drawing), ...notes],
      },
    },
  }
}

function shift(clip: Clip, { at }: Place): Spot {
  const inClip = new Set(clip.nodes.map(node => node.id))
  const outer = clip.nodes.filter(node => node.parent === undefined || !inClip.has(node.parent))
  const corners = [...outer.map(node => clip.spots[node.id] ?? { x: 0, y: 0 }), ...clip.notes]
  if (!at || corners.length === 0) return { x: BESIDE, y: BESIDE }
  return { x: at.x - Math.min(...corners.map(one => one.x)), y: at.y - Math.min(...corners.map(one => one.y)) }
}

/** Copies what is selected to beside itself, into the same container. */
export function duplicate(
  drawing: Drawing,
  ids: ReadonlySet<string>,
  makeId: MakeId,
  catalogue: Catalogue,
): { drawing: Drawing; ids: Set<string> } {
  let now = drawing
  const made = new Set<string>()
  const chosen = drawing.nodes.filter(node => ids.has(node.id) && !inChosen(drawing, node, ids))
  // Each container on its own, so that copies stand where their originals do.
  for (const [parent, nodes] of Map.groupBy(chosen, node => node.parent)) {
    const clip = copy(drawing, new Set(nodes.map(node => node.id)))
    const spots = Object.fromEntries(
      nodes.map(({ id }) => [id, { ...clip.spots[id], ...(drawing.layout.nodes[id] ?? { x: 0, y: 0 }) }]),
    )
    const done = paste(now, { ...clip, spots: { ...clip.spots, ...spots } }, makeId, catalogue, { parent })
    now = done.drawing
    for (const id of done.ids) made.add(id)
  }
  const notes = copy(
    drawing,
    new Set(
      notesOf(drawing)
        .filter(note => ids.has(note.id))
        .map(note => note.id),
    ),
  )
  if (notes.notes.length === 0) return { drawing: now, ids: made }
  const done = paste(now, notes, makeId, catalogue)
  return { drawing: done.drawing, ids: made.union(done.ids) }
}

function inChosen(drawing: Drawing, node: DrawnNode, ids: ReadonlySet<string>): boolean {
  const parents = new Map(drawing.nodes.map(one => [one.id, one.parent]))
  const seen = new Set<string>()
  for (let at = node.parent; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (ids.has(at)) return true
    seen.add(at)
  }
  return false
}
