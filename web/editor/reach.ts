import type { Catalogue } from '../canvas/catalogue.ts'
import { around, type Drawing, type DrawnNode, nameOf } from '../canvas/drawing.ts'
import { type Reach, reserved, type Source } from '../forms/reach.ts'

/** What was seen in the last execution: what it began with, and what each node put out, by its key. */
export type Seen = { input?: unknown; results: Readonly<Record<string, unknown>> }

/** The nodes that come before one among those beside it, the nearest first. */
function before(drawing: Drawing, id: string): DrawnNode[] {
  const sources = Map.groupBy(drawing.edges, edge => edge.target)
  const found = new Set<string>()
  const line = [id]
  for (const at of line)
    for (const { source } of sources.get(at) ?? [])
      if (!found.has(source) && source !== id) {
        found.add(source)
        line.push(source)
      }
  const byId = new Map(drawing.nodes.map(node => [node.id, node]))
  return [...found].flatMap(one => byId.get(one) ?? [])
}

/** What the templates of a node can name: what ran before it and before the containers around it, and the names that are always there. */
export function reachOf(drawing: Drawing, catalogue: Catalogue, id: string, seen: Seen): Reach {
  const outside = around(drawing, id)
  const own = drawing.nodes.filter(node => node.parent === id)
  const all = [id, ...outside].flatMap(one => before(drawing, one))
  const nodes = [...all, ...own].filter(node => !catalogue.isTrigger(node))
  const turning = outside.some(one => {
    const node = drawing.nodes.find(({ id: other }) => other === one)
    const loop = node && catalogue.of(node)?.loop
    return loop !== undefined && loop !== null && loop !== 'once'
  })
  const trigger = all.find(node => catalogue.isTrigger(node)) ?? drawing.nodes.find(node => catalogue.isTrigger(node))
  return [
    ...nodes.map(
      (node): Source => ({
        key: node.key,
        title: nameOf(node),
        kind: 'node',
        schema: catalogue.of(node)?.output,
        last: seen.results[node.key],
      }),
    ),
    {
      key: 'trigger',
      title: trigger ? nameOf(trigger) : 'trigger',
      kind: 'trigger',
      schema: trigger && catalogue.of(trigger)?.output,
      last: seen.input,
    },
    ...reserved({ turning, variables: drawing.variables }),
  ]
}
