import type { Document, DocumentNode, TraitsOf } from './document.ts'
import type { Edge, Limits, Plan, PlanNode, Retry, Scope } from './plan.ts'

/** Three attempts, after one second and two; the pauses are shuffled so that many do not knock at the same moment. */
const REPEATABLE: Retry = { attempts: 3, delay: 1000, factor: 2, max: 60_000, jitter: true }
const NEVER: Retry = { attempts: 1, delay: 1000, factor: 2, max: 60_000, jitter: true }

const LIMITS: Limits = { activations: 100_000, atOnce: 10 }

/** Makes the plan of a workflow that `check` has found no fault with. */
export function compile(drawn: Document, traitsOf: TraitsOf, limits: Partial<Limits> = {}): Plan {
  const scopes = scopesOf(drawn, traitsOf)
  const place = new Map(drawn.nodes.map((node, at) => [node.id, at]))
  const nodes = drawn.nodes.map(node => planNode(node, drawn, traitsOf, scopes, place))
  const atOnce = drawn.settings?.concurrency ?? LIMITS.atOnce
  return { nodes, scopes: scopes.map(scope => finished(scope, nodes)), limits: { ...LIMITS, atOnce, ...limits } }
}

type Draft = { id: string | null; nodes: number[] }

/** A container that holds nothing has a scope too: its turns are over at once. */
function scopesOf({ nodes }: Document, traitsOf: TraitsOf): Draft[] {
  const inside = new Map<string | null, number[]>([[null, []]])
  for (const node of nodes) if (traitsOf(node)?.loop) inside.set(node.id, [])
  nodes.forEach((node, at) => {
    const parent = node.parent ?? null
    inside.set(parent, [...(inside.get(parent) ?? []), at])
  })
  return [...inside].map(([id, members]) => ({ id, nodes: members }))
}

function planNode(
  node: DocumentNode,
  drawn: Document,
  traitsOf: TraitsOf,
  scopes: Draft[],
  place: Map<string, number>,
): PlanNode {
  const traits = traitsOf(node)
  const scope = scopes.findIndex(one => one.id === (node.parent ?? null))
  const opens = scopes.findIndex(one => one.id === node.id)
  const edges = drawn.edges
    .filter(edge => edge.source === node.id)
    .flatMap((edge): Edge[] => {
      const to = place.get(edge.target)
      return to === undefined ? [] : [{ outlet: edge.sourceHandle ?? 'main', to }]
    })
  const effect = traits?.effect ?? 'once'
  return {
    id: node.id,
    key: node.key,
    block: node.block,
    version: node.version,
    params: node.params ?? {},
    scope,
    slot: scopes[scope]?.nodes.indexOf(place.get(node.id) ?? -1) ?? -1,
    opens: opens < 0 ? null : opens,
    loop: traits?.loop ?? null,
    effect,
    join: node.join ?? 'all',
    onError: node.onError ?? 'stop',
    afterCrash: node.afterCrash ?? 'ask',
    retry: { ...(effect === 'repeatable' ? REPEATABLE : NEVER), ...defined(node.retry) },
    timeout: node.timeout ?? null,
    disabled: node.disabled ?? false,
    askFirst: node.askFirst ?? false,
    edges,
    incoming: drawn.edges.filter(edge => edge.target === node.id).length,
  }
}

function defined(retry: Partial<Retry> | undefined): Partial<Retry> {
  return Object.fromEntries(Object.entries(retry ?? {}).filter(([, value]) => value !== undefined))
}

function finished(draft: Draft, nodes: PlanNode[]): Scope {
  const slots = new Map(draft.nodes.map((at, slot) => [nodes[at]?.key ?? '', slot]))
  const container = draft.id === null ? null : nodes.findIndex(node => node.id === draft.id)
  return { container, nodes: draft.nodes, slots, starts: draft.nodes.filter(at => nodes[at]?.incoming === 0) }
}
