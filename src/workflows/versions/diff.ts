import { byText, canonical } from '#workflows/canonical.ts'
import type { WorkflowDocument } from '#workflows/document.ts'

/** Something that is not what it was. A side that is not there is left out. */
export type Change = { path: string; before?: unknown; after?: unknown }

type Node = WorkflowDocument['nodes'][number]
type Edge = WorkflowDocument['edges'][number]

/** What differs in meaning between two workflows; with null, everything is new. Where boxes stand and what lines are called is left out. */
export function diffOf(before: WorkflowDocument | null, after: WorkflowDocument) {
  const [old, now] = [byId(before?.nodes ?? []), byId(after.nodes)]
  const added = after.nodes.filter(node => !old.has(node.id)).map(box)
  const removed = (before?.nodes ?? []).filter(node => !now.has(node.id)).map(box)
  const changed = after.nodes.flatMap(node => {
    const was = old.get(node.id)
    const changes = was ? changesOf(was, node) : []
    return changes.length > 0 ? [{ ...box(node), changes }] : []
  })
  const [lines, drawn] = [linesOf(before?.edges ?? []), linesOf(after.edges)]
  const edges = {
    added: [...drawn].filter(([key]) => !lines.has(key)).map(([, line]) => line),
    removed: [...lines].filter(([key]) => !drawn.has(key)).map(([, line]) => line),
  }
  const about = changesOf(before ? { name: before.name, description: before.description } : {}, {
    name: after.name,
    description: after.description,
  })
  const variables = changesOf(before?.variables ?? {}, after.variables)
  const settings = changesOf(before?.settings ?? {}, after.settings)
  const all = [added, removed, changed, edges.added, edges.removed, about, variables, settings]
  return { same: all.every(list => list.length === 0), nodes: { added, removed, changed }, edges, variables, settings, about }
}

const byId = (nodes: readonly Node[]) => new Map(nodes.map(node => [node.id, node]))

const box = ({ id, key, block, name = '' }: Node) => ({ id, key, block, name })

const linesOf = (edges: readonly Edge[]) =>
  new Map(
    edges.map(({ source, sourceHandle = 'main', target }) => [
      JSON.stringify([source, sourceHandle, target]),
      { source, sourceHandle, target },
    ]),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields in which two values differ, each as deep as both sides have the same shape. */
function changesOf(before: unknown, after: unknown, path = ''): Change[] {
  if (canonical(before) === canonical(after) && (before === undefined) === (after === undefined)) return []
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byText)
    return names.flatMap(name => changesOf(own(before, name), own(after, name), path ? `${path}.${name}` : name))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((value, at) => changesOf(before[at], value, `${path}[${at}]`))
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
}

const own = (value: Record<string, unknown>, name: string) => (Object.hasOwn(value, name) ? value[name] : undefined)
