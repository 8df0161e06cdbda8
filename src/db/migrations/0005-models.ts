import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** What people say that models cost. */
export const models: Migration = {
  name: '0005-models',
  async up(db) {
    await sql`create table model_prices (
      workspace_id text not null references workspaces (id) on delete cascade, model text not null, input double precision not null,
      output double precision not null, cached double precision, as_of bigint not null, set_by text, primary key (workspace_id, model))`.execute(
      db,
    )
  },
  async down(db) {
    await db.schema.dropTable('model_prices').execute()
  },
}
