import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** Outputs of nodes that have a cache. */
export const kept: Migration = {
  name: '0003-kept',
  async up(db) {
    await sql`create table kept_outputs (
      workspace_id text not null references workspaces (id) on delete cascade, hash text not null, outlet text not null, output text not null,
      at bigint not null, until bigint not null, primary key (workspace_id, hash))`.execute(db)
    await sql`create index kept_outputs_until on kept_outputs (until)`.execute(db)
  },
  async down(db) {
    await db.schema.dropTable('kept_outputs').execute()
  },
}
