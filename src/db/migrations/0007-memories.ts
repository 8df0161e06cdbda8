import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** What executions remember of those before them. */
export const memories: Migration = {
  name: '0007-memories',
  async up(db) {
    await sql`create table memories (
      id text primary key, workspace_id text not null references workspaces (id) on delete cascade, place text not null,
      key text not null, role text not null, text text not null, execution_id text not null, at bigint not null)`.execute(db)
    await sql`create index memories_place on memories (workspace_id, place, key, id)`.execute(db)
  },
  async down(db) {
    await db.schema.dropTable('memories').execute()
  },
}
