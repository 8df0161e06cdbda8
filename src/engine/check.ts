import type { Document, DocumentNode, Traits, TraitsOf } from './document.ts'

/** Something a person can mend: where, what and how bad. An error keeps a workflow from being published. */
export type Problem = { node: string | null; field: string | null; code: string; message: string; severity: 'error' | 'warning' }

/** The most nodes one workflow may have. */
export const MOST_NODES = 1000

/** Names that expressions use for something else, and names that are traps in JavaScript or words of the expression language. */
export const RESERVED: ReadonlySet<string> = new Set(
  'trigger vars item index execution workflow now true false nil null empty blank and or not contains __proto__ constructor prototype'.split(
    ' ',
  ),
)

/** What a key looks like. */
export const KEY = /^[a-zA-Z_]\w{0,63}$/

const problem = (
  node: DocumentNode | null,
  field: string | null,
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem => ({
  node: node?.id ?? null,
  field,
  code,
  message,
  severity,
})

/** Everything that is wrong with the shape of a workflow. */
export function check(drawn: Document, traitsOf: TraitsOf): Problem[] {
  const known = new Map(drawn.nodes.map(node => [node.id, node]))
  const traits = new Map(drawn.nodes.map(node => [node.id, traitsOf(node)]))
  const shape = [...checkNodes(drawn, traits), ...checkParents(drawn, known, traits), ...checkEdges(drawn, known, traits)]
  const broken = shape.some(one => one.severity === 'error')
  return [...shape, ...checkCycles(drawn, known), ...(broken ? [] : checkReach(drawn, traits))]
}

function checkNodes({ nodes }: Document, traits: Map<string, Traits | null>): Problem[] {
  const problems: Problem[] = []
  if (nodes.length > MOST_NODES)
    problems.push(
      problem(null, 'nodes', 'workflow.too_large', `A workflow has at most ${MOST_NODES} nodes; this one has ${nodes.length}.`),
    )
  if (!nodes.some(node => traits.get(node.id)?.trigger))
    problems.push(
      problem(
        null,
        'nodes',
        'workflow.no_trigger',
        'There is no trigger, so nothing ever starts it. Add one, such as “Start by hand”.',
      ),
    )
  const ids = new Set<string>()
  const keys = new Map<string, DocumentNode>()
  for (const node of nodes) {
    if (ids.has(node.id)) problems.push(problem(node, 'id', 'node.same_id', `Two nodes have the id ${node.id}.`))
    ids.add(node.id)
    if (!KEY.test(node.key))
      problems.push(
        problem(
          node,
          'key',
          'node.bad_key',
          `The key “${node.key}” must begin with a letter and have only letters, digits and _.`,
        ),
      )
    else if (RESERVED.has(node.key))
      problems.push(
        problem(node, 'key', 'node.reserved_key', `The key “${node.key}” means something else in expressions. Choose another.`),
      )
    else if (keys.has(node.key))
      problems.push(
        problem(
          node,
          'key',
          'node.same_key',
          `Another node has the key “${node.key}” too. Expressions could not tell them apart.`,
        ),
      )
    keys.set(node.key, node)
    if (!traits.get(node.id))
      problems.push(problem(node, 'block', 'block.unknown', `There is no block ${node.block} in version ${node.version}.`))
  }
  return problems
}

function checkParents({ nodes }: Document, known: Map<string, DocumentNode>, traits: Map<string, Traits | null>): Problem[] {
  return nodes.flatMap(node => {
    if (node.parent === undefined) return []
    const parent = known.get(node.parent)
    if (!parent)
      return [problem(node, 'parent', 'node.no_parent', `It stands in a container that is not there (${node.parent}).`)]
    if (!traits.get(parent.id)?.loop)
      return [problem(node, 'parent', 'node.not_a_container', `“${parent.key}” is not a container, so nothing can stand in it.`)]
    if (traits.get(node.id)?.trigger)
      return [problem(node, 'parent', 'node.trigger_inside', 'A trigger cannot stand in a container.')]
    return standsInItself(node, known) ? [problem(node, 'parent', 'node.inside_itself', 'It stands in itself.')] : []
  })
}

function standsInItself(node: DocumentNode, known: Map<string, DocumentNode>): boolean {
  const seen = new Set<string>()
  for (let at: DocumentNode | undefined = node; at?.parent !== undefined; at = known.get(at.parent)) {
    if (seen.has(at.id)) return true
    seen.add(at.id)
  }
  return false
}

function checkEdges({ edges }: Document, known: Map<string, DocumentNode>, traits: Map<string, Traits | null>): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const ids = new Set<string>()
  for (const { id, source, target, sourceHandle = 'main' } of edges) {
    const from = known.get(source)
    const to = known.get(target)
    if (ids.has(id)) problems.push(problem(from ?? null, `edges.${id}`, 'edge.same_id', `Two edges have the id ${id}.`))
    ids.add(id)
    if (!from || !to) {
      problems.push(
        problem(
          from ?? to ?? null,
          `edges.${id}`,
          'edge.dangling',
          `The edge ${id} ${from ? 'leads to' : 'begins at'} a node that is not there (${from ? target : source}).`,
        ),
      )
      continue
    }
    const outlets = traits.get(source)?.outlets
    const line = `${source} ${sourceHandle} ${target}`
    if (seen.has(line))
      problems.push(problem(from, `edges.${id}`, 'edge.twice', `The edge from “${from.key}” to “${to.key}” is there twice.`))
    seen.add(line)
    if (from.parent !== to.parent)
      problems.push(
        problem(
          from,
          `edges.${id}`,
          'edge.crosses',
          `The edge from “${from.key}” to “${to.key}” goes into or out of a container. Connect the container itself.`,
        ),
      )
    if (traits.get(target)?.trigger)
      problems.push(problem(to, `edges.${id}`, 'edge.into_trigger', `“${to.key}” is a trigger: nothing can lead to it.`))
    if (sourceHandle === 'error') {
      if (from.onError !== 'route')
        problems.push(
          problem(
            from,
            'onError',
            'edge.error_not_routed',
            `An edge leaves “${from.key}” when it fails, but it is not set to take that way. Set “on error” to route.`,
          ),
        )
    } else if (outlets && !outlets.includes(sourceHandle))
      problems.push(
        problem(
          from,
          `edges.${id}`,
          'edge.unknown_outlet',
          `“${from.key}” has no outlet “${sourceHandle}”. It has ${outlets.map(name => `“${name}”`).join(', ') || 'none'}.`,
        ),
      )
  }
  return problems
}

/** Names one way round for every knot. */
function checkCycles({ nodes, edges }: Document, known: Map<string, DocumentNode>): Problem[] {
  const next = new Map<string, string[]>()
  for (const { source, target } of edges) next.set(source, [...(next.get(source) ?? []), target])
  const state = new Map<string, 'open' | 'closed'>()
  const problems: Problem[] = []
  for (const { id } of nodes) {
    if (state.has(id)) continue
    // Walked with a list of its own: a chain of a thousand nodes must not need a thousand frames of the stack.
    const way: { id: string; rest: string[] }[] = [{ id, rest: [...(next.get(id) ?? [])] }]
    state.set(id, 'open')
    for (let here = way.at(-1); here; here = way.at(-1)) {
      const to = here.rest.pop()
      if (to === undefined) {
        state.set(here.id, 'closed')
        way.pop()
      } else if (state.get(to) === 'open') {
        const round = [...way.slice(way.findIndex(step => step.id === to)).map(step => step.id), to]
        const first = known.get(to) ?? null
        problems.push(
          problem(
            first,
            'edges',
            'workflow.cycle',
            `It goes round in a circle: ${round.map(one => known.get(one)?.key ?? one).join(' → ')}. Use a repeat instead.`,
          ),
        )
      } else if (!state.has(to) && known.has(to)) {
        state.set(to, 'open')
        way.push({ id: to, rest: [...(next.get(to) ?? [])] })
      }
    }
  }
  return problems
}

function checkReach({ nodes, edges }: Document, traits: Map<string, Traits | null>): Problem[] {
  const reached = new Set(nodes.filter(node => traits.get(node.id)?.trigger).map(node => node.id))
  for (const id of reached) for (const edge of edges) if (edge.source === id) reached.add(edge.target)
  // What no edge may leave and none leads to is a note on the canvas.
  const isNote = ({ id }: DocumentNode) => traits.get(id)?.outlets.length === 0 && !edges.some(edge => edge.target === id)
  const lost = nodes.filter(node => node.parent === undefined && !reached.has(node.id) && !isNote(node))
  return lost.map(node =>
    problem(node, null, 'node.unreachable', `No trigger leads to “${node.key}”, so it never runs.`, 'warning'),
  )
}
