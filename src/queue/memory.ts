import type { Hint, Queue } from './queue.ts'

/** Hints of this process, first come first served within a lane. */
export function memoryQueue(): Queue {
  const lanes = new Map<number, Set<string>>()
  const known = new Map<string, number>()
  return {
    push({ id, lane }) {
      const before = known.get(id)
      if (before !== undefined && before <= lane) return
      if (before !== undefined) lanes.get(before)?.delete(id)
      known.set(id, lane)
      const line = lanes.get(lane) ?? new Set()
      lanes.set(lane, line.add(id))
    },
    take(): Hint | null {
      for (const lane of [...lanes.keys()].toSorted((a, b) => a - b)) {
        const line = lanes.get(lane) ?? new Set()
        for (const id of line) {
          line.delete(id)
          known.delete(id)
          return { id, lane }
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
