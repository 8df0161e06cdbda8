import type { Kysely } from 'kysely'
import type { Clock } from '#ids.ts'
import type { Tables } from './tables.ts'

/** Throws when a small write does not get through, or is not seen by the next read. */
export async function checkWriting(db: Kysely<Tables>, clock: Clock): Promise<void> {
  const value = String(clock.now())
  const row = { name: 'checked', value }
  await db
    .insertInto('facts')
    .values(row)
    .onConflict(it => it.column('name').doUpdateSet({ value }))
    .execute()
  await db.selectFrom('facts').select('value').where('name', '=', row.name).executeTakeFirstOrThrow()
}
