import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** Triggers that know their times, the ledger of what they did, and what happens in a workspace. */
export const triggers: Migration = {
  name: '0004-triggers',
  async up(db, { keyed }) {
    const columns = [
      `block text not null default 'webhook.receive'`,
      'block_version bigint not null default 1',
      `wakes text not null default 'call'`,
      `zone text not null default 'UTC'`,
      'armed_at bigint',
      'slot_at bigint',
      'due_at bigint',
      'failures bigint not null default 0',
      'paused_at bigint',
      'paused_why text',
      'gone_at bigint',
      'credential text',
    ]
    for (const column of columns) await sql.raw(`alter table triggers add column ${column}`).execute(db)
    await sql`create index triggers_due on triggers (due_at) where due_at is not null`.execute(db)
    await sql`create index triggers_events on triggers (workspace_id) where wakes = 'event'`.execute(db)
    await sql`alter table workspaces add column on_failure text references workflows (id) on delete set null`.execute(db)
    // Ids sort by time, so a line is put at the end of its trigger's part of the one tree there is.
    await sql`create table fires (
      trigger_id text not null references triggers (id) on delete cascade, id text not null, at bigint not null, slot_at bigint,
      outcome text not null, why text, execution_id text, call text, input text, times bigint not null,
      primary key (trigger_id, id)) ${sql.raw(keyed)}`.execute(db)
    await sql`create index fires_waiting on fires (trigger_id, id) where outcome = 'waiting'`.execute(db)
    await sql`create table happenings (
      id text primary key, workspace_id text not null references workspaces (id) on delete cascade, name text not null, data text not null,
      at bigint not null, depth bigint not null, cause text, open bigint not null)`.execute(db)
    await sql`create index happenings_open on happenings (id) where open = 1`.execute(db)
    await sql`create index happenings_workspace on happenings (workspace_id, id)`.execute(db)
    await sql`create table rehearsals (
      key text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      workflow_id text not null references workflows (id) on delete cascade, node_id text not null, created_at bigint not null,
      until bigint not null, heard_at bigint, heard text)`.execute(db)
    await sql`create index rehearsals_until on rehearsals (until)`.execute(db)
    await sql`create index rehearsals_workflow on rehearsals (workflow_id)`.execute(db)
  },
  async down(db) {
    for (const name of ['rehearsals', 'happenings', 'fires']) await db.schema.dropTable(name).execute()
    await sql`alter table workspaces drop column on_failure`.execute(db)
    for (const name of ['triggers_events', 'triggers_due']) await sql.raw(`drop index ${name}`).execute(db)
    for (const name of [
      'credential',
      'gone_at',
      'paused_why',
      'paused_at',
      'failures',
      'due_at',
      'slot_at',
      'armed_at',
      'zone',
      'wakes',
      'block_version',
      'block',
    ])
      await sql.raw(`alter table triggers drop column ${name}`).execute(db)
  },
}
