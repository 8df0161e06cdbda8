import { z } from 'zod'
import { messageOf } from '#errors.ts'
import { parseJson } from '#http/json.ts'
import { isObject } from '#sdk/given.ts'
import { parts } from '#workflows/contract.ts'

/** More nodes than this nobody designs in one go. */
const MOST_NODES = 100

// Lengths are refined, not declared: schemas that models are held to may not have them.
const upTo = (most: number) => z.string().refine(text => text.length <= most, { error: `is longer than ${most} letters` })
const Ref = upTo(100)
const Edge = z.strictObject({ from: Ref, outlet: upTo(200), to: Ref })
const few = { error: `has more than ${MOST_NODES} nodes: design it smaller` }

const Written = z.strictObject({
  explanation: upTo(4_000),
  name: z.string(),
  description: upTo(2_000),
  nodes: z
    .array(
      z.strictObject({
        key: upTo(64),
        block: upTo(100),
        name: upTo(200),
        params: z.string(),
        inside: Ref.nullable(),
        credential: upTo(400).nullable(),
        settings: z.string(),
      }),
    )
    .refine(nodes => nodes.length <= MOST_NODES, few),
  connect: z.array(Edge).refine(edges => edges.length <= 10 * MOST_NODES, { error: 'has too many edges' }),
  disconnect: z.array(Edge),
  remove: z.array(Ref),
  variables: z.string(),
  timezone: upTo(64).nullable(),
})

/** The form of an answer, for models that can be held to one. The title is what the demo knows it by. */
export const ANSWER: Record<string, unknown> = { ...z.toJSONSchema(Written), title: 'WorkflowPlan' }

/** What a node has besides what the form of an answer names. */
const { id: _id, key: _key, block: _block, version: _version, name: _name, params: _params, ...rest } = parts.nodes.element.shape
const { parent: _parent, credential: _credential, ...settings } = rest
const Settings = z.strictObject(settings)

type Texts = z.output<typeof Written>
type NodeTexts = Texts['nodes'][number]

/** A node as a model designs it. */
export type PlannedNode = Omit<NodeTexts, 'params' | 'settings'> & {
  params: Record<string, unknown>
  settings: z.output<typeof Settings>
}
/** What a model has answered: a workflow, or a change of one. */
export type Plan = Omit<Texts, 'nodes' | 'variables'> & { nodes: PlannedNode[]; variables: Record<string, unknown> }

/** A plan, or what keeps it from being one: a sentence for each. */
export type Read = { plan: Plan } | { wrong: string[] }

/** Reads what a model has answered. */
export function readAnswer(text: string): Read {
  const found = objectIn(text)
  if ('wrong' in found) return { wrong: [found.wrong] }
  const written = Written.safeParse(completed(found.value))
  if (!written.success) return { wrong: sentences(written.error, 'the answer') }
  const wrong: string[] = []
  const nodes = written.data.nodes.map(node => ({
    ...node,
    params: inner(node.params, `params of “${node.key}”`, wrong),
    settings: settingsOf(node, wrong),
  }))
  const variables = inner(written.data.variables, 'variables', wrong)
  return wrong.length > 0 ? { wrong } : { plan: { ...written.data, nodes, variables } }
}

function settingsOf(node: NodeTexts, wrong: string[]): PlannedNode['settings'] {
  const read = Settings.safeParse(inner(node.settings, `settings of “${node.key}”`, wrong))
  if (read.success) return read.data
  wrong.push(...sentences(read.error, `settings of “${node.key}”`))
  return {}
}

const sentences = (error: z.ZodError, where: string) =>
  error.issues.slice(0, 10).map(({ path, message }) => `${[where, ...path.map(String)].join(' › ')}: ${message}.`)

/** The JSON of an answer, also between fences or words. */
function objectIn(text: string): { value: Record<string, unknown> } | { wrong: string } {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1]
  const whole = text.slice(Math.max(0, text.indexOf('{')), text.lastIndexOf('}') + 1)
  let wrong = 'There is no JSON object in the answer. Answer with one JSON object and nothing else.'
  for (const one of [text.trim(), whole, fenced ?? '']) {
    if (!one.startsWith('{')) continue
    try {
      const value = parsed(one)
      if (isObject(value)) return { value }
    } catch (error) {
      wrong = `The answer is not whole JSON: ${messageOf(error)}`
    }
  }
  return { wrong }
}

/** What is legal JSON but harmful is refused here as it is in a request. */
function parsed(text: string): unknown {
  try {
    return parseJson(Buffer.from(text.toWellFormed()))
  } catch (error) {
    throw new Error(messageOf(error).replace('The body', 'It'), { cause: error })
  }
}

/** A JSON text within the answer. */
function inner(text: string, where: string, wrong: string[]): Record<string, unknown> {
  if (text.trim() === '' || text.trim() === 'null') return {}
  try {
    const value = parsed(text)
    if (isObject(value)) return value
    wrong.push(`${where}: must be the text of a JSON object.`)
  } catch (error) {
    wrong.push(`${where}: must be the text of a JSON object. ${messageOf(error)}`)
  }
  return {}
}

const EMPTY = {
  explanation: '',
  name: '',
  description: '',
  nodes: [],
  connect: [],
  disconnect: [],
  remove: [],
  variables: '{}',
  timezone: null,
}

/** Models that nobody holds to the form leave out what is empty, and write objects where texts of objects are asked for. */
function completed(value: Record<string, unknown>): unknown {
  const list = (of: unknown, each: (one: Record<string, unknown>) => unknown) =>
    Array.isArray(of) ? of.map(one => (isObject(one) ? each(one) : one)) : of
  const edge = (one: Record<string, unknown>) => ({ from: one.from, outlet: one.outlet ?? 'main', to: one.to })
  const node = (one: Record<string, unknown>) => ({
    key: one.key,
    block: one.block,
    name: one.name ?? '',
    params: written(one.params),
    inside: one.inside ?? null,
    credential: one.credential ?? null,
    settings: written(one.settings),
  })
  const all = Object.fromEntries(Object.entries(EMPTY).map(([name, empty]) => [name, value[name] ?? empty]))
  return {
    ...all,
    nodes: list(all.nodes, node),
    connect: list(all.connect, edge),
    disconnect: list(all.disconnect, edge),
    variables: written(all.variables),
  }
}

const written = (value: unknown) =>
  value === null || value === undefined ? '{}' : isObject(value) ? JSON.stringify(value) : value
