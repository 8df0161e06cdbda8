import type { Feed } from './feed.ts'

/** Wakes listeners of this process. */
export function memoryFeed(): Feed {
  const topics = new Map<string, Set<() => void>>()
  return {
    nudge(topic) {
      for (const hear of topics.get(topic) ?? []) hear()
    },
    listen(topic, hear) {
      const listeners = topics.get(topic) ?? new Set()
      // One function may listen twice, so each listening is a function of its own.
      const own = () => hear()
      topics.set(topic, listeners.add(own))
      return () => {
        listeners.delete(own)
        if (listeners.size === 0) topics.delete(topic)
      }
    },
    close: async () => topics.clear(),
  }
}
