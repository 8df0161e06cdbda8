import type { Selectable } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { eventStream, type StreamEvent } from '#http/stream.ts'
import { parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import { findWorkflow } from '#workflows/queries.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { HEARD, rehearsalKey, rehearsalTopic } from './rehearsed.ts'

/** An address for a test call is open for so long. */
const OPEN = 10 * 60_000
/** A nudge may be lost, and those of other processes are not heard: then it takes this long. */
const SLOW_LOOK = 1_000

type Row = Selectable<Tables['rehearsals']>

/** Makes an address for one test call of a webhook of the draft. */
export async function rehearse(world: World, { caller, params, body }: Given<typeof contract.rehearse>) {
  const workflow = await findWorkflow(world.db, caller.workspace, params.id)
  if (!workflow) throw new Fault('workflow.not_found')
  if (workflow.archived_at !== null) throw new Fault('workflow.archived')
  const node = demandNode(world, parseDocument(workflow.draft), body.node)
  const now = world.clock.now()
  const row = {
    key: rehearsalKey(world.ids.secret),
    workspace_id: caller.workspace,
    workflow_id: workflow.id,
    node_id: node,
    created_at: now,
    until: now + OPEN,
    heard_at: null,
    heard: null,
  }
  await world.db.transaction().execute(async trx => {
    await trx.insertInto('rehearsals').values(row).execute()
    await record(trx, world, caller, 'workflow.rehearsed', { id: workflow.id, name: workflow.name }, { node })
  })
  return { id: row.key, url: addressOf(world, row.key), until: iso(row.until) }
}

const addressOf = ({ place }: World, key: string) => `${place()}/hooks/${key}`

function demandNode({ library }: World, { nodes }: WorkflowDocument, name: string | undefined): string {
  const called = nodes.filter(({ block, version }) => library.find(block, version)?.start?.by === 'call')
  const named = nodes.find(({ id, key }) => id === name || key === name)
  if (name !== undefined && !named) throw new Fault('node.not_found', { message: `The draft has no node “${name}”.` })
  const node = named ?? (called.length === 1 ? called[0] : undefined)
  if (!node) throw new Fault('node.not_found', { message: 'Say which node of the draft is meant.' })
  if (!called.includes(node)) throw new Fault('trigger.not_a_trigger', { message: `“${node.key}” is started by no calls.` })
  return node.id
}

async function demandRehearsal({ db }: World, workspace: string, key: string): Promise<Row> {
  const row = await db
    .selectFrom('rehearsals')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!row) throw new Fault('rehearsal.not_found')
  return row
}

function show(world: World, row: Row) {
  const { sample, refused } = HEARD.parse(JSON.parse(row.heard ?? '{"sample":null,"refused":null}'))
  const state: 'waiting' | 'heard' | 'expired' =
    row.heard_at !== null ? 'heard' : row.until > world.clock.now() ? 'waiting' : 'expired'
  return {
    id: row.key,
    url: addressOf(world, row.key),
    workflowId: row.workflow_id,
    nodeId: row.node_id,
    state,
    until: iso(row.until),
    heardAt: row.heard_at === null ? null : iso(row.heard_at),
    refused: refused && { ...refused, at: iso(refused.at) },
    sample,
  }
}

/** How an address for a test call stands. */
export const rehearsal = async (world: World, { caller, params }: Given<typeof contract.rehearsal>) =>
  show(world, await demandRehearsal(world, caller.workspace, params.id))

/** A test call as it comes. */
export async function rehearsalEvents(world: World, { caller, params, signal }: Given<typeof contract.rehearsalEvents>) {
  await demandRehearsal(world, caller.workspace, params.id)
  return eventStream(happening(world, caller.workspace, params.id, signal), signal)
}

async function* happening(world: World, workspace: string, key: string, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  let wake = () => {}
  let nudged = false
  const stop = world.feed.listen(rehearsalTopic(key), () => {
    nudged = true
    wake()
  })
  signal.addEventListener('abort', () => wake())
  let said = ''
  try {
    while (!signal.aborted) {
      nudged = false
      const data = show(world, await demandRehearsal(world, workspace, key))
      const news = `${data.state} ${data.refused?.at ?? ''}`
      if (news !== said) yield { event: data.state === 'waiting' && data.refused ? 'refused' : data.state, data }
      said = news
      if (data.state !== 'waiting') return
      if (!nudged)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, SLOW_LOOK)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          if (signal.aborted || nudged) wake()
        })
    }
  } finally {
    stop()
  }
}
