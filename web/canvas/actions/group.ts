import type { Drawing } from '../drawing.ts'
import { type Group, groupsOf } from './notes.ts'

const withGroups = (drawing: Drawing, groups: readonly Group[]): Drawing => ({
  ...drawing,
  layout: { ...drawing.layout, groups: [...groups] },
})

/** Draws nodes of one container together. A node is in one group at most; a group that loses its last one is gone. */
export function group(drawing: Drawing, ids: ReadonlySet<string>, made: { id: string; title: string }): Drawing {
  const first = drawing.nodes.find(node => ids.has(node.id))
  const nodes = drawing.nodes.filter(node => ids.has(node.id) && node.parent === first?.parent).map(node => node.id)
  if (nodes.length === 0) return drawing
  const others = groupsOf(drawing)
    .map(one => ({ ...one, nodes: one.nodes.filter(id => !nodes.includes(id)) }))
    .filter(one => one.nodes.length > 0)
  return withGroups(drawing, [...others, { ...made, color: 'blue', nodes }])
}

/** Lets nodes go again; they stay where they are. */
export function ungroup(drawing: Drawing, ids: ReadonlySet<string>): Drawing {
  const groups = groupsOf(drawing)
  const kept = groups.filter(one => !ids.has(one.id) && !one.nodes.some(id => ids.has(id)))
  return kept.length === groups.length ? drawing : withGroups(drawing, kept)
}

/** Changes the title or colour of a group. */
export function changeGroup(drawing: Drawing, id: string, to: Partial<Pick<Group, 'title' | 'color'>>): Drawing {
  return withGroups(
    drawing,
    groupsOf(drawing).map(one => (one.id === id ? { ...one, ...to } : one)),
  )
}
