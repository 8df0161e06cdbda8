import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import type { Role } from '#http/caller.ts'
import type { User } from './contract.ts'
import { roleOf } from './roles.ts'

type Db = Kysely<Tables>

/** A time as the API shows it. */
export const iso = (time: number | string | Date): string => new Date(time).toISOString()

/** A person, as the person sees it. */
export async function loadUser(db: Db, id: string): Promise<z.output<typeof User>> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    emailVerified: Boolean(row.email_verified),
    twoFactor: Boolean(row.two_factor_enabled),
    ownsInstance: row.standing === 'owner',
    createdAt: iso(row.created_at),
  }
}

/** The workspaces of a person. */
export async function workspacesOf(db: Db, user: string): Promise<{ id: string; name: string; role: Role; createdAt: string }[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .select(['workspaces.id', 'workspaces.name', 'workspaces.created_at', 'members.role'])
    .where('members.user_id', '=', user)
    .orderBy('members.joined_at')
    .execute()
  return rows.map(row => ({ id: row.id, name: row.name, role: roleOf(row.role), createdAt: iso(row.created_at) }))
}

/** A page of members, newest account first. */
export function listMembers(db: Db, workspace: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  let query = membersOf(db, workspace).orderBy('users.id', 'desc').limit(limit + 1)
  if (cursor) query = query.where('users.id', '<', cursor)
  return query.execute()
}

/** One member. */
export const findMember = (db: Db, workspace: string, id: string) => membersOf(db, workspace).where('users.id', '=', id).executeTakeFirst()

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
export function listKeys(db: Db, workspace: string, user: string | null, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
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

/** What the audit log is searched by. */
export type AuditFilter = { action?: string | undefined; actor?: string | undefined; target?: string | undefined; from?: string | undefined; to?: string | undefined }

/** Entries of the audit log: after an id oldest first, else newest first. */
export function listAudit(db: Db, workspace: string, filter: AuditFilter & { limit: number; before?: string | undefined; after?: string | undefined }) {
  const { action, actor, target, from, to, limit, before, after } = filter
  let query = db.selectFrom('audit').selectAll().where('workspace_id', '=', workspace).limit(limit)
  if (action?.endsWith('*')) query = query.where('action', 'like', `${action.slice(0, -1).replace(/[%_\\]/g, '')}%`)
  else if (action) query = query.where('action', '=', action)
  if (actor) query = query.where(where => where.or([where('actor', '=', actor.toLowerCase()), where('actor_id', '=', actor)]))
  if (target) query = query.where(where => where.or([where('target_id', '=', target), where('target', '=', target)]))
  if (from) query = query.where('at', '>=', Date.parse(from))
  if (to) query = query.where('at', '<', Date.parse(to))
  if (before) query = query.where('id', '<', before)
  if (after) query = query.where('id', '>', after)
  return query.orderBy('id', after ? 'asc' : 'desc').execute()
}
