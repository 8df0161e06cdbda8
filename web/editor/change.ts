import { edit, type NodeChange } from '../canvas/actions/edit.ts'
import { rekey } from '../canvas/actions/rename.ts'
import type { Catalogue } from '../canvas/catalogue.ts'
import type { Drawing, DrawnNode } from '../canvas/drawing.ts'

const FIXED = new Set(['id', 'key', 'block', 'version', 'parent'])

/** The drawing with a node as the inspector has left it. Another key is followed by whatever names it. */
export function changed(drawing: Drawing, next: DrawnNode, catalogue: Catalogue): Drawing {
  const node = drawing.nodes.find(one => one.id === next.id)
  if (!node) return drawing
  const names = new Set([...Object.keys(node), ...Object.keys(next)].filter(name => !FIXED.has(name)))
  const to: NodeChange = Object.fromEntries([...names].map(name => [name, Reflect.get(next, name)]))
  const edited = edit(drawing, next.id, to, catalogue)
  return next.key === node.key ? edited : rekey(edited, next.id, next.key, catalogue)
}
