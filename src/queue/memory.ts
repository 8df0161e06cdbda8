import type { Hint, Queue } from './queue.ts'

/** Hints of this process: within a lane the shares take turns, and within a share first come is first served. */
export function memoryQueue(): Queue {
  const lanes = new Map<number, Map<string, Set<string>>>()
  const known = new Map<string, Hint>()

  function remove({ id, lane, share }: Hint): void {
    const shares = lanes.get(lane)
    const line = shares?.get(share)
    line?.delete(id)
    if (line?.size === 0) shares?.delete(share)
    known.delete(id)
  }

  return {
    push(hint) {
      const before = known.get(hint.id)
      if (before !== undefined && before.lane <= hint.lane) return
      if (before !== undefined) remove(before)
      known.set(hint.id, hint)
      const shares = lanes.get(hint.lane) ?? new Map<string, Set<string>>()
      lanes.set(hint.lane, shares)
      const line = shares.get(hint.share) ?? new Set()
      shares.set(hint.share, line.add(hint.id))
    },
    take(fits = () => true): Hint | null {
      for (const lane of [...lanes.keys()].toSorted((a, b) => a - b)) {
        const shares = lanes.get(lane) ?? new Map<string, Set<string>>()
        for (const [share, line] of shares) {
          const [id] = line
          if (id === undefined || !fits(share)) continue
          // Its next turn comes after those of the others.
          shares.delete(share)
          shares.set(share, line)
          const hint = { id, lane, share }
          remove(hint)
          return hint
        }
      }
      return null
    },
    waiting: () => known.size,
    hear: () => {},
    close: async () => {
      lanes.clear()
      known.clear()
    },
  }
}
