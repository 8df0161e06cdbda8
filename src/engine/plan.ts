/** A published workflow as the engine sees it. Nodes and scopes know each other by their place in the lists. */
export type Plan = {
  nodes: readonly PlanNode[]
  /** The first is the workflow itself; every container opens one more. */
  scopes: readonly Scope[]
  limits: Limits
}

/** One box. What kind of block it is, nobody here asks; what it declares is what counts. */
export type PlanNode = {
  id: string
  key: string
  block: string
  version: number
  params: unknown
  /** The scope it stands in, and its place there. */
  scope: number
  slot: number
  /** A container opens a scope and repeats it as it says. */
  opens: number | null
  loop: Loop | null
  effect: Effect
  join: 'all' | 'any'
  onError: 'stop' | 'continue' | 'route'
  afterCrash: 'ask' | 'retry' | 'fail'
  retry: Retry
  timeout: number | null
  disabled: boolean
  /** A person is asked before it runs. */
  askFirst: boolean
  /** Edges that leave it, and how many come in. */
  edges: readonly Edge[]
  incoming: number
}

/** Turns by a list, turns until a condition holds, one turn, or turns of single nodes that the container calls for. */
export type Loop = 'list' | 'until' | 'once' | 'calls'

/** What running it again would mean. */
export type Effect = 'pure' | 'repeatable' | 'once'

/** An edge: the outlet it begins at and the node it ends at. */
export type Edge = { outlet: string; to: number }

/** How often and after what pauses a failed attempt is repeated. */
export type Retry = { attempts: number; delay: number; factor: number; max: number; jitter: boolean }

/** The inside of the workflow or of a container. */
export type Scope = {
  container: number | null
  nodes: readonly number[]
  /** The place of a node by its key. */
  slots: ReadonlyMap<string, number>
  /** Where a turn begins: in a container, the nodes that no edge leads to. */
  starts: readonly number[]
}

/** Where the engine gives up. */
export type Limits = { activations: number; atOnce: number }

/** What is reachable from a node along edges of its scope, itself included. */
export function reachable(plan: Plan, from: readonly number[]): Set<number> {
  const seen = new Set(from)
  for (const at of seen) for (const edge of plan.nodes[at]?.edges ?? []) seen.add(edge.to)
  return seen
}
