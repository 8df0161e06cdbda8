import { APIError } from 'better-auth/api'
import { insertWorkspace, mayCreateWorkspaces } from '#workspaces/workspace.ts'
import type { World } from '#world.ts'

/** Who may register: the first person, anybody, or those who were invited. */
export async function registration({ db, config }: Pick<World, 'db' | 'config'>): Promise<'first' | 'open' | 'invited'> {
  const someone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  if (!someone) return 'first'
  return config.openSignup ? 'open' : 'invited'
}

type Newcomer = { email: string; emailVerified: boolean; [other: string]: unknown }

/** Better Auth asks this before it makes an account: at an outside provider, or through its own door. */
export async function admitNewcomer(world: World, user: Newcomer): Promise<{ data: Newcomer }> {
  const who = await registration(world)
  const invited = who === 'invited' && user.emailVerified && (await isInvited(world, user.email))
  if (who === 'invited' && !invited)
    throw new APIError('FORBIDDEN', { code: 'SIGNUP_CLOSED', message: 'Registration is by invitation.' })
  // Two who are first at once: the database lets one owner in.
  return { data: { ...user, standing: who === 'first' ? 'owner' : 'person' } }
}

async function isInvited({ db, clock }: World, email: string): Promise<boolean> {
  const row = await db
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email.toLowerCase())
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .executeTakeFirst()
  return row !== undefined
}

/** Better Auth asks this before every session: it opens in the workspace that was used last; the owner and open registration get one. */
export async function chooseWorkspace<T extends { userId: string }>(
  world: World,
  session: T,
): Promise<{ data: T & { workspaceId: string | null } }> {
  const { db } = world
  const last = await db
    .selectFrom('sessions')
    .innerJoin('members', join =>
      join.onRef('members.workspace_id', '=', 'sessions.workspace_id').onRef('members.user_id', '=', 'sessions.user_id'),
    )
    .select('sessions.workspace_id')
    .where('sessions.user_id', '=', session.userId)
    .orderBy('sessions.id', 'desc')
    .executeTakeFirst()
  const first =
    last ??
    (await db
      .selectFrom('members')
      .select('workspace_id')
      .where('user_id', '=', session.userId)
      .orderBy('joined_at')
      .executeTakeFirst())
  return { data: { ...session, workspaceId: first?.workspace_id ?? (await firstWorkspace(world, session.userId)) } }
}

async function firstWorkspace(world: World, userId: string): Promise<string | null> {
  const user = await world.db.selectFrom('users').select(['name', 'standing']).where('id', '=', userId).executeTakeFirst()
  if (!user || !mayCreateWorkspaces(world, user.standing === 'owner')) return null
  return world.db.transaction().execute(trx => insertWorkspace(trx, world, userId, `Workspace of ${user.name}`.slice(0, 100)))
}
