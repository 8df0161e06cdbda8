import type { Kysely } from 'kysely'
import type { Database } from '#db/db.ts'
import type { Tables } from '#db/tables.ts'
import { Stop } from '#errors.ts'
import { findUnreadable } from './check.ts'
import type { Ring } from './key.ts'
import { SECRET } from './secret.ts'

/**
 * Removes what no key can read any more. `many` must be the number of credentials that the refusal named,
 * so that nobody who merely started with a wrong key loses more than they were told.
 */
export async function forget({ db, kind }: Database, ring: Ring, many: number): Promise<string[]> {
  const lost = await findUnreadable(db, ring)
  if (lost === null) throw new Stop('Everything can be read; there is nothing to forget.')
  if (lost.credentials !== many)
    throw new Stop(`${lost.credentials} credentials cannot be read, not ${many}. Nothing was removed.`)
  await db.transaction().execute(async trx => {
    await trx.deleteFrom('credentials').where('key_id', 'in', lost.keyIds).execute()
    if (lost.secret) await forgetSecret(trx, kind)
  })
  return lost.names
}

/** What was sealed with the old secret is of no use without it: two-factor must be set up again. */
async function forgetSecret(trx: Kysely<Tables>, kind: Database['kind']): Promise<void> {
  await trx.deleteFrom('facts').where('name', '=', SECRET).execute()
  await trx.deleteFrom('two_factors').execute()
  await trx
    .updateTable('users')
    .set({ two_factor_enabled: kind === 'sqlite' ? 0 : false })
    .execute()
  await trx.deleteFrom('answers').execute()
}
