import type { Block } from '../catalogue.ts'
import { type Drawing, placed, type Spot } from '../drawing.ts'
import { defaultsOf } from './defaults.ts'
import { keysOf, makeKey } from './keys.ts'

/** Where a new node stands, and what its id is. */
export type NewNode = { id: string; at: Spot; parent?: string | undefined }

/** A new node of a block. A trigger never stands in a container. */
export function add(drawing: Drawing, block: Block, { id, at, parent }: NewNode): Drawing {
  const node = {
    id,
    key: makeKey(block.title, keysOf(drawing)),
    block: block.id,
    version: block.version,
    params: defaultsOf(block),
    ...(parent !== undefined && block.start === null ? { parent } : {}),
  }
  return placed({ ...drawing, nodes: [...drawing.nodes, node] }, [[id, rounded(at)]])
}

/** Places are whole numbers: drawings that are compared then differ only where somebody moved something. */
export const rounded = ({ x, y }: Spot): Spot => ({ x: Math.round(x), y: Math.round(y) })
