import { record } from '#audit/record.ts'
import type { Given } from '#http/serve.ts'
import { parseDocument } from '#workflows/document.ts'
import { writeDraft } from '#workflows/drafts/draft.ts'
import { demandHeld } from '#workflows/drafts/workflows.ts'
import { armTriggers } from '#workflows/versions/arm.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandTrigger, showOne } from './triggers.ts'

/** Turns a trigger on or off; one that paused by itself begins anew. */
export async function changeTrigger(world: World, { caller, params, body }: Given<typeof contract.changeTrigger>) {
  const shown = await world.db.transaction().execute(async trx => {
    const row = await demandTrigger(trx, caller.workspace, params.id)
    const enabled = body.enabled ? 1 : 0
    if (row.enabled === enabled && row.paused_at === null) return showOne(trx, world, caller.workspace, row.id)
    const begin = body.enabled ? { paused_at: null, paused_why: null, failures: 0 } : {}
    await trx
      .updateTable('triggers')
      .set({ enabled, ...begin })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .execute()
    await armTriggers(trx, world, caller.workspace, row.workflow_id)
    const { name } = await demandHeld(trx, caller.workspace, row.workflow_id)
    const action = body.enabled ? 'trigger.turned_on' : 'trigger.turned_off'
    await record(trx, world, caller, action, { id: row.id, name }, { node: row.node_id, kind: row.kind })
    return showOne(trx, world, caller.workspace, row.id)
  })
  world.feed.nudge(TRIGGERS)
  return shown
}

/** Turns a trigger off and takes its node out of the draft. */
export async function deleteTrigger(world: World, { caller, params }: Given<typeof contract.deleteTrigger>) {
  await world.db.transaction().execute(async trx => {
    const trigger = await demandTrigger(trx, caller.workspace, params.id)
    await trx
      .updateTable('triggers')
      .set({ enabled: 0 })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', trigger.id)
      .execute()
    await armTriggers(trx, world, caller.workspace, trigger.workflow_id)
    const row = await demandHeld(trx, caller.workspace, trigger.workflow_id)
    const draft = parseDocument(row.draft)
    const nodes = draft.nodes.filter(node => node.id !== trigger.node_id)
    const edges = draft.edges.filter(edge => edge.source !== trigger.node_id && edge.target !== trigger.node_id)
    await record(trx, world, caller, 'trigger.deleted', { id: trigger.id, name: row.name }, { node: trigger.node_id })
    if (nodes.length === draft.nodes.length) return
    const details = { parts: ['nodes', 'edges'] }
    await writeDraft(trx, world, caller, row, { ...draft, nodes, edges }, { action: 'workflow.changed', details })
  })
  world.feed.nudge(TRIGGERS)
  return { ok: true as const }
}
