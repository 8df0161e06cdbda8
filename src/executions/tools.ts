import type { PlanNode } from '#engine/plan.ts'
import { Fault } from '#errors.ts'
import type { NodeTool } from '#sdk/context.ts'
import { hinted, type Schema, schemaAt } from '#workflows/check/schema.ts'
import type { NodeContext } from './context.ts'
import { askedFor } from './input.ts'
import type { Attempt } from './node.ts'
import type { Part } from './plans.ts'
import type { Run } from './run.ts'
import { scopeOf } from './scope.ts'
import type { Shell } from './shell.ts'

/** Makes the context in which a node that offers several tools says which. */
type ContextOf = (part: Part, credential: NodeContext['credential']) => NodeContext

/** A node that may be called, and how it was drawn. */
type Inside = { node: PlanNode; part: Part; about: string | undefined; input: Schema | undefined }

/** No model takes longer names. */
const LONGEST_NAME = 64

/** The tools of a container that calls: the nodes inside of it that no edge leads to. */
export async function toolsOf(shell: Shell, run: Run, it: Attempt, contextOf: ContextOf): Promise<NodeTool[]> {
  const tools: NodeTool[] = []
  for (const inside of insideOf(run, it)) {
    const { node, part } = inside
    if (part.block.offer) tools.push(...(await offered(shell, run, it, inside, contextOf)))
    else
      tools.push({
        name: node.key,
        about: aboutOf(inside),
        input: inside.input ?? (await inputOf(shell, run, inside)),
        node: node.key,
        offered: null,
      })
  }
  const names = new Set<string>()
  return tools.filter(({ name }) => !names.has(name) && names.add(name))
}

function insideOf({ state, ready }: Run, { cell }: Attempt): Inside[] {
  const { scopes, nodes } = state.plan
  return (scopes[cell.node.opens ?? -1]?.starts ?? []).flatMap(at => {
    const node = nodes[at]
    const part = node && ready.parts.get(node)
    if (!node || node.disabled || !part) return []
    const drawn = ready.drawn.nodes.find(one => one.id === node.id)
    const about = [drawn?.tool?.about, drawn?.notes].find(text => text?.trim())
    return [{ node, part, about: about ?? named(drawn?.name, part), input: drawn?.tool?.input }]
  })
}

const named = (name: string | undefined, { block }: Part) => (name ? `${name}. ${block.about}` : undefined)
const aboutOf = ({ about, part }: Inside) => about ?? part.block.about

async function offered(shell: Shell, run: Run, it: Attempt, { node, part }: Inside, contextOf: ContextOf): Promise<NodeTool[]> {
  const filled = part.filler
    ? part.filler.fill(await scopeOf(shell, run, it.cell.frame, part.filler.roots, it.from, { item: null, index: null }))
    : null
  const input = filled === null ? part.constant : part.block.input.parse({ ...Object(filled), ...part.raw })
  const credential = part.credential === null ? null : await shell.credential(run.workspace, part.credential)
  const tools = (await part.block.offer?.(input, contextOf(part, credential))) ?? []
  return tools.map(tool => ({ ...tool, name: nameOf(node.key, tool.name), node: node.key, offered: tool.name }))
}

const nameOf = (key: string, tool: string) => `${key}_${tool.replace(/[^\w-]/g, '_')}`.slice(0, LONGEST_NAME)

/** What a model has to give: what the templates of the node read of `item`, each of the kind of its field. */
async function inputOf(shell: Shell, run: Run, { node, part }: Inside): Promise<Schema> {
  const read = part.filler?.references.filter(({ path }) => path[0] === 'item') ?? []
  if (read.some(({ path }) => path.length === 1)) return wholeOf(shell, run, part, node.params)
  const properties: Record<string, Schema> = {}
  for (const { field, path } of read) {
    const name = String(path[1])
    if (name in properties) continue
    properties[name] = { ...(path.length === 2 ? kindOf(part, node.params, field) : {}), ...titled(part, field) }
  }
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

/** Of a field that is nothing but this template: what the field takes. Of a text around it: text. */
function kindOf({ block }: Part, params: unknown, field: string): Schema {
  const path = field.split(/[.[\]]+/).filter(Boolean)
  const written = path.reduce((value: unknown, name) => Reflect.get(Object(value), name), params)
  const isWhole = typeof written === 'string' && /^\s*\{\{[^{}]*\}\}\s*$/.test(written)
  if (!isWhole) return { type: 'string' }
  const { title: _title, description: _about, ...kind } = schemaAt(block, path) ?? {}
  return kind
}

function titled({ block }: Part, field: string): Schema {
  const { title, description } = schemaAt(block, field.split(/[.[\]]+/).filter(Boolean)) ?? {}
  const words = [title, description].filter(text => typeof text === 'string').join(': ')
  return words === '' ? {} : { description: words }
}

/** What is given is passed on as it is. To another workflow: then it is what that asks for. */
async function wholeOf(shell: Shell, run: Run, { block }: Part, params: unknown): Promise<Schema> {
  const anything: Schema = { type: 'object', additionalProperties: true }
  const [called] = hinted(block, params, 'workflow')
  if (typeof called?.value !== 'string') return anything
  try {
    const ready = await shell.liveVersion(run.workspace, called.value)
    return askedFor(ready, shell.startOf(ready, ['api', 'manual'])) ?? anything
  } catch (error) {
    // It fails when it is called, in words that the model can do something with.
    if (error instanceof Fault) return anything
    throw error
  }
}
