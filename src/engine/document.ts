import type { Effect, Loop, Retry } from './plan.ts'

/** A workflow as people save it: the part that has a meaning. Where boxes stand is kept beside it. */
export type Document = {
  name: string
  nodes: readonly DocumentNode[]
  edges: readonly DocumentEdge[]
  settings?: { timeout?: number | undefined; concurrency?: number | undefined } | undefined
}

/** A box: a kind of block with its parameters, and what it does when it fails. */
export type DocumentNode = {
  id: string
  key: string
  block: string
  version: number
  name?: string | undefined
  params?: unknown
  parent?: string | undefined
  join?: 'all' | 'any' | undefined
  onError?: 'stop' | 'continue' | 'route' | undefined
  afterCrash?: 'ask' | 'retry' | 'fail' | undefined
  retry?: Partial<Retry> | undefined
  timeout?: number | undefined
  disabled?: boolean | undefined
  askFirst?: boolean | undefined
}

/** An arrow from an outlet, `main` unless said, to a node. */
export type DocumentEdge = { id: string; source: string; target: string; sourceHandle?: string | undefined }

/** What a block declares, with a node's parameters in mind: a switch has the outlets of its cases. */
export type Traits = {
  outlets: readonly string[]
  effect: Effect
  loop: Loop | null
  trigger: boolean
}

/** Finds the traits of a node; null for a block that is not in the library. */
export type TraitsOf = (node: DocumentNode) => Traits | null
