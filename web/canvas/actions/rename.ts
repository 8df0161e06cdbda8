import type { Catalogue } from '../catalogue.ts'
import type { Drawing, DrawnNode } from '../drawing.ts'
import { nodeOf } from '../drawing.ts'
import { wrongKey } from './keys.ts'
import { followed } from './references.ts'

/** Gives a node another key. Whatever names it in a template follows; a key that it cannot have changes nothing. */
export function rekey(drawing: Drawing, id: string, key: string, catalogue: Catalogue): Drawing {
  const node = nodeOf(drawing, id)
  if (!node || node.key === key || wrongKey(drawing, id, key)) return drawing
  const keys = new Map([[node.key, key]])
  const nodes = drawing.nodes.map(one => {
    const read = followIn(one, keys, catalogue)
    return one.id === id ? { ...read, key } : read
  })
  return { ...drawing, nodes }
}

/** A node whose templates name other nodes by their new keys; the same object where there is nothing to change. */
export function followIn(node: DrawnNode, keys: ReadonlyMap<string, string>, catalogue: Catalogue): DrawnNode {
  const verbatim = new Set(catalogue.of(node)?.verbatim)
  const params = Object.fromEntries(
    Object.entries(node.params).map(([name, value]) => [name, verbatim.has(name) ? value : followed(value, keys)]),
  )
  return Object.entries(params).every(([name, value]) => node.params[name] === value) ? node : { ...node, params }
}

/** Gives a node another name to show, or with an empty one none of its own. */
export function rename(drawing: Drawing, id: string, name: string): Drawing {
  const wanted = name.trim().slice(0, 200)
  const node = nodeOf(drawing, id)
  if (!node || (node.name ?? '') === wanted) return drawing
  const { name: _before, ...rest } = node
  const next = wanted === '' ? rest : { ...rest, name: wanted }
  return { ...drawing, nodes: drawing.nodes.map(one => (one.id === id ? next : one)) }
}
