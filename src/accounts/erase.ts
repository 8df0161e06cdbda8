import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Caller } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { workspacesOf } from '#workspaces/queries.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandPassword } from './person.ts'
import { loadUser } from './queries.ts'

/** Someone without a password must have signed in this recently to erase the account. */
const FRESH = 5 * 60_000

/** Everything that is kept about a person, without secrets. */
export async function exportAccount({ db, clock }: World, { caller, reply }: Given<typeof contract.exportAccount>) {
  const id = caller.user.id
  reply.header('content-disposition', 'attachment; filename="promptpilot-account.json"')
  const mine = {
    sessions: await db
      .selectFrom('sessions')
      .select(['id', 'ip_address', 'user_agent', 'created_at', 'expires_at'])
      .where('user_id', '=', id)
      .execute(),
  }
  return {
    exportedAt: iso(clock.now()),
    user: await loadUser(db, id),
    workspaces: await workspacesOf(db, id),
    ...mine,
    signInWays: await db
      .selectFrom('accounts')
      .select(['provider_id', 'account_id', 'created_at'])
      .where('user_id', '=', id)
      .execute(),
    apiKeys: await db
      .selectFrom('api_keys')
      .select(['id', 'workspace_id', 'name', 'role', 'start', 'created_at', 'expires_at', 'used_at', 'revoked_at'])
      .where('user_id', '=', id)
      .execute(),
    invitationsSent: await db
      .selectFrom('invitations')
      .select(['id', 'workspace_id', 'email', 'role', 'created_at'])
      .where('invited_by', '=', id)
      .execute(),
    invitationsReceived: await db
      .selectFrom('invitations')
      .select(['id', 'workspace_id', 'role', 'created_at', 'accepted_at'])
      .where('email', '=', caller.user.email)
      .execute(),
    credentials: await db
      .selectFrom('credentials')
      .select(['id', 'workspace_id', 'name', 'kind', 'created_at'])
      .where('created_by', '=', id)
      .execute(),
    files: await db
      .selectFrom('files')
      .select(['id', 'workspace_id', 'bucket', 'name', 'type', 'size', 'hash', 'created_at'])
      .where('created_by', '=', id)
      .where('bucket', '!=', 'arriving')
      .execute(),
    workflows: await db
      .selectFrom('workflows')
      .select(['id', 'workspace_id', 'name', 'created_at'])
      .where('created_by', '=', id)
      .execute(),
    workflowVersions: await db
      .selectFrom('workflow_versions')
      .select(['workspace_id', 'workflow_id', 'number', 'note', 'created_at'])
      .where('created_by', '=', id)
      .where('number', 'is not', null)
      .execute(),
    usage: await db.selectFrom('usage').selectAll().where('user_id', '=', id).orderBy('day').execute(),
    executions: await db
      .selectFrom('executions')
      .select(['id', 'workspace_id', 'workflow_id', 'created_at'])
      .where('user_id', '=', id)
      .execute(),
    auditEntries: await db.selectFrom('audit').selectAll().where('actor_id', '=', id).orderBy('id').execute(),
  }
}

/** Erases a person: the account, the workspaces nobody else is in with everything in them, and the name in what others keep. */
export async function erase(world: World, { caller, body }: Given<typeof contract.erase>) {
  await demandPresence(world, caller, body.password)
  const workspaces = await world.db.transaction().execute(async trx => {
    const alone = await leaveWorkspaces(trx, caller)
    await refuseToOrphanInstance(trx, caller)
    await trx
      .deleteFrom('workspaces')
      .where('id', 'in', [...alone, ''])
      .execute()
    await trx
      .updateTable('audit')
      .set({ actor: 'a deleted account', actor_id: null, address: null, agent: null })
      .where('actor_id', '=', caller.user.id)
      .execute()
    // That somebody joined has been told to whoever listens; what was told names them.
    await trx
      .deleteFrom('happenings')
      .where('name', '=', 'member.joined')
      .where('data', 'like', `%"${caller.user.id}"%`)
      .execute()
    await trx.updateTable('audit').set({ target: 'a deleted account' }).where('target_id', '=', caller.user.id).execute()
    await trx.updateTable('audit').set({ target: 'a deleted account' }).where('target', '=', caller.user.email).execute()
    // Sums stay, of somebody who is not there any more.
    await trx
      .updateTable('usage')
      .set({ user_id: world.ids.next('usr') })
      .where('user_id', '=', caller.user.id)
      .execute()
    await trx.updateTable('executions').set({ user_id: null }).where('user_id', '=', caller.user.id).execute()
    await trx.deleteFrom('budgets').where('scope', '=', 'member').where('subject_id', '=', caller.user.id).execute()
    await trx.deleteFrom('invitations').where('email', '=', caller.user.email).execute()
    await trx.deleteFrom('verifications').where('value', '=', caller.user.id).execute()
    await trx.deleteFrom('answers').where('caller', 'like', `${caller.user.id}/%`).execute()
    await trx.deleteFrom('users').where('id', '=', caller.user.id).execute()
    return alone
  })
  // After the commit: files without rows are harmless and swept, rows without files would not be.
  for (const workspace of workspaces) await world.files.removeAll(workspace)
  world.log.info({ user: caller.user.id, workspaces: workspaces.length }, 'an account was erased')
  return { ok: true as const }
}

async function demandPresence(world: World, caller: Caller, password: string | undefined): Promise<void> {
  const withPassword = await world.db
    .selectFrom('accounts')
    .select('id')
    .where('user_id', '=', caller.user.id)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  if (withPassword) return demandPassword(world, caller, password ?? '')
  const session = await world.db.selectFrom('sessions').select('created_at').where('id', '=', caller.id).executeTakeFirst()
  if (!session || new Date(session.created_at).getTime() < world.clock.now() - FRESH) throw new Fault('auth.fresh_needed')
}

/** Answers with the workspaces that have nobody else; refuses when others would be left without an owner. */
async function leaveWorkspaces(trx: Kysely<Tables>, caller: Caller): Promise<string[]> {
  const alone: string[] = []
  for (const { id, name } of await workspacesOf(trx, caller.user.id)) {
    const others = await trx
      .selectFrom('members')
      .select('role')
      .where('workspace_id', '=', id)
      .where('user_id', '!=', caller.user.id)
      .execute()
    if (others.length === 0) alone.push(id)
    else if (!others.some(other => other.role === 'owner'))
      throw new Fault('account.sole_owner', { message: `You are the only owner of “${name}”, which has other members.` })
  }
  return alone
}

async function refuseToOrphanInstance(trx: Kysely<Tables>, caller: Caller): Promise<void> {
  if (!caller.user.ownsInstance) return
  const other = await trx.selectFrom('users').select('id').where('id', '!=', caller.user.id).limit(1).executeTakeFirst()
  if (other) throw new Fault('account.instance_owner')
}
