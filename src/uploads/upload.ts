import { happen } from '#audit/happen.ts'
import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { bucketOf, type Row, show } from './files.ts'
import { formName } from './name.ts'
import { ARRIVING } from './queries.ts'
import { announce, release } from './release.ts'
import { sniff } from './sniff.ts'

/**
 * Takes a file in. Its row is written before the bytes are in their place, so that nobody who deletes the same content
 * takes them away, and is shown only after, so that no row is without bytes.
 */
export async function uploadFile(world: World, { caller, query, upload }: Given<typeof contract.uploadFile>) {
  const { db, files, config, clock, ids } = world
  const bucket = bucketOf(query.bucket ?? upload.fields.bucket ?? 'uploads')
  const workspace = caller.workspace
  let row: Row | undefined
  try {
    await files.put(workspace, upload.bytes, config.fileMaxBytes, async ({ hash, size, head }) => {
      const type = await sniff(head, size === head.length)
      row = {
        id: ids.next('file'),
        workspace_id: workspace,
        bucket: ARRIVING,
        name: formName(upload.name),
        type,
        size,
        hash,
        created_at: clock.now(),
        created_by: caller.user.id,
      }
      await announce(db, row)
    })
    if (!row) throw new Error('the files did not say what they were given')
    const arrived = { ...row, bucket }
    await db.transaction().execute(async trx => {
      const { numUpdatedRows } = await trx
        .updateTable('files')
        .set({ bucket })
        .where('workspace_id', '=', workspace)
        .where('id', '=', arrived.id)
        .executeTakeFirst()
      if (numUpdatedRows !== 1n) throw new Fault('workspace.not_found')
      await record(trx, world, caller, 'file.uploaded', arrived, {
        size: arrived.size,
        type: arrived.type,
        hash: arrived.hash,
        bucket,
      })
      const { id: fileId, name, type, size } = arrived
      await happen(trx, world, { workspace, name: 'file.created', data: { fileId, name, type, size } })
    })
    return show(arrived)
  } catch (error) {
    if (row) await withdraw(world, row)
    throw error
  }
}

/** What cannot be taken back now is found by the sweep. */
async function withdraw(world: World, { id, workspace_id, hash }: Row): Promise<void> {
  try {
    await world.db.deleteFrom('files').where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
    await release(world, workspace_id, hash)
  } catch (err) {
    world.log.warn({ err, file: id }, 'an upload that failed could not be taken back yet')
  }
}
