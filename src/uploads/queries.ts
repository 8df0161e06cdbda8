import { type Kysely, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { BUCKETS } from './contract.ts'

type Db = Kysely<Tables>
type Filter = {
  limit: number
  cursor?: string | undefined
  bucket?: (typeof BUCKETS)[number] | undefined
  q?: string | undefined
}

/** The bucket of a file whose bytes are still on their way: nobody sees it, but it holds on to the bytes. */
export const ARRIVING = 'arriving'

/** A page of files, newest first; one row more than the limit. */
export function listFiles(db: Db, workspace: string, { limit, cursor, bucket, q }: Filter) {
  let query = db
    .selectFrom('files')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('bucket', 'in', bucket ? [bucket] : BUCKETS)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('id', '<', cursor)
  if (q) query = query.where(it => it.or([like('name', q), like('lower(name)', q.toLowerCase())]))
  return query.execute()
}

/** As it is written too: SQLite knows the small letters of ASCII only. */
const like = (name: string, part: string) =>
  sql<boolean>`${sql.raw(name)} like ${`%${part.replace(/[%_\\]/g, '\\$&')}%`} escape '\\'`

/** One file. */
export function findFile(db: Db, workspace: string, id: string) {
  const row = db.selectFrom('files').selectAll().where('workspace_id', '=', workspace).where('id', '=', id)
  return row.where('bucket', 'in', BUCKETS).executeTakeFirst()
}

/** Those of these files that are there. */
export async function findFiles(db: Db, workspace: string, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = db.selectFrom('files').select(['id', 'name', 'type', 'hash']).where('workspace_id', '=', workspace)
  return rows.where('id', 'in', ids).where('bucket', 'in', BUCKETS).execute()
}

/**
 * Which of these values something refers to, also what is only arriving. Bytes that this does not name are removed:
 * whoever keeps a hash in another table has to be asked here.
 */
export async function referredTo(db: Db, workspace: string, hashes: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('files')
    .select('hash')
    .distinct()
    .where('workspace_id', '=', workspace)
    .where('hash', 'in', hashes)
    .execute()
  const held = await db
    .selectFrom('held_values')
    .select('hash')
    .distinct()
    .where('workspace_id', '=', workspace)
    .where('hash', 'in', hashes)
    .execute()
  return new Set([...rows, ...held].map(row => row.hash))
}

/** Lets those who add and remove values of a workspace go one after the other, until the transaction ends. */
export async function holdFiles(trx: Db, workspace: string): Promise<void> {
  await trx
    .updateTable('workspaces')
    .set(it => ({ name: it.ref('name') }))
    .where('id', '=', workspace)
    .execute()
}
