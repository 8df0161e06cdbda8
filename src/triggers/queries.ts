import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Filter = { limit: number; cursor?: string | undefined; workflowId?: string | undefined }

/** A page of triggers, newest first; one row more than the limit. */
export function listTriggers(db: Kysely<Tables>, workspace: string, { limit, cursor, workflowId }: Filter) {
  let query = db
    .selectFrom('triggers')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('id', '<', cursor)
  if (workflowId) query = query.where('workflow_id', '=', workflowId)
  return query.execute()
}

/** One trigger. */
export function findTrigger(db: Kysely<Tables>, workspace: string, id: string) {
  return db.selectFrom('triggers').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()
}
