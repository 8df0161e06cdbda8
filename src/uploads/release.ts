import type { World } from '#world.ts'
import type { Row } from './files.ts'
import { holdFiles, referredTo } from './queries.ts'

/** Writes down a file whose bytes are about to be put in their place; waits while the same bytes are being removed. */
export const announce = (db: World['db'], row: Row): Promise<void> =>
  db.transaction().execute(async trx => {
    await holdFiles(trx, row.workspace_id)
    await trx.insertInto('files').values(row).execute()
  })

/** Removes the bytes of a value if nothing refers to them any more; answers whether it did. Whoever adds a reference waits meanwhile. */
export async function release({ db, files }: Pick<World, 'db' | 'files'>, workspace: string, hash: string): Promise<boolean> {
  return db.transaction().execute(async trx => {
    await holdFiles(trx, workspace)
    if ((await referredTo(trx, workspace, [hash])).size > 0) return false
    await files.remove(workspace, hash)
    return true
  })
}
