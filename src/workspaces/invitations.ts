import type { Kysely } from 'kysely'
import { happen } from '#audit/happen.ts'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import { publicUrl } from '#http/origin.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { hashOf } from './keys.ts'
import { listInvitations, workspacesOf } from './queries.ts'
import { atLeast, roleOf } from './roles.ts'
import { activate } from './workspace.ts'

const WEEK = 7 * 24 * 3600_000

type Row = Tables['invitations'] & { inviter: string | null }

/** An invitation that can be accepted. */
type Open = { id: string; workspace: string; workspaceName: string; email: string; role: string; inviter: string | null }

function show(row: Row, now: number) {
  const state = row.accepted_at ? 'accepted' : row.revoked_at ? 'revoked' : row.expires_at <= now ? 'expired' : 'open'
  return {
    id: row.id,
    email: row.email,
    role: roleOf(row.role),
    state: state as 'open',
    invitedBy: row.inviter,
    createdAt: iso(row.created_at),
    expiresAt: iso(row.expires_at),
  }
}

/** Lists the invitations. */
export async function invitations({ db, clock }: World, { caller, query }: Given<typeof contract.invitations>) {
  const { items, next } = pageOf(await listInvitations(db, caller.workspace, query), query.limit)
  return { items: items.map(row => show(row, clock.now())), next }
}

/** Invites somebody: by mail, or by a link in the log that the inviter may send too. */
export async function invite(world: World, { caller, body, request }: Given<typeof contract.invite>) {
  if (!atLeast(caller.role, body.role)) throw new Fault('role.too_high')
  const token = world.ids.secret()
  const now = world.clock.now()
  const id = world.ids.next('inv')
  const row = await world.db.transaction().execute(async trx => {
    const member = await trx
      .selectFrom('members')
      .innerJoin('users', 'users.id', 'members.user_id')
      .select('users.id')
      .where('members.workspace_id', '=', caller.workspace)
      .where('users.email', '=', body.email)
      .executeTakeFirst()
    if (member) throw new Fault('member.exists')
    // A second invitation replaces the first, whose link may be lost.
    await trx
      .updateTable('invitations')
      .set({ revoked_at: now })
      .where('workspace_id', '=', caller.workspace)
      .where('email', '=', body.email)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .execute()
    const values = {
      id,
      workspace_id: caller.workspace,
      email: body.email,
      role: body.role,
      token_hash: hashOf(token),
      invited_by: caller.user.id,
      created_at: now,
      expires_at: now + WEEK,
      accepted_at: null,
      revoked_at: null,
    }
    await trx.insertInto('invitations').values(values).execute()
    await record(trx, world, caller, 'invitation.sent', { id, name: body.email }, { role: body.role })
    return { ...values, inviter: caller.user.name }
  })
  const sent = await deliver(world, row, `${world.place()}/invite#${token}`)
  return { ...show(row, now), link: `${publicUrl(request, world.config.publicUrl)}/invite#${token}`, sent }
}

/** The invitation stands even when the mail does not go out: the link is in the answer. */
async function deliver({ mail, log, db }: World, row: Row, link: string): Promise<'mail' | 'log' | 'failed'> {
  const workspace = await db.selectFrom('workspaces').select('name').where('id', '=', row.workspace_id).executeTakeFirst()
  const name = workspace?.name ?? 'a workspace'
  const text = `${row.inviter} invites you to ${name} on PromptPilot. Accept within a week:\n\n${link}`
  try {
    await mail.send({ to: row.email, subject: `${row.inviter} invites you to ${name}`, text, link })
    return mail.configured ? 'mail' : 'log'
  } catch (error) {
    log.error({ err: error, to: row.email }, 'an invitation could not be mailed')
    return 'failed'
  }
}

/** Takes an invitation back. */
export async function revokeInvitation(world: World, { caller, params }: Given<typeof contract.revokeInvitation>) {
  await world.db.transaction().execute(async trx => {
    const row = await trx
      .updateTable('invitations')
      .set({ revoked_at: world.clock.now() })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', params.id)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .returning('email')
      .executeTakeFirst()
    if (!row) throw new Fault('invitation.not_found')
    await record(trx, world, caller, 'invitation.revoked', { id: params.id, name: row.email })
  })
  return { ok: true as const }
}

/** The open invitation of a token. */
export async function openInvitation({ db, clock }: Pick<World, 'db' | 'clock'>, token: string): Promise<Open> {
  const row = await db
    .selectFrom('invitations')
    .innerJoin('workspaces', 'workspaces.id', 'invitations.workspace_id')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .select([
      'invitations.id',
      'invitations.workspace_id as workspace',
      'workspaces.name as workspaceName',
      'invitations.email',
      'invitations.role',
      'users.name as inviter',
    ])
    .where('token_hash', '=', hashOf(token))
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .executeTakeFirst()
  if (!row) throw new Fault('invitation.not_found')
  return row
}

/** What an invitation is for. */
export async function lookAtInvitation(world: World, { body }: Given<typeof contract.lookAtInvitation>) {
  const open = await openInvitation(world, body.token)
  const account = await world.db.selectFrom('users').select('id').where('email', '=', open.email).executeTakeFirst()
  return {
    workspace: open.workspaceName,
    email: open.email,
    role: roleOf(open.role),
    invitedBy: open.inviter,
    hasAccount: account !== undefined,
  }
}

/** Joins the workspace of an invitation. */
export async function acceptInvitation(world: World, { caller, body }: Given<typeof contract.acceptInvitation>) {
  const open = await openInvitation(world, body.token)
  if (open.email !== caller.user.email) throw new Fault('invitation.other_email')
  await world.db
    .transaction()
    .execute(trx => takeInvitation(trx, world, open, { ...caller, id: caller.user.id, email: caller.user.email }))
  await activate(world, caller, open.workspace)
  const joined = (await workspacesOf(world.db, caller.user.id)).find(each => each.id === open.workspace)
  if (!joined) throw new Fault('workspace.not_found')
  return joined
}

type Taker = { id: string; email: string; kind: 'session' | 'key'; address: string; agent: string }

/** Makes somebody a member by their invitation, once. */
export async function takeInvitation(trx: Kysely<Tables>, world: World, open: Open, who: Taker): Promise<void> {
  const now = world.clock.now()
  const taken = await trx
    .updateTable('invitations')
    .set({ accepted_at: now })
    .where('id', '=', open.id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (Number(taken.numUpdatedRows) === 0) throw new Fault('invitation.not_found')
  const member = { workspace_id: open.workspace, user_id: who.id, role: open.role, joined_at: now }
  // Somebody who became a member in the meantime keeps the role they have.
  const joined = await trx
    .insertInto('members')
    .values(member)
    .onConflict(conflict => conflict.columns(['workspace_id', 'user_id']).doNothing())
    .executeTakeFirst()
  const caller = {
    kind: who.kind,
    id: who.id,
    user: { id: who.id, email: who.email, name: '', ownsInstance: false },
    workspace: open.workspace,
    role: roleOf(open.role),
    address: who.address,
    agent: who.agent,
  }
  await record(trx, world, caller, 'member.joined', { id: who.id, name: who.email }, { role: open.role })
  if (joined.numInsertedOrUpdatedRows !== 1n) return
  const person = await trx.selectFrom('users').select('name').where('id', '=', who.id).executeTakeFirst()
  const data = { userId: who.id, name: person?.name ?? '', email: who.email, role: open.role }
  await happen(trx, world, { workspace: open.workspace, name: 'member.joined', data })
}
