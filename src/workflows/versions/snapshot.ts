import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { hashOf } from '#workflows/canonical.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { findByHash } from '#workflows/queries.ts'
import type { World } from '#world.ts'

type Means = { db: Kysely<Tables> } & Pick<World, 'ids' | 'clock'>

/**
 * Keeps a workflow as it is now so that it can be run, and answers with the id of its row in `workflow_versions`. What is kept
 * already, also as a published version, is not kept twice; two that come at the same moment may each keep it, which does no harm.
 */
export async function keepSnapshot(
  { db, ids, clock }: Means,
  workspace: string,
  workflowId: string,
  document: WorkflowDocument,
): Promise<string> {
  const hash = hashOf(document)
  const known = await findByHash(db, workspace, workflowId, hash)
  if (known) return known.id
  const id = ids.next('ver')
  await db
    .insertInto('workflow_versions')
    .values({
      id,
      workspace_id: workspace,
      workflow_id: workflowId,
      number: null,
      hash,
      document: JSON.stringify(document),
      note: '',
      created_at: clock.now(),
      created_by: null,
    })
    .execute()
  return id
}
