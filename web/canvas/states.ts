/** How a node stands in a run. */
export type NodeState = {
  is: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'paused'
  /** Milliseconds it worked. */
  took?: number
  /** In dollars; null where the price is not known. */
  cost?: number | null
  /** What it says while it works: the end of a text that streams in, a step, an error. */
  text?: string
  /** Of a container: how many of its turns are done. */
  turns?: { done: number; all: number | null }
  /** Outlets it left by; edges from them have been taken. */
  left?: readonly string[]
}

/** How the nodes of a run stand, by their ids. A node that keeps its state keeps its object, so that only what changes is drawn anew. */
export type States = ReadonlyMap<string, NodeState>
