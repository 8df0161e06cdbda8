import type { World } from '#world.ts'
import { ARRIVING, referredTo } from './queries.ts'
import { release } from './release.ts'

type Needed = Pick<World, 'db' | 'files' | 'clock' | 'log'>

const DAY = 24 * 60 * 60_000
/** Asked for more often than this, it does nothing; an hour less than a day, so that a daily chore does not miss one. */
const APART = DAY - 60 * 60_000
const BATCH = 200
const SHOWN = 20
/** The row of `facts` that says when it was last done, by whichever process. */
const SWEPT = 'files swept'

/** Once a day: removes bytes that no file refers to any more, and says which files have lost theirs. */
export async function sweep(world: Needed): Promise<void> {
  if (!(await isDue(world))) return
  const before = world.clock.now() - DAY
  await world.db.deleteFrom('files').where('bucket', '=', ARRIVING).where('created_at', '<', before).execute()
  const removed = await removeOrphans(world, before)
  const lost = await findLost(world)
  if (removed > 0) world.log.info({ removed }, 'removed bytes that no file refers to')
  if (lost.length > 0)
    world.log.error(
      { files: lost.slice(0, SHOWN), count: lost.length },
      'the bytes of these files are gone; restore them from a backup',
    )
}

/** The first process that asks does it. */
async function isDue({ db, clock }: Needed): Promise<boolean> {
  const value = String(clock.now())
  const last = await db.selectFrom('facts').select('value').where('name', '=', SWEPT).executeTakeFirst()
  if (!last) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('facts')
      .values({ name: SWEPT, value })
      .onConflict(it => it.column('name').doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  if (Number(last.value) > clock.now() - APART) return false
  const { numUpdatedRows } = await db
    .updateTable('facts')
    .set({ value })
    .where('name', '=', SWEPT)
    .where('value', '=', last.value)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Young bytes are left alone: their row may be about to be written by a program that does not write it first. */
async function removeOrphans(world: Needed, before: number): Promise<number> {
  let removed = 0
  let batch: { workspace: string; hashes: string[] } = { workspace: '', hashes: [] }
  const flush = async () => {
    const { workspace, hashes } = batch
    const kept = hashes.length === 0 ? new Set() : await referredTo(world.db, workspace, hashes)
    for (const hash of hashes) if (!kept.has(hash) && (await release(world, workspace, hash))) removed += 1
  }
  for await (const { workspace, hash, storedAt } of world.files.list()) {
    if (storedAt >= before) continue
    if (workspace !== batch.workspace || batch.hashes.length === BATCH) {
      await flush()
      batch = { workspace, hashes: [] }
    }
    batch.hashes.push(hash)
  }
  await flush()
  return removed
}

async function findLost({ db, files }: Needed): Promise<string[]> {
  const lost: string[] = []
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('files')
      .select(['id', 'workspace_id', 'hash'])
      .where('bucket', '<>', ARRIVING)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute()
    for (const { id, workspace_id, hash } of rows) {
      if (await files.has(workspace_id, hash)) continue
      // Unless it was deleted this moment.
      if (
        await db.selectFrom('files').select('id').where('workspace_id', '=', workspace_id).where('id', '=', id).executeTakeFirst()
      )
        lost.push(id)
    }
    const last = rows.at(-1)
    if (!last) return lost
    after = last.id
  }
}
