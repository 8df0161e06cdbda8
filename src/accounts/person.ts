import { recordPerson } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Caller } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { workspacesOf } from '#workspaces/queries.ts'
import { mayCreateWorkspaces } from '#workspaces/workspace.ts'
import type { World } from '#world.ts'
import { SESSION_SECONDS } from './auth.ts'
import type * as contract from './contract.ts'
import { COOKIE } from './identify.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { loadUser } from './queries.ts'

/** A session is made longer at most once a day. */
const DAY = 24 * 3600_000

/** Who the caller is. The browser asks this at every start, so here a session is made longer. */
export async function me(world: World, given: Given<typeof contract.me>) {
  const { caller } = given
  if (caller.kind === 'session') await prolong(world, given)
  return {
    user: await loadUser(world.db, caller.user.id),
    workspace: caller.workspace,
    role: caller.role,
    workspaces: await workspacesOf(world.db, caller.user.id),
    via: caller.kind,
    mayCreateWorkspaces: mayCreateWorkspaces(world, caller.user.ownsInstance),
  }
}

async function prolong({ db, clock }: World, { caller, request, reply }: Given<typeof contract.me>): Promise<void> {
  const now = clock.now()
  const row = await db.selectFrom('sessions').select('expires_at').where('id', '=', caller.id).executeTakeFirst()
  if (!row || new Date(row.expires_at).getTime() > now + SESSION_SECONDS * 1000 - DAY) return
  await db
    .updateTable('sessions')
    .set({ expires_at: new Date(now + SESSION_SECONDS * 1000), updated_at: new Date(now) })
    .where('id', '=', caller.id)
    .execute()
  const [, cookie] = new RegExp(`(?:^|;\\s*)${COOKIE.replace('.', '\\.')}=([^;]+)`).exec(request.headers.cookie ?? '') ?? []
  if (cookie)
    reply.header(
      'set-cookie',
      `${COOKIE}=${cookie}; Max-Age=${SESSION_SECONDS}; Path=/; HttpOnly; SameSite=Lax${request.protocol === 'https' ? '; Secure' : ''}`,
    )
}

/** Changes the name. */
export async function rename(world: World, { caller, body }: Given<typeof contract.rename>) {
  await world.db.transaction().execute(async trx => {
    await trx
      .updateTable('users')
      .set({ name: body.name, updated_at: new Date(world.clock.now()) })
      .where('id', '=', caller.user.id)
      .execute()
    await recordPerson(trx, world, caller, 'account.renamed', { before: caller.user.name, after: body.name })
  })
  return loadUser(world.db, caller.user.id)
}

/** Lists the sessions that have not ended. */
export async function sessions({ db, clock }: World, { caller }: Given<typeof contract.sessions>) {
  const rows = await db.selectFrom('sessions').selectAll().where('user_id', '=', caller.user.id).orderBy('id', 'desc').execute()
  const items = rows
    .filter(row => new Date(row.expires_at).getTime() > clock.now())
    .map(row => ({
      id: row.id,
      current: row.id === caller.id,
      address: row.ip_address,
      agent: row.user_agent,
      createdAt: iso(row.created_at),
      expiresAt: iso(row.expires_at),
    }))
  return { items, next: null }
}

/** Ends one session. */
export async function endSession(world: World, { caller, params }: Given<typeof contract.endSession>) {
  await world.db.transaction().execute(async trx => {
    const gone = await trx
      .deleteFrom('sessions')
      .where('user_id', '=', caller.user.id)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (Number(gone.numDeletedRows) === 0) throw new Fault('session.not_found')
    await recordPerson(trx, world, caller, 'session.revoked', { session: params.id })
  })
  return { ok: true as const }
}

/** Ends all other sessions. */
export async function endSessions(world: World, { caller }: Given<typeof contract.endSessions>) {
  await world.db.transaction().execute(async trx => {
    await trx.deleteFrom('sessions').where('user_id', '=', caller.user.id).where('id', '!=', caller.id).execute()
    await recordPerson(trx, world, caller, 'session.revoked', { all: true })
  })
  return { ok: true as const }
}

/** Changes the password; the other sessions end. */
export async function changePassword(world: World, { caller, body }: Given<typeof contract.changePassword>) {
  await demandPassword(world, caller, body.current)
  const password = await hashPassword(body.password)
  await world.db.transaction().execute(async trx => {
    const now = new Date(world.clock.now())
    await trx
      .updateTable('accounts')
      .set({ password, updated_at: now })
      .where('user_id', '=', caller.user.id)
      .where('provider_id', '=', 'credential')
      .execute()
    await trx.deleteFrom('sessions').where('user_id', '=', caller.user.id).where('id', '!=', caller.id).execute()
    await recordPerson(trx, world, caller, 'password.changed')
  })
  return { ok: true as const }
}

/** Refuses unless this is the caller's password. */
export async function demandPassword({ db }: World, caller: Caller, password: string): Promise<void> {
  const row = await db
    .selectFrom('accounts')
    .select('password')
    .where('user_id', '=', caller.user.id)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  if (!row?.password || !(await verifyPassword(row.password, password))) throw new Fault('auth.wrong_password')
}
