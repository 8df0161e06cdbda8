import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Filter = { limit: number; cursor?: string | undefined; kind?: string | undefined }

/** A page of credentials, newest first, without what is sealed; one row more than the limit. */
export function listCredentials(db: Kysely<Tables>, workspace: string, { limit, cursor, kind }: Filter) {
  let query = db
    .selectFrom('credentials')
    .select(['id', 'name', 'kind', 'fields', 'created_at', 'created_by', 'updated_at'])
    .where('workspace_id', '=', workspace)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('id', '<', cursor)
  if (kind) query = query.where('kind', '=', kind)
  return query.execute()
}

/** One credential with what is sealed. */
export function findCredential(db: Kysely<Tables>, workspace: string, id: string) {
  return db.selectFrom('credentials').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()
}
