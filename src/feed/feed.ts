/** "Look again": wakes listeners of a topic. Carries nothing of record; a lost nudge is made good by the next one or a slow look. */
export type Feed = {
  nudge(topic: string): void
  /** Calls back at every nudge until the answer is called. */
  listen(topic: string, hear: () => void): () => void
  close(): Promise<void>
}
