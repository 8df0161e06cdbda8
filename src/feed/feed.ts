/** "Look again": wakes listeners of a topic. Carries nothing of record; a lost nudge is made good by the next one or a slow look. */
export type Feed = {
  nudge(topic: string): void
  /** Calls back at every nudge until the answer is called. */
  listen(topic: string, hear: () => void): () => void
  /** Passes words on to whoever hears the topic now, in order; nothing is kept, and what nobody hears is gone. */
  say(topic: string, words: string): void
  /** Hears what is said until the answer is called. */
  hear(topic: string, hear: (words: string) => void): () => void
  close(): Promise<void>
}
