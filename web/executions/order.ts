import type { Drawing, DrawnNode } from '../canvas/drawing.ts'

/** The nodes in the order in which they run: each behind what leads to it, and what stands in a container behind the container. */
export function orderOf({ nodes, edges }: Drawing): DrawnNode[] {
  const inside = Map.groupBy(nodes, node => node.parent)
  const ordered: DrawnNode[] = []
  const walk = (parent: string | undefined): void => {
    const here = inside.get(parent) ?? []
    const ids = new Set(here.map(({ id }) => id))
    const waits = new Map(
      here.map(({ id }) => [id, edges.filter(({ source, target }) => target === id && ids.has(source)).length]),
    )
    const left = new Set(here)
    while (left.size > 0) {
      const next = [...left].find(({ id }) => (waits.get(id) ?? 0) <= 0) ?? [...left][0]
      if (!next) return
      left.delete(next)
      ordered.push(next)
      for (const { source, target } of edges) if (source === next.id) waits.set(target, (waits.get(target) ?? 0) - 1)
      if (inside.has(next.id)) walk(next.id)
    }
  }
  walk(undefined)
  return ordered
}
