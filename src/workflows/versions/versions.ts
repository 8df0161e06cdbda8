import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { loadVersion, parseDocument, type WorkflowDocument } from '#workflows/document.ts'
import { refuseStale, writeDraft } from '#workflows/drafts/draft.ts'
import { demandHeld, demandWorkflow, show as showWorkflow } from '#workflows/drafts/workflows.ts'
import { listVersions, type WorkflowRow } from '#workflows/queries.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { diffOf } from './diff.ts'

/** A row of a version without its document. */
export type VersionRow = Pick<
  Selectable<Tables['workflow_versions']>,
  'id' | 'number' | 'hash' | 'note' | 'created_at' | 'created_by'
>

/** A version as the API shows it. */
export const show = (row: VersionRow, live: number | null) => ({
  version: row.number ?? 0,
  note: row.note,
  live: row.number === live,
  createdAt: iso(row.created_at),
  createdBy: row.created_by,
})

/** Lists the published versions. */
export async function versions({ db }: World, { caller, params, query }: Given<typeof contract.versions>) {
  const { live } = await demandWorkflow(db, caller.workspace, params.id)
  // A cursor of somebody's own making finds nothing.
  if (query.cursor !== undefined && !/^\d{1,15}$/.test(query.cursor)) return { items: [], next: null }
  const before = query.cursor === undefined ? undefined : Number(query.cursor)
  const rows = await listVersions(db, caller.workspace, params.id, { limit: query.limit, before })
  const shown = rows.slice(0, query.limit)
  return {
    items: shown.map(row => show(row, live)),
    next: rows.length > query.limit ? String(shown.at(-1)?.number ?? '') : null,
  }
}

/** One version with its document. */
export async function version({ db }: World, { caller, params }: Given<typeof contract.version>) {
  const { live } = await demandWorkflow(db, caller.workspace, params.id)
  const row = await loadVersion(db, caller.workspace, params.id, params.n)
  return { ...show(row, live), document: row.document }
}

/** Makes the draft what a version was. */
export async function restoreVersion(world: World, { caller, params, body }: Given<typeof contract.restoreVersion>) {
  return world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    refuseStale(row, body.rev)
    const { document } = await loadVersion(trx, caller.workspace, row.id, params.n)
    const details = { version: params.n }
    return showWorkflow(await writeDraft(trx, world, caller, row, document, { action: 'workflow.restored', details }))
  })
}

/** Says what differs between two versions. Where nothing was published yet, everything is new. */
export async function diff({ db }: World, { caller, params, query }: Given<typeof contract.diff>) {
  const row = await demandWorkflow(db, caller.workspace, params.id)
  const [from, to] = [sideOf(row, query.from), sideOf(row, query.to) ?? 'draft']
  const [before, after] = [await sideDocument(db, row, from), await sideDocument(db, row, to)]
  return { from, to, ...diffOf(before, after ?? parseDocument(row.draft)) }
}

type Side = number | 'draft' | null

const sideOf = ({ live }: WorkflowRow, side: number | 'draft' | 'live'): Side => (side === 'live' ? live : side)

async function sideDocument(db: World['db'], row: WorkflowRow, side: Side): Promise<WorkflowDocument | null> {
  if (side === 'draft') return parseDocument(row.draft)
  return side === null ? null : (await loadVersion(db, row.workspace_id, row.id, side)).document
}
