import type { Problem } from '#engine/check.ts'
import type { Library } from '#sdk/library.ts'
import { canonical } from '#workflows/canonical.ts'
import { pathText, spot } from '#workflows/check/spot.ts'
import { type Drawn, settle, type WorkflowDocument } from '#workflows/document.ts'
import type { Plan, PlannedNode } from './answer.ts'
import { refsOf, type Shown } from './keep.ts'
import { placed } from './place.ts'
import { cleaned } from './secret.ts'

type Node = WorkflowDocument['nodes'][number]
type Edge = Drawn['edges'][number]

/** What a plan is laid upon: the workflow as it is, and as the model has seen it; without one, an empty one. */
export type Base = {
  document: WorkflowDocument
  shown: Shown | null
  library: Library
  credential: (node: Node, wanted: string | null) => string | null
}

/** Lays a plan upon a workflow. What the plan does not name stays as it is, to the byte. */
export function compose(plan: Plan, base: Base): { document: WorkflowDocument; problems: Problem[] } {
  const { document: before, library } = base
  const problems: Problem[] = []
  const ids = new Map([...refsOf(before)].map(([id, ref]) => [ref, id]))
  const { nodes, made } = merged(plan, base, ids, problems)
  const drawn = { ...before, nodes, edges: joined(plan, before, nodes, ids, problems) }
  const routed = drawn.edges.filter(edge => edge.sourceHandle === 'error').map(edge => edge.source)
  const all = nodes.map(node =>
    routed.includes(node.id) && node.onError !== 'route' ? { ...node, onError: 'route' as const } : node,
  )
  const document = settle({ ...drawn, nodes: all, ...about(plan, base) }, library)
  return { document: { ...document, layout: placed(document, before, made) }, problems }
}

function about(plan: Plan, { document: before, shown }: Base) {
  const line = plan.name
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 190)
    .toWellFormed()
    .trim()
  const restored = Object.entries(plan.variables).map(([name, value]) => [
    name.slice(0, 64),
    shown ? shown.restore(value, '') : value,
  ])
  const variables = Object.fromEntries(restored.filter(([name]) => name !== ''))
  return {
    name: line === '' ? before.name : line,
    description: plan.description.trim() === '' ? before.description : plan.description.trim(),
    variables: { ...before.variables, ...Object(cleaned(variables).value) },
    settings: plan.timezone === null || plan.timezone === '' ? before.settings : { ...before.settings, timezone: plan.timezone },
  }
}

/** The nodes after the change, and the ids of those that are new. */
function merged(plan: Plan, base: Base, ids: Map<string, string>, problems: Problem[]) {
  const { document: before } = base
  const gone = removed(plan, before, ids, problems)
  const sent = new Map<string, PlannedNode>()
  const fresh: { id: string; node: PlannedNode }[] = []
  const taken = new Set(before.nodes.map(node => node.id))
  let count = 0
  for (const node of plan.nodes) {
    const id = ids.get(node.key)
    if (id !== undefined && taken.has(id) && !sent.has(id) && before.nodes.some(one => one.id === id)) sent.set(id, node)
    else {
      do count += 1
      while (taken.has(`n${count}`))
      taken.add(`n${count}`)
      fresh.push({ id: `n${count}`, node })
      if (id === undefined) ids.set(node.key, `n${count}`)
    }
  }
  const write = (id: string, planned: PlannedNode, old: Node | null) => written(id, planned, old, base, ids, problems)
  const kept = before.nodes.flatMap(node => {
    const planned = sent.get(node.id)
    if (planned) return [write(node.id, planned, node)]
    return gone.has(node.id) ? [] : [node]
  })
  return { nodes: [...kept, ...fresh.map(({ id, node }) => write(id, node, null))], made: new Set(fresh.map(({ id }) => id)) }
}

/** What is to be taken out, with what stands in it; a node that is sent again stays. */
function removed(plan: Plan, { nodes }: WorkflowDocument, ids: ReadonlyMap<string, string>, problems: Problem[]): Set<string> {
  const gone = new Set<string>()
  for (const ref of plan.remove) {
    const id = ids.get(ref)
    if (id === undefined)
      problems.push(spot(null, 'nodes', 'plan.unknown_node', `“${ref}” was to be taken out and is not there.`, 'warning'))
    else gone.add(id)
  }
  for (const id of gone) for (const node of nodes) if (node.parent === id) gone.add(node.id)
  return gone
}

function written(
  id: string,
  { key, block, name, params, inside, credential, settings }: PlannedNode,
  old: Node | null,
  { shown, library, credential: credentialFor }: Base,
  ids: ReadonlyMap<string, string>,
  problems: Problem[],
): Node {
  const known = old?.block === block ? old.version : undefined
  const version = known ?? library.newest(block)?.version ?? 1
  const full = Object(shown ? shown.restore(params, key) : params)
  const whole: Record<string, unknown> =
    old && canonical(old.params) === canonical(full) ? old.params : withoutSecret(id, full, old, problems)
  const parent = inside === null || inside === '' ? undefined : ids.get(inside)
  if (inside !== null && inside !== '' && parent === undefined)
    problems.push(spot({ id }, 'parent', 'plan.unknown_node', `“${key}” was to stand in “${inside}”, which is not there.`))
  const same = old?.block === block ? old : null
  const notes = shown ? shown.restore(settings.notes ?? old?.notes, key) : settings.notes
  const node: Node = {
    ...settingsOf(old),
    ...settings,
    id,
    key: old?.key ?? key,
    block,
    version,
    name: name === '' ? (old?.name ?? library.find(block, version)?.title ?? '') : name,
    params: whole,
    ...(parent === undefined ? {} : { parent }),
  }
  if (typeof notes === 'string' && notes !== '') node.notes = notes
  else delete node.notes
  // A model forgets a credential more often than a person wants one taken away.
  const chosen = credentialFor(node, credential) ?? same?.credential ?? credentialFor(node, null)
  return chosen ? { ...node, credential: chosen } : node
}

/** How a node was set; a change names only what becomes other. */
function settingsOf(old: Node | null): Partial<Node> {
  if (!old) return {}
  const { parent: _parent, credential: _credential, ...rest } = old
  return rest
}

/** A secret that was there stays as it was; one that the model has written goes. */
function withoutSecret(
  id: string,
  params: Record<string, unknown>,
  old: Node | null,
  problems: Problem[],
): Record<string, unknown> {
  const { value, found } = cleaned(params)
  const fresh = found.filter(path => old === null || at(old.params, path) !== at(params, path))
  const left = structuredClone(params)
  for (const path of fresh) {
    Reflect.set(Object(at(left, path.slice(0, -1))), path.at(-1) ?? '', at(value, path))
    const words = 'What looks like a secret was taken out here. Add it as a credential, and choose that.'
    problems.push(spot({ id }, `params.${pathText(path)}`, 'plan.secret', words))
  }
  return left
}

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((here, part) => (typeof here === 'object' && here !== null ? Reflect.get(here, part) : undefined), value)

/** The edges after the change: those that are left, and the new ones. */
function joined(
  plan: Plan,
  before: WorkflowDocument,
  nodes: readonly Node[],
  ids: ReadonlyMap<string, string>,
  problems: Problem[],
): Edge[] {
  const there = new Set(nodes.map(node => node.id))
  const line = ({ source, sourceHandle = 'main', target }: Edge) => JSON.stringify([source, sourceHandle, target])
  const asEdge = ({ from, outlet, to }: Plan['connect'][number]): Edge | null => {
    const [source, target] = [ids.get(from), ids.get(to)]
    const lost = [source, target].every(id => id !== undefined && there.has(id))
      ? null
      : source !== undefined && there.has(source)
        ? to
        : from
    if (lost !== null || source === undefined || target === undefined) {
      const words = `An edge was to lead from “${from}” to “${to}”, but there is no “${lost}”.`
      problems.push(spot(source !== undefined && there.has(source) ? { id: source } : null, 'edges', 'plan.unknown_node', words))
      return null
    }
    return { source, target, ...(outlet === '' || outlet === 'main' ? {} : { sourceHandle: outlet }) }
  }
  const loose = new Set(
    plan.disconnect.flatMap(({ from, outlet, to }) => {
      const [source, target] = [ids.get(from), ids.get(to)]
      return source && target ? [line({ source, target, sourceHandle: outlet === '' ? 'main' : outlet })] : []
    }),
  )
  const left: Edge[] = before.edges.filter(edge => there.has(edge.source) && there.has(edge.target) && !loose.has(line(edge)))
  const drawn = new Set(left.map(line))
  const added = plan.connect.flatMap(one => {
    const edge = asEdge(one)
    if (edge === null || drawn.has(line(edge))) return []
    drawn.add(line(edge))
    return [edge]
  })
  return [...left, ...added]
}
