import type { DocumentNode, Traits } from '#engine/document.ts'
import type { Block, Connector, Credential } from './define.ts'
import { outletsOf } from './outlets.ts'

/** Every block there is, by its id and version. */
export type Library = {
  readonly connectors: readonly Connector[]
  /** Newest versions, in the order of the palette. */
  readonly blocks: readonly Block[]
  readonly credentials: ReadonlyMap<string, Credential>
  find(id: string, version: number): Block | undefined
  /** The newest version. */
  newest(id: string): Block | undefined
  traits(node: Pick<DocumentNode, 'block' | 'version' | 'params'>): Traits | null
}

/** Makes the library of these connectors. */
export function makeLibrary(connectors: readonly Connector[]): Library {
  const all = new Map<string, Block>()
  const newest = new Map<string, Block>()
  const credentials = new Map<string, Credential>()
  for (const connector of connectors) {
    for (const one of connector.credentials ?? []) credentials.set(one.id, one)
    for (const block of connector.blocks) {
      all.set(`${block.id} ${block.version}`, block)
      if ((newest.get(block.id)?.version ?? 0) < block.version) newest.set(block.id, block)
      for (const one of block.credentials ?? []) credentials.set(one.id, one)
    }
  }
  const find = (id: string, version: number) => all.get(`${id} ${version}`)
  return {
    connectors,
    blocks: [...newest.values()],
    credentials,
    find,
    newest: id => newest.get(id),
    traits({ block, version, params }) {
      const it = find(block, version)
      return it ? traitsOf(it, params) : null
    },
  }
}

function traitsOf({ outlets = ['main'], effect, loop, start }: Block, params: unknown): Traits {
  return {
    outlets: outletsOf(outlets, params),
    effect: typeof effect === 'function' ? effect(params) : effect,
    loop: loop ?? null,
    trigger: start !== undefined,
  }
}
