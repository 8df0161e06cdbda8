import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { Block } from '#sdk/define.ts'
import { parseDocument, settle, type WorkflowDocument } from '#workflows/document.ts'
import { refuseStale, writeDraft } from '#workflows/drafts/draft.ts'
import { demandHeld } from '#workflows/drafts/workflows.ts'
import { publish } from '#workflows/versions/publish.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { showOne } from './triggers.ts'

type Request = Given<typeof contract.createTrigger>

/** Where a new box stands: left of the others, below those that stand there already. */
const STEP = 120

/** Adds a trigger to a draft, and publishes it where that is wanted. */
export async function createTrigger(world: World, given: Request) {
  const { caller, body } = given
  const block = demandStart(world, body.block)
  readParams(block, body.params)
  const made = await world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, body.workflowId)
    refuseStale(row, body.rev)
    if (row.archived_at !== null) throw new Fault('workflow.archived')
    const draft = parseDocument(row.draft)
    const { id, document } = added(draft, block, body, world)
    const details = { parts: ['nodes', 'edges'], trigger: block.id }
    const written = await writeDraft(trx, world, caller, row, document, { action: 'workflow.changed', details })
    return { nodeId: id, rev: written.rev }
  })
  if (!body.publish) return { ...made, trigger: null }
  await publish(world, {
    ...given,
    params: { id: body.workflowId },
    query: undefined,
    body: { note: `Added ${block.title}`, rev: made.rev },
  })
  const row = await world.db
    .selectFrom('triggers')
    .select('id')
    .where('workspace_id', '=', caller.workspace)
    .where('workflow_id', '=', body.workflowId)
    .where('node_id', '=', made.nodeId)
    .executeTakeFirstOrThrow()
  return { ...made, trigger: await showOne(world.db, world, caller.workspace, row.id) }
}

/** The newest version of a block that starts executions. */
export function demandStart({ library }: Pick<World, 'library'>, id: string): Block & Required<Pick<Block, 'start'>> {
  const block = library.newest(id)
  if (!block) throw new Fault('block.not_found')
  if (!block.start) throw new Fault('trigger.not_a_trigger', { message: `“${block.title}” does not start anything.` })
  return { ...block, start: block.start }
}

/** The parameters of a trigger. Fails with `trigger.bad_params`, naming the fields. */
export function readParams(block: Block, params: Record<string, unknown>): unknown {
  const parsed = block.input.safeParse(params)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues
    .slice(0, 50)
    .map(({ path, message }) => ({ path: ['params', ...path.map(String)].join('.'), message }))
  throw new Fault('trigger.bad_params', {
    message: `The trigger cannot be meant: ${details[0]?.path}: ${details[0]?.message}`,
    details,
  })
}

function added(draft: WorkflowDocument, block: Block, body: Request['body'], { library }: World) {
  const id = free(
    `${body.key ?? block.id.split('.')[0]}`,
    draft.nodes.map(node => node.id),
  )
  const key = free(
    body.key ?? block.id.split('.')[0] ?? 'start',
    draft.nodes.map(node => node.key),
  )
  const led = new Set(draft.edges.map(edge => edge.target))
  const heads = draft.nodes.filter(
    node => node.parent === undefined && !led.has(node.id) && !library.find(node.block, node.version)?.start,
  )
  const targets = body.to ?? (heads.length > 0 ? heads.map(node => node.id) : headsOfTriggers(draft, library))
  const missing = targets.find(target => !draft.nodes.some(node => node.id === target))
  if (missing !== undefined)
    throw new Fault('request.invalid', { details: [{ path: 'body.to', message: `There is no node ${missing}.` }] })
  const places = Object.values(draft.layout.nodes)
  const place = {
    x: Math.min(0, ...places.map(({ x }) => x)),
    y: places.length === 0 ? 0 : Math.max(...places.map(({ y }) => y)) + STEP,
  }
  const node = {
    id,
    key,
    block: block.id,
    version: block.version,
    params: body.params,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.credential === undefined ? {} : { credential: body.credential }),
  }
  const document = settle(
    {
      ...draft,
      nodes: [...draft.nodes, node],
      edges: [...draft.edges, ...targets.map(target => ({ source: id, target }))],
      layout: { ...draft.layout, nodes: { ...draft.layout.nodes, [id]: place } },
    },
    library,
  )
  return { id, document }
}

/** Where everything is led to already, a further trigger leads where the others do. */
function headsOfTriggers({ nodes, edges }: WorkflowDocument, library: World['library']): string[] {
  const starts = new Set(nodes.filter(node => library.find(node.block, node.version)?.start).map(node => node.id))
  return [...new Set(edges.filter(edge => starts.has(edge.source)).map(edge => edge.target))]
}

/** A name that is not taken: with a number behind it where it must be. */
function free(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name}${number}`)) number += 1
  return `${name}${number}`
}
