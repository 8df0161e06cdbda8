import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Role } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import { roleOf } from './roles.ts'

type Db = Kysely<Tables>

type Shown = { id: string; name: string; role: Role; createdAt: string; onFailure: string | null; quota: number | null }

/** The workspaces of a person. */
export async function workspacesOf(db: Db, user: string): Promise<Shown[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .select([
      'workspaces.id',
      'workspaces.name',
      'workspaces.created_at',
      'workspaces.on_failure',
      'workspaces.quota',
      'members.role',
    ])
    .where('members.user_id', '=', user)
    .orderBy('members.joined_at')
    .execute()
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    role: roleOf(row.role),
    createdAt: iso(row.created_at),
    onFailure: row.on_failure,
    quota: row.quota,
  }))
}

/** A page of members, newest account first. */
export function listMembers(db: Db, workspace: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  let query = membersOf(db, workspace)
    .orderBy('users.id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('users.id', '<', cursor)
  return query.execute()
}

/** One member. */
export const findMember = (db: Db, workspace: string, id: string) =>
  membersOf(db, workspace).where('users.id', '=', id).executeTakeFirst()

function membersOf(db: Db, workspace: string) {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name', 'users.email', 'members.role', 'members.joined_at'])
    .where('members.workspace_id', '=', workspace)
}

/** How many owners a workspace has. */
export async function countOwners(db: Db, workspace: string): Promise<number> {
  const row = await db
    .selectFrom('members')
    .select(query => query.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspace)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** A page of invitations with the names of those who sent them. */
export function listInvitations(db: Db, workspace: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  let query = db
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .selectAll('invitations')
    .select('users.name as inviter')
    .where('invitations.workspace_id', '=', workspace)
    .orderBy('invitations.id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('invitations.id', '<', cursor)
  return query.execute()
}

/** A page of API keys: one person's, or everybody's. */
export function listKeys(
  db: Db,
  workspace: string,
  user: string | null,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  let query = db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .selectAll('api_keys')
    .select('users.email as owner')
    .where('api_keys.workspace_id', '=', workspace)
    .orderBy('api_keys.id', 'desc')
    .limit(limit + 1)
  if (user) query = query.where('api_keys.user_id', '=', user)
  if (cursor) query = query.where('api_keys.id', '<', cursor)
  return query.execute()
}
