import { MOST_NODES } from '#engine/check.ts'
import { clipText, copy, readClip } from './actions/clip.ts'
import { groupsOf } from './actions/notes.ts'
import { type Place, paste } from './actions/paste.ts'
import { change } from './draft.ts'
import { makeId, nodeOf } from './drawing.ts'
import { type Kit, lonely } from './kit.ts'

/** What was copied last, for browsers that do not let a page read the clipboard. */
let last: string | null = null

/** What is selected as text; null where nothing is. */
export function copied({ draft }: Pick<Kit, 'draft'>): string | null {
  const { drawing, selected } = draft.getState()
  const grouped = groupsOf(drawing).filter(group => selected.has(group.id))
  const clip = copy(drawing, new Set([...selected, ...grouped.flatMap(group => group.nodes)]))
  if (clip.nodes.length === 0 && clip.notes.length === 0) return null
  last = clipText(clip)
  return last
}

/** Puts a text into the drawing, when it is a drawing; into the container that is selected, or beside what is. Answers whether it was one. */
export function pasteText(kit: Kit, text: string, place: Place = {}): boolean {
  const { draft, catalogue } = kit
  const clip = readClip(text, block => catalogue.of({ block, version: 0 })?.version ?? 1)
  if (!clip) return false
  const { drawing } = draft.getState()
  if (drawing.nodes.length + clip.nodes.length > MOST_NODES) {
    kit.refuse('too_many')
    return true
  }
  const id = lonely(kit)
  const node = id === null ? undefined : nodeOf(drawing, id)
  const inside = node && catalogue.isContainer(node) && !clip.nodes.some(one => one.id === node.id) ? node.id : node?.parent
  const where = place.at || inside === undefined ? place : { ...place, parent: inside, at: { x: 48, y: 72 } }
  const done = paste(drawing, clip, makeId, catalogue, where)
  change(draft, 'paste', now => (now === drawing ? done.drawing : paste(now, clip, makeId, catalogue, where).drawing), {
    select: done.ids,
  })
  return true
}

/** Pastes what the clipboard has, or where it may not be read, what was copied here last. */
export async function pasteAny(kit: Kit, place: Place = {}): Promise<boolean> {
  const text = await navigator.clipboard?.readText().catch(() => last)
  return pasteText(kit, text ?? last ?? '', place)
}
