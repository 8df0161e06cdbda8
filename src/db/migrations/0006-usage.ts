import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

const ADDED: readonly (readonly [table: string, column: string])[] = [
  ['executions', 'user_id text'],
  ['executions', 'key_id text'],
  ['workspaces', 'quota bigint'],
  ['api_keys', 'starts_per_minute bigint'],
  ['api_keys', 'at_once bigint'],
]

/** Who starts executions and how many, what models took, and budgets. */
export const usage: Migration = {
  name: '0006-usage',
  async up(db, { keyed }) {
    for (const [table, column] of ADDED) await sql.raw(`alter table ${table} add column ${column}`).execute(db)
    await sql`create index executions_user on executions (user_id) where user_id is not null`.execute(db)
    // Sums are found by all that they are of, so that all that is the key; nobody and nothing is ''.
    await sql`create table usage (
      workspace_id text not null references workspaces (id) on delete cascade, day text not null, workflow_id text not null, model text not null,
      user_id text not null, key_id text not null, prompt text not null, kind text not null, calls bigint not null, input_tokens bigint not null,
      output_tokens bigint not null, cached_tokens bigint not null, reasoning_tokens bigint not null, cost bigint not null, unpriced bigint not null,
      primary key (workspace_id, day, workflow_id, model, user_id, key_id, prompt, kind)) ${sql.raw(keyed)}`.execute(db)
    await sql`create index usage_user on usage (user_id) where user_id <> ''`.execute(db)
    await sql`create table budgets (
      id text primary key, workspace_id text not null references workspaces (id) on delete cascade, scope text not null, subject_id text,
      period text not null, dollars bigint, tokens bigint, way text not null, model text, created_at bigint not null,
      created_by text references users (id) on delete set null)`.execute(db)
    await sql`create index budgets_workspace on budgets (workspace_id, id)`.execute(db)
    await sql`create table budget_sums (
      budget_id text not null references budgets (id) on delete cascade, span text not null, at bigint not null, spent bigint not null,
      tokens bigint not null, reserved bigint not null, reserved_tokens bigint not null, warned bigint not null, exhausted bigint not null,
      primary key (budget_id, span)) ${sql.raw(keyed)}`.execute(db)
    await sql`create index budget_sums_at on budget_sums (at)`.execute(db)
    await sql`create table holds (
      id text not null, budget_id text not null references budgets (id) on delete cascade, workspace_id text not null, span text not null,
      execution_id text not null, owner text not null, amount bigint not null, tokens bigint not null, at bigint not null,
      primary key (id, budget_id))`.execute(db)
    await sql`create index holds_at on holds (at)`.execute(db)
    await sql`create index holds_budget on holds (budget_id)`.execute(db)
  },
  async down(db) {
    for (const name of ['holds', 'budget_sums', 'budgets', 'usage']) await db.schema.dropTable(name).execute()
    await sql`drop index executions_user`.execute(db)
    for (const [table, column] of ADDED.toReversed())
      await sql.raw(`alter table ${table} drop column ${column.split(' ', 1)[0]}`).execute(db)
  },
}
