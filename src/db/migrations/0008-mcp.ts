import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** What workflows are called as tools. */
export const mcp: Migration = {
  name: '0008-mcp',
  async up(db) {
    await sql`alter table workflows add column tool text`.execute(db)
    await sql`create unique index workflows_tool on workflows (workspace_id, tool) where tool is not null and archived_at is null`.execute(
      db,
    )
  },
  async down(db) {
    await sql`drop index workflows_tool`.execute(db)
    await sql`alter table workflows drop column tool`.execute(db)
  },
}
