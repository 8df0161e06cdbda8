import type { z } from 'zod'
import { outletsOf } from '#sdk/outlets.ts'
import type { block } from '#workflows/catalogue/contract.ts'
import type { DrawnNode } from './drawing.ts'

/** What the server says of a kind of node. */
export type Block = z.output<typeof block.reply>

/** Finds blocks, and works out what a node with its parameters is like. */
export type Catalogue = {
  /** Newest versions, in the order of the palette. */
  readonly blocks: readonly Block[]
  /** The block of a node in its version, or as near to that as is known; null for a block that is not there any more. */
  of(node: Pick<DrawnNode, 'block' | 'version'>): Block | null
  /** Where edges can leave it, in the order they are shown; null where nobody knows. */
  outlets(node: Pick<DrawnNode, 'block' | 'version' | 'params' | 'onError'>): readonly string[] | null
  isContainer(node: Pick<DrawnNode, 'block' | 'version'>): boolean
  isTrigger(node: Pick<DrawnNode, 'block' | 'version'>): boolean
}

/** Makes a catalogue of these blocks, of which some may be there in several versions. */
export function makeCatalogue(blocks: readonly Block[]): Catalogue {
  const exact = new Map(blocks.map(one => [`${one.id} ${one.version}`, one]))
  const newest = new Map<string, Block>()
  for (const one of blocks) if ((newest.get(one.id)?.version ?? 0) < one.version) newest.set(one.id, one)
  const of: Catalogue['of'] = ({ block, version }) => exact.get(`${block} ${version}`) ?? newest.get(block) ?? null
  return {
    blocks: [...newest.values()],
    of,
    outlets(node) {
      const it = of(node)
      if (!it) return null
      const own = outletsOf(it.outlets ?? it.outletsBy ?? ['main'], node.params)
      return node.onError === 'route' ? [...own, 'error'] : own
    },
    isContainer: node => of(node)?.loop != null,
    isTrigger: node => of(node)?.start != null,
  }
}

/** The versions of blocks that a drawing uses and the catalogue does not have: read them with `GET /api/blocks/:block?version=`. */
export function missing(
  catalogue: Catalogue,
  nodes: readonly Pick<DrawnNode, 'block' | 'version'>[],
): { block: string; version: number }[] {
  const wanted = new Map<string, { block: string; version: number }>()
  for (const { block, version } of nodes) {
    const known = catalogue.of({ block, version })
    if (known && known.version !== version) wanted.set(`${block} ${version}`, { block, version })
  }
  return [...wanted.values()]
}
