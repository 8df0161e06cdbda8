import type { Node } from './spot.ts'

type Drawn = { nodes: readonly Node[]; edges: readonly { source: string; target: string }[] }

/** Who comes before whom. */
export type Order = {
  /** Has this node run, or been passed by, whenever that one runs? */
  isBefore(one: Node, other: Node): boolean
  /** The nodes whose output a node can read. */
  before(node: Node): Node[]
  /** Does it stand in a container, at any depth? */
  isInside(node: Node): boolean
}

/**
 * Finds out for every node what comes before it: what leads to it in its own container, and what leads to that container.
 * As sets of bits, for a thousand nodes have up to half a million such pairs.
 */
export function orderOf({ nodes, edges }: Drawn): Order {
  const place = new Map(nodes.map((node, at) => [node.id, at]))
  const words = Math.ceil(nodes.length / 32)
  const own = nodes.map(() => new Uint32Array(words))
  const next = nodes.map((): number[] => [])
  const left = nodes.map(() => 0)
  for (const { source, target } of edges) {
    const [from, to] = [place.get(source), place.get(target)]
    if (from === undefined || to === undefined || nodes[from]?.parent !== nodes[to]?.parent) continue
    next[from]?.push(to)
    left[to] = (left[to] ?? 0) + 1
  }
  const ready = nodes.flatMap((_, at) => (left[at] === 0 ? [at] : []))
  for (const at of ready)
    for (const to of next[at] ?? []) {
      merge(own[to], own[at])
      mark(own[to], at)
      left[to] = (left[to] ?? 0) - 1
      if (left[to] === 0) ready.push(to)
    }
  const whole = new Map<number, Uint32Array>()
  const allOf = (at: number): Uint32Array => {
    const known = whole.get(at)
    if (known) return known
    const bits = own[at]?.slice() ?? new Uint32Array(words)
    whole.set(at, bits)
    const parent = place.get(nodes[at]?.parent ?? '')
    if (parent !== undefined) merge(bits, allOf(parent))
    return bits
  }
  const bitsOf = (node: Node) => allOf(place.get(node.id) ?? -1)
  return {
    isBefore: (one, other) => has(bitsOf(other), place.get(one.id) ?? -1),
    before: node => nodes.filter((_, at) => has(bitsOf(node), at)),
    isInside: node => node.parent !== undefined,
  }
}

function merge(into: Uint32Array | undefined, from: Uint32Array | undefined): void {
  if (into && from) for (let at = 0; at < into.length; at += 1) into[at] = (into[at] ?? 0) | (from[at] ?? 0)
}

function mark(bits: Uint32Array | undefined, at: number): void {
  if (bits) bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31))
}

const has = (bits: Uint32Array, at: number) => at >= 0 && ((bits[at >> 5] ?? 0) & (1 << (at & 31))) !== 0
