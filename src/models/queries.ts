import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** The credentials of these kinds, oldest first. */
export const credentialsOf = (db: Db, workspace: string, kinds: readonly string[]) =>
  db
    .selectFrom('credentials')
    .select(['id', 'kind', 'name'])
    .where('workspace_id', '=', workspace)
    .where('kind', 'in', kinds)
    .orderBy('id')
    .execute()

/** One credential. */
export const findCredential = (db: Db, workspace: string, id: string) =>
  db
    .selectFrom('credentials')
    .select(['id', 'kind', 'name'])
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()

/** The prices that were set. */
export const pricesOf = (db: Db, workspace: string) =>
  db.selectFrom('model_prices').selectAll().where('workspace_id', '=', workspace).execute()

/** The price that was set for a model. */
export const findPrice = (db: Db, workspace: string, model: string) =>
  db.selectFrom('model_prices').selectAll().where('workspace_id', '=', workspace).where('model', '=', model).executeTakeFirst()
