import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'
import type { User } from './contract.ts'

type Db = Kysely<Tables>

/** A person, as the person sees it. */
export async function loadUser(db: Db, id: string): Promise<z.output<typeof User>> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    emailVerified: Boolean(row.email_verified),
    twoFactor: Boolean(row.two_factor_enabled),
    ownsInstance: row.standing === 'owner',
    createdAt: iso(row.created_at),
  }
}
