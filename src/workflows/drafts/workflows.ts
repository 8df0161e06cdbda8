import { z } from 'zod'
import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { type Drawn, parseDocument, settle, type WorkflowDocument } from '#workflows/document.ts'
import { refuseOtherFolder } from '#workflows/folders/folders.ts'
import { findWorkflow, holdWorkflow, listWorkflows, newestRuns, type WorkflowRow } from '#workflows/queries.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import type { SORTS } from './contract.ts'
import { columnsOf } from './draft.ts'

type Db = World['db']

const STARTS = z.array(z.string())

const stateOf = (row: Omit<WorkflowRow, 'draft' | 'workspace_id' | 'tool'>) => ({
  id: row.id,
  rev: row.rev,
  live: row.live,
  active: row.active === 1,
  archived: row.archived_at !== null,
  folderId: row.folder_id,
  createdAt: iso(row.created_at),
  createdBy: row.created_by,
  updatedAt: iso(row.updated_at),
  updatedBy: row.updated_by,
})

/** A workflow with its draft, as the API shows it. */
export const show = (row: WorkflowRow) => ({ ...parseDocument(row.draft), ...stateOf(row) })

const is = (flag: 'true' | 'false' | undefined) => (flag === undefined ? undefined : flag === 'true')

/** Lists the workflows. */
export async function workflows({ db }: World, { caller, query }: Given<typeof contract.workflows>) {
  const { archived, active, live, cursor, ...rest } = query
  const filter = { ...rest, archived: archived === 'true', active: is(active), live: is(live), after: afterOf(cursor) }
  const rows = await listWorkflows(db, caller.workspace, filter)
  const items = rows.slice(0, query.limit)
  const runs = await newestRuns(
    db,
    caller.workspace,
    items.map(({ id }) => id),
  )
  const last = items.at(-1)
  return {
    items: items.map(row => ({
      ...stateOf(row),
      name: row.name,
      description: row.description,
      triggers: STARTS.parse(JSON.parse(row.starts)),
      nodes: row.nodes,
      lastRun: runs.get(row.id) ?? null,
    })),
    next: rows.length > query.limit && last ? cursorOf(last, query.sort) : null,
  }
}

/** Where a page ended: the id, and what the list is sorted by. */
const AFTER = z.tuple([z.string(), z.union([z.string(), z.number()])])

function cursorOf(
  { id, name, updated_at }: Pick<WorkflowRow, 'id' | 'name' | 'updated_at'>,
  sort: (typeof SORTS)[number],
): string {
  if (sort === 'newest') return id
  return Buffer.from(JSON.stringify([id, sort === 'name' ? name : Number(updated_at)])).toString('base64url')
}

/** What stands in a cursor; a bare id is one, too. */
function afterOf(cursor: string | undefined): { id: string; value: string | number } | undefined {
  if (cursor === undefined) return undefined
  try {
    const [id, value] = AFTER.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { id, value }
  } catch {
    return { id: cursor, value: '' }
  }
}

/** One workflow with its draft. */
export const workflow = async ({ db }: World, { caller, params }: Given<typeof contract.workflow>) =>
  show(await demandWorkflow(db, caller.workspace, params.id))

/** One workflow. Fails with `workflow.not_found`. */
export async function demandWorkflow(db: Db, workspace: string, id: string): Promise<WorkflowRow> {
  const row = await findWorkflow(db, workspace, id)
  if (!row) throw new Fault('workflow.not_found')
  return row
}

/** One workflow, which nobody else changes until the transaction ends. Fails with `workflow.not_found`. */
export async function demandHeld(trx: Db, workspace: string, id: string): Promise<WorkflowRow> {
  const row = await holdWorkflow(trx, workspace, id)
  if (!row) throw new Fault('workflow.not_found')
  return row
}

/** Makes a workflow. */
export async function createWorkflow(world: World, { caller, body }: Given<typeof contract.createWorkflow>) {
  const { folderId = null, ...drawn } = body
  return make(world, caller, drawn, folderId, 'workflow.created')
}

/** Makes a workflow with the draft of another. */
export async function duplicateWorkflow(world: World, { caller, params, body }: Given<typeof contract.duplicateWorkflow>) {
  const row = await demandWorkflow(world.db, caller.workspace, params.id)
  const document = parseDocument(row.draft)
  const name = body.name ?? `${document.name.slice(0, 190)} (copy)`
  return make(world, caller, { ...document, name }, row.folder_id, 'workflow.duplicated', { from: row.id })
}

/** Makes a workflow in one transaction with its audit entry. */
export async function make(
  world: World,
  caller: Member,
  drawn: Drawn,
  folder: string | null,
  action: string,
  details: Record<string, unknown> = {},
) {
  const document: WorkflowDocument = settle(drawn, world.library)
  const now = world.clock.now()
  const row: WorkflowRow = {
    id: world.ids.next('wf'),
    workspace_id: caller.workspace,
    folder_id: folder,
    ...columnsOf(document, world.library),
    rev: 1,
    live: null,
    tool: null,
    active: 0,
    archived_at: null,
    created_at: now,
    created_by: caller.user.id,
    updated_at: now,
    updated_by: caller.user.id,
  }
  await world.db.transaction().execute(async trx => {
    if (folder !== null) await refuseOtherFolder(trx, caller.workspace, folder, 'workflows')
    await trx.insertInto('workflows').values(row).execute()
    await record(trx, world, caller, action, { id: row.id, name: row.name }, { nodes: row.nodes, ...details })
  })
  return show(row)
}
