import type { Event, Held } from '#engine/events.ts'
import type { Drawing } from '../canvas/drawing.ts'
import { nameOf } from '../canvas/drawing.ts'
import type { Standing } from './course.ts'
import { isSame } from './held.ts'

/** One of two executions that are compared. */
export type Side = { drawing: Drawing; events: readonly Event[]; standings: ReadonlyMap<string, Standing> }

/** How a node did in one of them. */
export type Did = { id: string; standing: Standing; output: Held | null }

/** In what the two can differ. */
export type Difference = 'outcome' | 'output' | 'params' | 'there'

/** A node in both of them, or in one. */
export type Pair = { key: string; name: string; left: Did | null; right: Did | null; differs: Difference[] }

/** Lays two executions beside each other, node by node as the left one is drawn; what only the right one has comes behind. */
export function pairsOf(left: Side, right: Side): Pair[] {
  const [here, there] = [outputsOf(left.events), outputsOf(right.events)]
  const theirs = new Map(right.drawing.nodes.map(node => [node.key, node]))
  const mine = new Set(left.drawing.nodes.map(node => node.key))
  return [
    ...left.drawing.nodes.map(node => {
      const other = theirs.get(node.key)
      const one = didOf(left, node, here)
      const two = other ? didOf(right, other, there) : null
      const changed = other !== undefined && JSON.stringify(node.params) !== JSON.stringify(other.params)
      return { key: node.key, name: nameOf(node), left: one, right: two, differs: differencesOf(one, two, changed) }
    }),
    ...right.drawing.nodes
      .filter(node => !mine.has(node.key))
      .map(
        (node): Pair => ({ key: node.key, name: nameOf(node), left: null, right: didOf(right, node, there), differs: ['there'] }),
      ),
  ]
}

function differencesOf(left: Did | null, right: Did | null, changed: boolean): Difference[] {
  if (!left || !right) return ['there']
  const differs: Difference[] = []
  if (changed) differs.push('params')
  if (left.standing.is !== right.standing.is) differs.push('outcome')
  const same = left.output && right.output ? isSame(left.output, right.output) : left.output === right.output
  if (!same) differs.push('output')
  return differs
}

const didOf = (side: Side, node: { id: string; key: string }, outputs: ReadonlyMap<string, Held[]>): Did | null => {
  const standing = side.standings.get(node.id)
  const all = outputs.get(node.key) ?? []
  const [only = null] = all
  return standing ? { id: node.id, standing, output: all.length > 1 ? { list: all } : only } : null
}

/** Everything that nodes put out, by key: in a loop, turn by turn. */
function outputsOf(events: readonly Event[]): Map<string, Held[]> {
  const byPath = new Map<string, Held>()
  for (const event of events) {
    if (event.type === 'done') byPath.set(event.path, event.output)
    if (event.type === 'accepted') byPath.set('', event.input)
  }
  const found = new Map<string, Held[]>()
  for (const path of [...byPath.keys()].sort(new Intl.Collator('en', { numeric: true }).compare)) {
    const key = path.slice(path.lastIndexOf('.') + 1)
    const held = byPath.get(path)
    if (path !== '' && held) found.set(key, [...(found.get(key) ?? []), held])
  }
  return found
}
