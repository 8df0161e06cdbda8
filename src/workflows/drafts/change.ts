import { record } from '#audit/record.ts'
import type { Given } from '#http/serve.ts'
import { parseDocument, settle, type WorkflowDocument } from '#workflows/document.ts'
import { refuseOtherFolder } from '#workflows/folders/folders.ts'
import { problemsOf } from '#workflows/validate.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { refuseStale, writeDraft } from './draft.ts'
import { demandHeld, demandWorkflow, show } from './workflows.ts'

const PARTS = ['name', 'description', 'nodes', 'edges', 'layout', 'variables', 'settings'] as const

type Sent = Pick<Given<typeof contract.validateWorkflow>['body'], (typeof PARTS)[number]>

/** A draft with some of its parts replaced. */
function changed(document: WorkflowDocument, sent: Sent, { library }: World): WorkflowDocument {
  const drawn = {
    name: sent.name ?? document.name,
    description: sent.description ?? document.description,
    nodes: sent.nodes ?? document.nodes,
    edges: sent.edges ?? document.edges,
    layout: sent.layout ?? document.layout,
    variables: sent.variables ?? document.variables,
    settings: sent.settings ?? document.settings,
  }
  return settle(drawn, library)
}

/** Changes the draft. */
export async function changeWorkflow(world: World, { caller, params, body }: Given<typeof contract.changeWorkflow>) {
  return world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    refuseStale(row, body.rev)
    const { folderId: folder = row.folder_id } = body
    if (folder !== null && folder !== row.folder_id) await refuseOtherFolder(trx, caller.workspace, folder, 'workflows')
    const document = changed(parseDocument(row.draft), body, world)
    const details = { parts: PARTS.filter(part => body[part] !== undefined), ...(folder === row.folder_id ? {} : { folder }) }
    return show(await writeDraft(trx, world, caller, row, document, { folder, action: 'workflow.changed', details }))
  })
}

/** Says what is wrong with the draft, or with what is sent in place of parts of it. */
export async function validateWorkflow(world: World, { caller, params, body }: Given<typeof contract.validateWorkflow>) {
  const row = await demandWorkflow(world.db, caller.workspace, params.id)
  const document = changed(parseDocument(row.draft), body, world)
  return { problems: await problemsOf(world.db, world.library, caller.workspace, row.id, document) }
}

/** Puts a workflow into a folder, or into none. The draft stays as it is, and so does its rev. */
export async function moveWorkflow(world: World, { caller, params, body }: Given<typeof contract.moveWorkflow>) {
  return world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    if (body.folderId !== null) await refuseOtherFolder(trx, caller.workspace, body.folderId, 'workflows')
    await trx
      .updateTable('workflows')
      .set({ folder_id: body.folderId })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .execute()
    await record(trx, world, caller, 'workflow.moved', { id: row.id, name: row.name }, { from: row.folder_id, to: body.folderId })
    return show({ ...row, folder_id: body.folderId })
  })
}

/** Deletes a workflow with its versions and triggers. Its executions stay, to be read. */
export async function deleteWorkflow(world: World, { caller, params }: Given<typeof contract.deleteWorkflow>) {
  await world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    await trx.deleteFrom('memories').where('workspace_id', '=', caller.workspace).where('place', '=', row.id).execute()
    await trx.deleteFrom('workflows').where('workspace_id', '=', caller.workspace).where('id', '=', row.id).execute()
    await record(trx, world, caller, 'workflow.deleted', { id: row.id, name: row.name }, { live: row.live, nodes: row.nodes })
  })
  world.feed.nudge(TRIGGERS)
  return { ok: true as const }
}
