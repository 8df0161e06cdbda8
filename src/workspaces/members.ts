import type { Kysely } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { countOwners, findMember, listMembers } from './queries.ts'
import { atLeast, roleOf } from './roles.ts'

type Row = { id: string; name: string; email: string; role: string; joined_at: number }

const show = (row: Row, caller: Member) => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: roleOf(row.role),
  joinedAt: iso(row.joined_at),
  you: row.id === caller.user.id,
})

/** Lists the members. */
export async function members(world: World, { caller, query }: Given<typeof contract.members>) {
  const { items, next } = pageOf(await listMembers(world.db, caller.workspace, query), query.limit)
  return { items: items.map(row => show(row, caller)), next }
}

/** Changes the role of a member; nobody gives or takes a role above their own. */
export async function changeRole(world: World, { caller, params, body }: Given<typeof contract.changeRole>) {
  return world.db.transaction().execute(async trx => {
    const member = await hold(trx, caller.workspace, params.id)
    if (!atLeast(caller.role, body.role) || !atLeast(caller.role, roleOf(member.role))) throw new Fault('role.too_high')
    if (member.role === 'owner' && body.role !== 'owner') await keepAnOwner(trx, caller.workspace)
    await trx
      .updateTable('members')
      .set({ role: body.role })
      .where('workspace_id', '=', caller.workspace)
      .where('user_id', '=', member.id)
      .execute()
    await record(
      trx,
      world,
      caller,
      'member.role_changed',
      { id: member.id, name: member.email },
      { from: member.role, to: body.role },
    )
    return show({ ...member, role: body.role }, caller)
  })
}

/** Removes a member, or leaves. Keys of the member for this workspace end. */
export async function removeMember(world: World, { caller, params }: Given<typeof contract.removeMember>) {
  const leaving = params.id === caller.user.id
  if (leaving && caller.kind === 'key') throw new Fault('auth.in_person')
  if (!leaving && !atLeast(caller.role, 'admin')) throw new Fault('role.too_small')
  await world.db.transaction().execute(async trx => {
    const member = await hold(trx, caller.workspace, params.id)
    if (!atLeast(caller.role, roleOf(member.role))) throw new Fault('role.too_high')
    if (member.role === 'owner') await keepAnOwner(trx, caller.workspace)
    await trx.deleteFrom('members').where('workspace_id', '=', caller.workspace).where('user_id', '=', member.id).execute()
    await trx.deleteFrom('api_keys').where('workspace_id', '=', caller.workspace).where('user_id', '=', member.id).execute()
    await trx
      .updateTable('sessions')
      .set({ workspace_id: null })
      .where('workspace_id', '=', caller.workspace)
      .where('user_id', '=', member.id)
      .execute()
    await record(
      trx,
      world,
      caller,
      leaving ? 'member.left' : 'member.removed',
      { id: member.id, name: member.email },
      { role: member.role },
    )
  })
  return { ok: true as const }
}

/** Finds a member and, by touching the workspace's row, lets changes of its members happen one after another. */
async function hold(trx: Kysely<Tables>, workspace: string, id: string): Promise<Row> {
  await trx
    .updateTable('workspaces')
    .set(eb => ({ name: eb.ref('name') }))
    .where('id', '=', workspace)
    .execute()
  const member = await findMember(trx, workspace, id)
  if (!member) throw new Fault('member.not_found')
  return member
}

async function keepAnOwner(trx: Kysely<Tables>, workspace: string): Promise<void> {
  if ((await countOwners(trx, workspace)) < 2) throw new Fault('member.last_owner')
}
