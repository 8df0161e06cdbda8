import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { messageOf, Stop } from '#errors.ts'
import { newKey, type Ring } from './key.ts'
import { readKeyFile, writeKeyFile } from './keyfile.ts'
import { type Key, rewrap } from './seal.ts'
import { factOf, holdKeys, readFact, SECRET, SECRET_ABOUT } from './secret.ts'
import { aboutCredential } from './vault.ts'

/** So many rows are changed in one transaction: few enough that a running server hardly waits. */
const BATCH = 100

/** Puts a new key first in the key file. From here on every process seals with it. */
export async function addKey(ring: Ring): Promise<void> {
  if (ring.path === null) return
  await writeKeyFile(ring.path, [newKey(), ...((await readKeyFile(ring.path)) ?? [])])
  await ring.reread()
}

/**
 * Wraps the data key of every row with the current master key while others read and write. A row that somebody
 * changes meanwhile is left to them: they seal it with the current key. It may be stopped at any point and run again.
 * `tell` hears how many were done each time; the answer names the rows that do not open although their key is there.
 */
export async function rewrapAll(db: Kysely<Tables>, ring: Ring, tell: (many: number) => void): Promise<string[]> {
  const to = ring.current()
  if (to === null) throw new Error('there is no master key')
  await rewrapSecret(db, ring, to)
  const damaged: string[] = []
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('credentials')
      .select(['id', 'workspace_id', 'name', 'key_id', 'wrapped_key'])
      .where('key_id', '<>', to.id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute()
    if (rows.length === 0) return damaged
    after = rows.at(-1)?.id ?? after
    const changes = rows.flatMap(row => {
      try {
        const from = ring.known(row.key_id)
        if (from === null) throw new Stop(`its key ${row.key_id} is not there`)
        return [{ row, wrapped: rewrap(from, to, aboutCredential(row.workspace_id, row.id), row.wrapped_key) }]
      } catch (error) {
        damaged.push(`${JSON.stringify(row.name)} (${row.id}): ${messageOf(error)}`)
        return []
      }
    })
    const done = await db.transaction().execute(async trx => {
      let many = 0
      for (const { row, wrapped } of changes) {
        const { numUpdatedRows } = await trx
          .updateTable('credentials')
          .set({ key_id: to.id, wrapped_key: wrapped })
          .where('workspace_id', '=', row.workspace_id)
          .where('id', '=', row.id)
          .where('wrapped_key', '=', row.wrapped_key)
          .executeTakeFirst()
        many += Number(numUpdatedRows)
      }
      return many
    })
    tell(done)
  }
}

/**
 * Drops the retired keys from the key file if no row needs them, and answers how many rows still do.
 * It holds the lock that every writer takes: one that began earlier has been waited for, and one that begins later sees the current key.
 */
export async function settle(db: Kysely<Tables>, ring: Ring, keep: boolean): Promise<number> {
  return db.transaction().execute(async trx => {
    await holdKeys(trx)
    await ring.reread()
    const current = ring.current()?.id ?? ''
    const { rows } = await trx
      .selectFrom('credentials')
      .select(it => it.fn.countAll<number | string>().as('rows'))
      .where('key_id', '<>', current)
      .executeTakeFirstOrThrow()
    const fact = await readFact(trx)
    const left = Number(rows) + (fact?.keyId === current ? 0 : 1)
    const keys = ring.path === null ? null : await readKeyFile(ring.path)
    if (left === 0 && !keep && ring.path !== null && keys !== null && keys.length > 1)
      await writeKeyFile(ring.path, keys.slice(0, 1))
    return left
  })
}

async function rewrapSecret(db: Kysely<Tables>, ring: Ring, to: Key): Promise<void> {
  const fact = await readFact(db)
  if (fact === null || fact.keyId === to.id) return
  const from = await ring.find(fact.keyId)
  if (from === null) throw new Stop(`The secret of this installation was sealed with the key ${fact.keyId}, which is not there.`)
  const value = factOf({ keyId: to.id, wrapped: rewrap(from, to, SECRET_ABOUT, fact.wrapped), sealed: fact.sealed })
  await db.updateTable('facts').set({ value }).where('name', '=', SECRET).where('value', '=', fact.value).execute()
}
