import { makeKey } from './actions/keys.ts'
import type { Block } from './catalogue.ts'
import type { DrawnNode } from './drawing.ts'

/** What a node is called on the canvas: its name; without one the title of its block while its key still comes from that, else its key. */
export function calledBy(node: Pick<DrawnNode, 'name' | 'key' | 'block'>, block: Pick<Block, 'title'> | null): string {
  const name = node.name?.trim()
  if (name) return name
  if (!block) return node.key
  const stem = stemOf(block.title)
  const rest = node.key.startsWith(stem) ? node.key.slice(stem.length) : null
  if (rest === '') return block.title
  return rest !== null && /^\d+$/.test(rest) ? `${block.title} ${rest}` : node.key
}

const stems = new Map<string, string>()

function stemOf(title: string): string {
  const known = stems.get(title) ?? makeKey(title, new Set())
  stems.set(title, known)
  return known
}
