import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

/** What a workflow is called as a tool, and its live version. */
export type ToolRow = { tool: string; version: string }

type Wanted = { name?: string; after?: string; limit?: number }

/** The tools of a workspace, by name: live versions of active workflows. */
export async function listTools(db: Kysely<Tables>, workspace: string, { name, after = '', limit }: Wanted): Promise<ToolRow[]> {
  let query = db
    .selectFrom('workflows')
    .innerJoin('workflow_versions', it =>
      it.onRef('workflow_versions.workflow_id', '=', 'workflows.id').onRef('workflow_versions.number', '=', 'workflows.live'),
    )
    .select(['workflows.tool', 'workflow_versions.id as version'])
    .where('workflows.workspace_id', '=', workspace)
    .where('workflows.tool', '>', after)
    .where('workflows.active', '=', 1)
    .where('workflows.archived_at', 'is', null)
    .orderBy('workflows.tool')
  if (name !== undefined) query = query.where('workflows.tool', '=', name)
  if (limit !== undefined) query = query.limit(limit)
  return (await query.execute()).flatMap(({ tool, version }) => (tool === null ? [] : [{ tool, version }]))
}
