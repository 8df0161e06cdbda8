import type { Problem } from '#engine/check.ts'
import type { Library } from '#sdk/library.ts'
import { BadTemplate, type Filler, prepare, type Reference } from '#template/fill.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { nearest } from './nearest.ts'
import { type Order, orderOf } from './order.ts'
import { isTemplate, type Node, named, pathText, spot } from './spot.ts'

/** Names that are always there, besides keys. */
const ALWAYS = ['trigger', 'vars', 'execution', 'workflow', 'now']
/** Names of a turn. */
const OF_A_TURN = ['item', 'index']

type Seen = { document: WorkflowDocument; order: Order; byKey: Map<string, Node>; known: Map<string, Node> }

/** What is wrong with the expressions: what does not parse, and what reads something that is not there. */
export function checkExpressions(document: WorkflowDocument, library: Library): Problem[] {
  const seen: Seen = {
    document,
    order: orderOf(document),
    byKey: new Map(document.nodes.map(node => [node.key, node])),
    known: new Map(document.nodes.map(node => [node.id, node])),
  }
  return document.nodes.flatMap(node => {
    const block = library.find(node.block, node.version)
    return Object.entries(node.params).flatMap(([field, value]) => {
      if (block?.verbatim?.includes(field)) return []
      const perTurn = block?.perTurn?.includes(field) ?? false
      const turning = perTurn || (block?.later?.includes(field) ?? false)
      return checkField(seen, node, field, value, { perTurn, turning: turning || seen.order.isInside(node) })
    })
  })
}

type Sight = { perTurn: boolean; turning: boolean }

function checkField(seen: Seen, node: Node, field: string, value: unknown, sight: Sight): Problem[] {
  let filler: Filler
  try {
    filler = prepare({ [field]: value })
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error
    return badTemplates(node, [field], value)
  }
  const told = new Set<string>()
  return filler.references.flatMap(reference => {
    const problem = checkReference(seen, node, reference, sight)
    const line = `${reference.field} ${problem?.code} ${reference.path[0]}`
    if (problem === null || told.has(line)) return []
    told.add(line)
    return [problem]
  })
}

/** Every text that does not parse: the first one alone would be mended only for the next one to be shown. */
function badTemplates(node: Node, path: PropertyKey[], value: unknown): Problem[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => badTemplates(node, [...path, at], one))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, one]) => badTemplates(node, [...path, name], one))
  if (!isTemplate(value)) return []
  try {
    prepare(value)
    return []
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error
    return [spot(node, `params.${pathText(path)}`, 'template.bad', wordsOf(error.message))]
  }
}

/** Liquid's own words are for programmers: `undefined filter: upcas, line:1, col:1`. */
function wordsOf(message: string): string {
  const first = message.split('\n', 1)[0] ?? ''
  const filter = /^undefined filter: (\S+?)(?:,|$)/.exec(first)?.[1]
  return filter
    ? `There is no filter “${filter}”.`
    : `The expression cannot be read: ${first.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, letter $2)')}.`
}

function checkReference(seen: Seen, node: Node, { field, path }: Reference, sight: Sight): Problem | null {
  const [root, second] = path
  if (typeof root !== 'string' || (ALWAYS.includes(root) && root !== 'vars')) return null
  const where = `params.${field}`
  if (root === 'vars') {
    if (typeof second !== 'string' || Object.hasOwn(seen.document.variables, second)) return null
    const hint = meant(second, Object.keys(seen.document.variables))
    return spot(node, where, 'expression.unknown_variable', `There is no variable “${second}”.${hint}`, 'warning')
  }
  if (OF_A_TURN.includes(root)) {
    const words = `“${root}” is there only inside a loop and in fields that are worked out for each item.`
    return sight.turning ? null : spot(node, where, 'expression.unknown', words)
  }
  const target = seen.byKey.get(root)
  if (!target) return unknown(seen, node, where, root, sight)
  const within = sight.perTurn && target.parent === node.id
  return within || seen.order.isBefore(target, node) ? null : notBefore(seen, node, where, target)
}

function unknown({ document, order }: Seen, node: Node, where: string, root: string, { perTurn, turning }: Sight): Problem {
  const inside = perTurn ? document.nodes.filter(one => one.parent === node.id) : []
  const keys = [...order.before(node), ...inside].map(one => one.key)
  const names = [...keys, ...ALWAYS, ...(turning ? OF_A_TURN : [])]
  const guess = meant(root, names)
  const there = guess || (keys.length > 0 ? ` What comes before: ${named(keys)}.` : ' No node comes before this one.')
  return spot(node, where, 'expression.unknown', `Nothing here is called “${root}”.${there}`)
}

function notBefore({ known }: Seen, node: Node, where: string, target: Node): Problem {
  const say = (message: string) => spot(node, where, 'expression.not_before', message)
  if (target.id === node.id) return say(`“${node.key}” cannot read its own output, which is not there yet.`)
  const steps = new Set<string>()
  for (let at: Node | undefined = node; at?.parent !== undefined && !steps.has(at.id); at = known.get(at.parent)) {
    steps.add(at.id)
    if (at.parent === target.id)
      return say(`“${node.key}” stands inside “${target.key}”, whose output is there only when all turns are over.`)
  }
  const container = target.parent === undefined ? undefined : known.get(target.parent)
  if (container && container.id !== node.parent)
    return say(`“${target.key}” stands inside “${container.key}” and cannot be read from outside. Read “${container.key}”.`)
  return say(
    `“${target.key}” does not come before “${node.key}”, so its output may not be there yet. Connect them, or read another node.`,
  )
}

function meant(name: string, names: readonly string[]): string {
  const guess = nearest(name, names)
  return guess === null ? '' : ` Did you mean “${guess}”?`
}
