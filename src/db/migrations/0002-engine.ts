import { type Kysely, sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** Workflows and their versions, folders, triggers; executions, their journal, what they wait for and the large values they hold. */
export const engine: Migration = {
  name: '0002-engine',
  async up(db) {
    await table(
      db,
      'folders',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade, kind text not null, name text not null,
      parent_id text references folders (id) on delete cascade, created_at bigint not null`,
    )
    await index(db, 'folders', 'workspace_id, kind, id')
    await index(db, 'folders', 'parent_id')
    await table(
      db,
      'workflows',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      folder_id text references folders (id) on delete set null, name text not null, description text not null, draft text not null,
      rev bigint not null, live bigint, active bigint not null, archived_at bigint,
      nodes bigint not null default 0, starts text not null default '[]', created_at bigint not null,
      created_by text references users (id) on delete set null, updated_at bigint not null, updated_by text references users (id) on delete set null`,
    )
    await index(db, 'workflows', 'workspace_id, id')
    await index(db, 'workflows', 'folder_id')
    // Outlive their workflow: executions of theirs are still read, and may still be running.
    await table(
      db,
      'workflow_versions',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      workflow_id text not null, number bigint, hash text not null, document text not null,
      note text not null, created_at bigint not null, created_by text references users (id) on delete set null`,
    )
    await sql`create unique index workflow_versions_number on workflow_versions (workflow_id, number)`.execute(db)
    await index(db, 'workflow_versions', 'workflow_id, hash')
    await table(
      db,
      'triggers',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      workflow_id text not null references workflows (id) on delete cascade, node_id text not null, kind text not null, enabled bigint not null,
      key text unique, params text not null, created_at bigint not null, last_at bigint`,
    )
    await sql`create unique index triggers_node on triggers (workflow_id, node_id)`.execute(db)
    await index(db, 'triggers', 'workspace_id, id')

    // Parts of a workflow's history are not references: an execution outlives the workflow, and each check costs time on every write.
    await table(
      db,
      'executions',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade, workflow_id text not null,
      version_id text not null, version bigint, status text not null, start text not null, trigger_id text, node_id text not null,
      parent_id text, parent_path text, depth bigint not null, lane bigint not null, forked_from text, created_at bigint not null,
      started_at bigint, ended_at bigint, seq bigint not null, epoch bigint not null, owner text, lease_until bigint, due_at bigint,
      signals bigint not null, deaths bigint not null, cancelled_by text, total bigint not null, done bigint not null, at_node text,
      failure text, bytes bigint not null`,
    )
    await index(db, 'executions', 'workspace_id, id')
    await index(db, 'executions', 'workflow_id, id')
    await sql`create index executions_draft on executions (version_id) where version is null`.execute(db)
    await sql`create index executions_due on executions (due_at) where due_at is not null`.execute(db)
    await sql`create index executions_open on executions (workspace_id, status, id) where ended_at is null`.execute(db)
    await sql`create index executions_failed on executions (workspace_id, id) where status = 'failed'`.execute(db)
    await sql`create index executions_cancelled on executions (workspace_id, id) where status = 'cancelled'`.execute(db)
    await sql`create index executions_parent on executions (parent_id) where parent_id is not null`.execute(db)
    await table(
      db,
      'journal',
      `execution_id text not null references executions (id) on delete cascade, seq bigint not null, events text not null,
      primary key (execution_id, seq)`,
    )
    await table(
      db,
      'waits',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      execution_id text not null references executions (id) on delete cascade, path text not null, kind text not null, until bigint,
      token text unique, ask text not null, child_id text, created_at bigint not null, heard_at bigint, heard text, taken bigint not null, remind_at bigint, told bigint not null`,
    )
    await sql`create index waits_execution on waits (execution_id)`.execute(db)
    await sql`create index waits_open on waits (workspace_id, kind, id) where heard_at is null`.execute(db)
    await sql`create index waits_untold on waits (remind_at) where kind = 'approval' and heard_at is null and told < 2`.execute(
      db,
    )
    await sql`create index waits_child on waits (child_id) where child_id is not null`.execute(db)
    await table(
      db,
      'hook_calls',
      `trigger_id text not null references triggers (id) on delete cascade, key_hash text not null, execution_id text not null, at bigint not null,
      primary key (trigger_id, key_hash)`,
    )
    await index(db, 'hook_calls', 'at')
    await table(
      db,
      'held_values',
      `execution_id text not null references executions (id) on delete cascade, workspace_id text not null, hash text not null, bytes bigint not null,
      primary key (execution_id, hash)`,
    )
    await index(db, 'held_values', 'workspace_id, hash')
  },
  async down(db) {
    for (const name of [
      'held_values',
      'hook_calls',
      'waits',
      'journal',
      'executions',
      'triggers',
      'workflow_versions',
      'workflows',
      'folders',
    ])
      await db.schema.dropTable(name).execute()
  },
}

const table = (db: Kysely<unknown>, name: string, columns: string) => sql.raw(`create table ${name} (${columns})`).execute(db)

const index = (db: Kysely<unknown>, name: string, columns: string) =>
  sql.raw(`create index ${name}_${columns.replaceAll(', ', '_')} on ${name} (${columns})`).execute(db)
