import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { Library } from '#sdk/library.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import type { WorkflowRow } from '#workflows/queries.ts'
import type { World } from '#world.ts'

/** The columns that follow from a draft. */
export function columnsOf(document: WorkflowDocument, library: Library) {
  const starts = document.nodes.flatMap(node =>
    node.disabled ? [] : (library.find(node.block, node.version)?.start?.kind ?? []),
  )
  return {
    name: document.name,
    description: document.description,
    draft: JSON.stringify(document),
    nodes: document.nodes.length,
    starts: JSON.stringify([...new Set(starts)]),
  }
}

/** Refuses a change of a draft that has gone on since it was read. */
export function refuseStale(row: WorkflowRow, rev: number | undefined): void {
  if (rev !== undefined && rev !== row.rev)
    throw new Fault('workflow.stale', {
      message: `The workflow was changed in the meantime: it is at rev ${row.rev}, not ${rev}.`,
      details: [{ path: 'rev', message: String(row.rev) }],
    })
}

/** Writes a draft into a row that is held, raises its rev, and answers with the row as it is now. */
export async function writeDraft(
  trx: World['db'],
  world: World,
  caller: Member,
  row: WorkflowRow,
  document: WorkflowDocument,
  { folder = row.folder_id, action, details }: { folder?: string | null; action: string; details: Record<string, unknown> },
): Promise<WorkflowRow> {
  const set = {
    ...columnsOf(document, world.library),
    folder_id: folder,
    rev: row.rev + 1,
    updated_at: world.clock.now(),
    updated_by: caller.user.id,
  }
  await trx.updateTable('workflows').set(set).where('workspace_id', '=', row.workspace_id).where('id', '=', row.id).execute()
  await record(trx, world, caller, action, { id: row.id, name: set.name }, { rev: set.rev, ...details })
  return { ...row, ...set }
}
