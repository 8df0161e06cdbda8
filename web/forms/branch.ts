import { idOf } from './data/tree.ts'
import { expressionOf, type Reach, type Spot, spotsAt } from './reach.ts'

/** A line of the tree of what can be named. */
export type Twig = { id: string; spot: Spot; depth: number; open: boolean; kind: Reach[number]['kind'] }

/** Deeper than this nothing is searched. */
const DEEPEST = 6
const MOST = 300

/** The lines of the tree, with what is open; with a word, every place that has it in its name. */
export function twigsOf(reach: Reach, opened: ReadonlySet<string>, word = ''): Twig[] {
  const wanted = word.trim().toLowerCase()
  const twigs: Twig[] = []
  const walk = (path: (string | number)[], kind: Twig['kind'] | null): void => {
    for (const spot of spotsAt(reach, path)) {
      if (twigs.length >= MOST) return
      const id = idOf(spot.path)
      const own = kind ?? reach.find(one => one.key === spot.name)?.kind ?? 'node'
      const open = wanted === '' && opened.has(id)
      const found = wanted !== '' && `${expressionOf(spot.path)} ${spot.title ?? ''}`.toLowerCase().includes(wanted)
      if (wanted === '' || found) twigs.push({ id, spot, depth: wanted === '' ? path.length : 0, open, kind: own })
      if (open || (wanted !== '' && spot.path.length < DEEPEST)) walk(spot.path, own)
    }
  }
  walk([], null)
  return twigs
}
