import { record } from '#audit/record.ts'
import { isUnique } from '#db/db.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { Given } from '#http/serve.ts'
import { hashOf } from '#workflows/canonical.ts'
import { refuseErrors } from '#workflows/check/refuse.ts'
import { toolName, toolTaken } from '#workflows/check/tool.ts'
import { loadVersion, parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import { refuseStale } from '#workflows/drafts/draft.ts'
import { demandHeld, demandWorkflow } from '#workflows/drafts/workflows.ts'
import { newestVersion, type WorkflowRow } from '#workflows/queries.ts'
import { problemsOf } from '#workflows/validate.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { syncTriggers, TRIGGERS } from './triggers.ts'
import { show, type VersionRow } from './versions.ts'

type Db = World['db']

/** How often a draft that changes while it is checked is checked again. */
const TRIES = 5

/** Makes the draft the live version. It is checked before anything is held, for that takes time. */
export async function publish(world: World, { caller, params, body }: Given<typeof contract.publish>) {
  for (let left = TRIES; ; left -= 1) {
    const row = await demandWorkflow(world.db, caller.workspace, params.id)
    refuseStale(row, body.rev)
    if (row.archived_at !== null) throw new Fault('workflow.archived')
    const document = parseDocument(row.draft)
    const problems = await problemsOf(world.db, world.library, caller.workspace, row.id, document)
    refuseErrors(problems, document, 'was not published')
    const version = await world.db.transaction().execute(async trx => {
      const held = await demandHeld(trx, caller.workspace, params.id)
      refuseStale(held, body.rev)
      if (held.archived_at !== null) throw new Fault('workflow.archived')
      return held.rev === row.rev ? keep(trx, world, caller, held, document, body.note) : null
    })
    if (version) {
      world.feed.nudge(TRIGGERS)
      return { ...show(version, version.number), problems }
    }
    if (left === 1) throw new Fault('workflow.stale', { message: 'The draft keeps changing. Publish it when nobody edits it.' })
  }
}

/** Makes an older version the live one. What has come to be wrong with it since is told and does not stand in the way. */
export async function publishVersion(world: World, { caller, params }: Given<typeof contract.publishVersion>) {
  const version = await world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    if (row.archived_at !== null) throw new Fault('workflow.archived')
    const found = await loadVersion(trx, caller.workspace, row.id, params.n)
    await goLive(trx, world, row, { ...found, number: params.n }, found.document)
    const details = { version: params.n, from: row.live }
    if (row.live !== params.n) await record(trx, world, caller, 'workflow.rolled_back', { id: row.id, name: row.name }, details)
    return found
  })
  world.feed.nudge(TRIGGERS)
  const problems = await problemsOf(world.db, world.library, caller.workspace, params.id, version.document)
  return { ...show(version, params.n), problems }
}

/** Keeps the draft as the next version, unless the newest one is the same, and makes that live. */
async function keep(
  trx: Db,
  world: World,
  caller: Member,
  row: WorkflowRow,
  document: WorkflowDocument,
  note: string,
): Promise<VersionRow & { number: number }> {
  const hash = hashOf(document)
  const newest = await newestVersion(trx, row.workspace_id, row.id)
  if (newest?.hash === hash && newest.number !== null) {
    const version = { ...newest, number: newest.number }
    if (row.live !== version.number) {
      await goLive(trx, world, row, version, document)
      await record(trx, world, caller, 'workflow.published', { id: row.id, name: row.name }, { version: version.number })
    }
    return version
  }
  const version = {
    id: world.ids.next('ver'),
    number: (newest?.number ?? 0) + 1,
    hash,
    note,
    created_at: world.clock.now(),
    created_by: caller.user.id,
  }
  const kept = { workspace_id: row.workspace_id, workflow_id: row.id, document: row.draft }
  await trx
    .insertInto('workflow_versions')
    .values({ ...version, ...kept })
    .execute()
  await goLive(trx, world, row, version, document)
  const details = { version: version.number, ...(note === '' ? {} : { note }) }
  await record(trx, world, caller, 'workflow.published', { id: row.id, name: row.name }, details)
  return version
}

/** Makes a version the live one. The first one also turns the triggers on; later a person's decision stays. */
async function goLive(
  trx: Db,
  world: World,
  row: WorkflowRow,
  { number }: { number: number },
  document: WorkflowDocument,
): Promise<void> {
  const previous = row.live === null ? null : (await loadVersion(trx, row.workspace_id, row.id, row.live)).document
  await trx
    .updateTable('workflows')
    .set({ live: number, active: row.live === null ? 1 : row.active, tool: toolName(document) })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .execute()
    .catch(error => {
      throw isUnique(error) ? toolTaken(error) : error
    })
  await syncTriggers(trx, world, { workspace: row.workspace_id, workflow: row.id }, document, previous)
}
