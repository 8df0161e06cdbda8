import type { Drawing, DrawnNode } from './drawing.ts'
import { outletOf, spotOf } from './drawing.ts'

/** A line of the outline: a node, how deep it stands, and by which outlet it is reached. */
export type Line = {
  id: string
  /** Its own among all lines. */
  key: string
  depth: number
  /** The outlet that leads to it from the line above it belongs under; null where nothing does. */
  by: string | null
  /** Where several ways come together it stands once; elsewhere a pointer to it. */
  again: boolean
  /** Does it hold the lines below that stand deeper? */
  holds: boolean
}

/**
 * The drawing as a list one can read from above: along the edges, what follows in a row on the same level, branches one deeper under the
 * name of their outlet, and what stands in a container under it.
 */
export function outlineOf(drawing: Drawing): Line[] {
  const edges = Map.groupBy(drawing.edges, edge => edge.source)
  const led = new Set(drawing.edges.map(edge => edge.target))
  const held = Map.groupBy(drawing.nodes, node => node.parent)
  const known = new Map(drawing.nodes.map(node => [node.id, node]))
  const lines: Line[] = []
  const seen = new Set<string>()
  const inOrder = (nodes: readonly DrawnNode[]) =>
    nodes.toSorted(
      (a, b) => spotOf(drawing, a.id).y - spotOf(drawing, b.id).y || spotOf(drawing, a.id).x - spotOf(drawing, b.id).x,
    )

  type Task = { id: string; depth: number; by: string | null }
  const walk = (first: Task) => {
    // A list of its own instead of calls within calls: a row of a thousand nodes must not need a thousand frames of the stack.
    const tasks: Task[] = [first]
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      const { id, depth, by } = task
      const inside = held.get(id) ?? []
      const again = seen.has(id)
      lines.push({ id, key: again ? `${id} ${lines.length}` : id, depth, by, again, holds: !again && inside.length > 0 })
      if (again) continue
      seen.add(id)
      const out = edges.get(id) ?? []
      const branches = new Set(out.map(outletOf)).size > 1 || out.length > 1 || out.some(edge => outletOf(edge) !== 'main')
      const next = out.map(edge => ({ id: edge.target, depth: branches ? depth + 1 : depth, by: outletOf(edge) }))
      tasks.push(...next.filter(one => known.has(one.id)).reverse())
      if (inside.length > 0) level(inside, depth + 1)
    }
  }
  const level = (nodes: readonly DrawnNode[], depth: number) => {
    const starts = inOrder(nodes.filter(node => !led.has(node.id)))
    for (const node of starts) if (!seen.has(node.id)) walk({ id: node.id, depth, by: null })
    // What only goes round in a circle has no beginning.
    for (const node of nodes) if (!seen.has(node.id)) walk({ id: node.id, depth, by: null })
  }
  level(
    drawing.nodes.filter(node => node.parent === undefined || !known.has(node.parent)),
    0,
  )
  for (const node of drawing.nodes) if (!seen.has(node.id)) walk({ id: node.id, depth: 0, by: null })
  return lines
}
