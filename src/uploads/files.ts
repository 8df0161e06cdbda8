import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { BUCKETS } from './contract.ts'
import { findFile, listFiles } from './queries.ts'

/** A row of a file. */
export type Row = Selectable<Tables['files']>

/** A file as the API shows it. */
export const show = (row: Row) => ({
  id: row.id,
  name: row.name,
  type: row.type,
  size: row.size,
  hash: row.hash,
  bucket: bucketOf(row.bucket),
  createdAt: iso(row.created_at),
  createdBy: row.created_by,
})

/** The bucket of this name. */
export function bucketOf(name: string): (typeof BUCKETS)[number] {
  const bucket = BUCKETS.find(one => one === name)
  if (!bucket)
    throw new Fault('request.invalid', { details: [{ path: 'body.bucket', message: `must be ${BUCKETS.join(' or ')}` }] })
  return bucket
}

/** Lists the files. */
export async function files({ db }: World, { caller, query }: Given<typeof contract.files>) {
  const { items, next } = pageOf(await listFiles(db, caller.workspace, query), query.limit)
  return { items: items.map(show), next }
}

/** What is known of a file. */
export async function fileInfo({ db }: World, { caller, params }: Given<typeof contract.fileInfo>) {
  return show(await demandFile(db, caller.workspace, params.id))
}

/** One file. Fails with `file.not_found`. */
export async function demandFile(db: World['db'], workspace: string, id: string): Promise<Row> {
  const file = await findFile(db, workspace, id)
  if (!file) throw new Fault('file.not_found')
  return file
}
