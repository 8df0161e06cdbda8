import { hkdfSync } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Ring } from './key.ts'
import { type About, freshSecret, type Key, open, type Sealed, seal } from './seal.ts'

type Fact = Sealed & { value: string }

/** The row of `facts` that holds the secret of the installation, sealed. */
export const SECRET = 'vault secret'

/** What that secret is bound to. */
export const SECRET_ABOUT: About = ['installation']

/** A key for one purpose. It stays the same when the master key changes. */
export function instanceSecret(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `promptpilot ${purpose}`, 32))
}

/** The secret of the installation; made at the first start. Null when its key is not in the ring. */
export async function readSecret(db: Kysely<Tables>, ring: Ring): Promise<Buffer | null> {
  const fact = (await readFact(db)) ?? (await makeFact(db, ring.current()))
  const key = fact && (await ring.find(fact.keyId))
  return fact && key && open(key, SECRET_ABOUT, fact)
}

/** Of several processes that start first at the same time the fastest one's secret is taken by all. */
async function makeFact(db: Kysely<Tables>, key: Key | null): Promise<Fact | null> {
  if (key === null) return null
  const value = factOf(seal(key, SECRET_ABOUT, freshSecret()))
  await db
    .insertInto('facts')
    .values({ name: SECRET, value })
    .onConflict(it => it.column('name').doNothing())
    .execute()
  return readFact(db)
}

/** The sealed secret as it stands in the database. */
export async function readFact(db: Kysely<Tables>): Promise<Fact | null> {
  const row = await db.selectFrom('facts').select('value').where('name', '=', SECRET).executeTakeFirst()
  if (!row) return null
  const [keyId = '', wrapped = '', sealed = ''] = row.value.split(' ')
  return { keyId, wrapped, sealed, value: row.value }
}

/** Lets those who seal rows and those who change keys go one after the other, until the transaction ends. */
export async function holdKeys(trx: Kysely<Tables>): Promise<void> {
  await trx
    .updateTable('facts')
    .set(it => ({ value: it.ref('value') }))
    .where('name', '=', SECRET)
    .execute()
}

/** How a sealed secret is written in its row. */
export const factOf = ({ keyId, wrapped, sealed }: Sealed) => `${keyId} ${wrapped} ${sealed}`
