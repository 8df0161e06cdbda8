import type { Feed } from './feed.ts'

/** Wakes listeners of this process. */
export function memoryFeed(): Feed {
  const nudges = makeTopics<void>()
  const words = makeTopics<string>()
  return {
    nudge: topic => nudges.tell(topic),
    listen: (topic, hear) => nudges.add(topic, () => hear()),
    say: (topic, said) => words.tell(topic, said),
    hear: (topic, hear) => words.add(topic, hear),
    async close() {
      nudges.clear()
      words.clear()
    },
  }
}

function makeTopics<T>() {
  const topics = new Map<string, Set<(it: T) => void>>()
  return {
    clear: () => topics.clear(),
    tell(topic: string, it: T): void {
      for (const hear of topics.get(topic) ?? []) hear(it)
    },
    add(topic: string, hear: (it: T) => void): () => void {
      const listeners = topics.get(topic) ?? new Set()
      // One function may listen twice, so each listening is a function of its own.
      const own = (it: T) => hear(it)
      topics.set(topic, listeners.add(own))
      return () => {
        listeners.delete(own)
        if (listeners.size === 0) topics.delete(topic)
      }
    },
  }
}
