import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** A page of folders, newest first; one row more than the limit. */
export function listFolders(
  db: Db,
  workspace: string,
  { kind, limit, cursor }: { kind: string; limit: number; cursor?: string | undefined },
) {
  let query = db
    .selectFrom('folders')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('id', '<', cursor)
  return query.execute()
}

/** One folder. */
export const findFolder = (db: Db, workspace: string, id: string) =>
  db.selectFrom('folders').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()

/** The folders that stand in one of these. */
export const foldersIn = (db: Db, workspace: string, parents: readonly string[]) =>
  db.selectFrom('folders').select('id').where('workspace_id', '=', workspace).where('parent_id', 'in', parents).execute()

/** Lets those who change folders of a workspace go one after the other, until the transaction ends. */
export async function holdFolders(trx: Db, workspace: string): Promise<void> {
  await trx
    .updateTable('workspaces')
    .set(it => ({ name: it.ref('name') }))
    .where('id', '=', workspace)
    .execute()
}
