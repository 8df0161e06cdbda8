import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from '#db/migration.ts'

/** Accounts, workspaces, keys, audit, credentials, files. */
export const house: Migration = {
  name: '0001-house',
  async up(db, { time, flag }) {
    await table(
      db,
      'users',
      `id text primary key, name text not null, email text not null unique, email_verified ${flag} not null, image text,
      two_factor_enabled ${flag}, standing text not null default 'person', created_at ${time} not null, updated_at ${time} not null`,
    )
    await sql`create unique index users_one_owner on users (standing) where standing = 'owner'`.execute(db)
    await table(
      db,
      'sessions',
      `id text primary key, user_id text not null references users (id) on delete cascade, token text not null unique, workspace_id text,
      ip_address text, user_agent text, expires_at ${time} not null, created_at ${time} not null, updated_at ${time} not null`,
    )
    await index(db, 'sessions', 'user_id')
    await table(
      db,
      'accounts',
      `id text primary key, account_id text not null, provider_id text not null, user_id text not null references users (id) on delete cascade,
      access_token text, refresh_token text, id_token text, access_token_expires_at ${time}, refresh_token_expires_at ${time}, scope text, password text,
      created_at ${time} not null, updated_at ${time} not null`,
    )
    await index(db, 'accounts', 'user_id')
    await table(
      db,
      'verifications',
      `id text primary key, identifier text not null, value text not null, expires_at ${time} not null,
      created_at ${time} not null, updated_at ${time} not null`,
    )
    await index(db, 'verifications', 'identifier')
    await table(
      db,
      'two_factors',
      `id text primary key, secret text not null, backup_codes text not null,
      user_id text not null references users (id) on delete cascade, verified ${flag}, failed_count integer, locked_until ${time}`,
    )
    await index(db, 'two_factors', 'user_id')

    await table(
      db,
      'workspaces',
      'id text primary key, name text not null, created_at bigint not null, created_by text references users (id) on delete set null',
    )
    await table(
      db,
      'members',
      `workspace_id text not null references workspaces (id) on delete cascade, user_id text not null references users (id) on delete cascade,
      role text not null, joined_at bigint not null, primary key (workspace_id, user_id)`,
    )
    await index(db, 'members', 'user_id')
    await table(
      db,
      'invitations',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade, email text not null, role text not null,
      token_hash text not null unique, invited_by text references users (id) on delete set null, created_at bigint not null, expires_at bigint not null,
      accepted_at bigint, revoked_at bigint`,
    )
    await index(db, 'invitations', 'workspace_id, id')
    await table(
      db,
      'api_keys',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade,
      user_id text not null references users (id) on delete cascade, name text not null, role text not null, start text not null, hash text not null unique,
      created_at bigint not null, expires_at bigint, used_at bigint, revoked_at bigint`,
    )
    await index(db, 'api_keys', 'workspace_id, id')
    await index(db, 'api_keys', 'user_id')
    await table(
      db,
      'audit',
      `id text primary key, workspace_id text references workspaces (id) on delete cascade, at bigint not null, actor_id text, actor text not null,
      via text not null, action text not null, target_id text, target text, details text not null, address text, agent text`,
    )
    await index(db, 'audit', 'workspace_id, id')
    await index(db, 'audit', 'actor_id')
    await table(
      db,
      'credentials',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade, name text not null, kind text not null,
      fields text not null, key_id text not null, wrapped_key text not null, sealed text not null, created_at bigint not null,
      created_by text references users (id) on delete set null, updated_at bigint not null`,
    )
    await index(db, 'credentials', 'workspace_id, id')
    await index(db, 'credentials', 'key_id')
    await table(
      db,
      'files',
      `id text primary key, workspace_id text not null references workspaces (id) on delete cascade, bucket text not null, name text not null,
      type text not null, size bigint not null, hash text not null, created_at bigint not null, created_by text references users (id) on delete set null`,
    )
    await index(db, 'files', 'workspace_id, id')
    await index(db, 'files', 'workspace_id, hash')
    await table(
      db,
      'answers',
      `caller text not null, key_hash text not null, request_hash text not null, status integer, sealed text, created_at bigint not null,
      primary key (caller, key_hash)`,
    )
    await index(db, 'answers', 'created_at')
    await table(db, 'facts', 'name text primary key, value text not null')
  },
  async down(db) {
    const names = [
      'facts',
      'answers',
      'files',
      'credentials',
      'audit',
      'api_keys',
      'invitations',
      'members',
      'workspaces',
      'two_factors',
      'verifications',
      'accounts',
      'sessions',
      'users',
    ]
    for (const name of names) await db.schema.dropTable(name).execute()
  },
}

const table = (db: Kysely<unknown>, name: string, columns: string) => sql.raw(`create table ${name} (${columns})`).execute(db)

const index = (db: Kysely<unknown>, name: string, columns: string) =>
  sql.raw(`create index ${name}_${columns.replaceAll(', ', '_')} on ${name} (${columns})`).execute(db)
