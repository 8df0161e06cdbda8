import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import { BUCKETS, type deleteFile as contract } from './contract.ts'
import { release } from './release.ts'

/** Deletes a file, and its bytes when no other file of the workspace has the same. */
export async function deleteFile(world: World, { caller, params }: Given<typeof contract>) {
  const hash = await world.db.transaction().execute(async trx => {
    const row = await trx
      .deleteFrom('files')
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', params.id)
      .where('bucket', 'in', BUCKETS)
      .returning(['id', 'name', 'hash'])
      .executeTakeFirst()
    if (!row) throw new Fault('file.not_found')
    await record(trx, world, caller, 'file.deleted', row, { hash: row.hash })
    return row.hash
  })
  // The row is gone, which is what was asked for; bytes that stay behind are found by the sweep.
  await release(world, caller.workspace, hash).catch(err =>
    world.log.warn({ err, hash }, 'the bytes of a deleted file could not be removed yet'),
  )
  return { ok: true as const }
}
