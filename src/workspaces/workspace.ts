import type { Kysely } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Caller } from '#http/caller.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { workspacesOf } from './queries.ts'

async function one(world: World, user: string, workspace: string) {
  const found = (await workspacesOf(world.db, user)).find(each => each.id === workspace)
  if (!found) throw new Fault('workspace.not_found')
  return found
}

/** Makes a workspace and makes it the active one. */
export async function createWorkspace(world: World, { caller, body }: Given<typeof contract.createWorkspace>) {
  if (!mayCreateWorkspaces(world, caller.user.ownsInstance)) throw new Fault('workspace.creation_closed')
  const id = await world.db.transaction().execute(async trx => {
    const made = await insertWorkspace(trx, world, caller.user.id, body.name)
    await record(trx, world, { ...caller, workspace: made, role: 'owner' }, 'workspace.created', { id: made, name: body.name })
    return made
  })
  return one(world, caller.user.id, id)
}

/** Makes a workspace the active one of the session. */
export async function selectWorkspace(world: World, { caller, params }: Given<typeof contract.selectWorkspace>) {
  const found = await one(world, caller.user.id, params.id)
  await activate(world, caller, found.id)
  return found
}

/** The session goes on in this workspace. */
export async function activate({ db }: Pick<World, 'db'>, caller: Caller, workspace: string): Promise<void> {
  if (caller.kind === 'session')
    await db.updateTable('sessions').set({ workspace_id: workspace }).where('id', '=', caller.id).execute()
}

/** Renames the active workspace, names the workflow for what fails in it, or says how much it may have under way. */
export async function renameWorkspace(world: World, { caller, body }: Given<typeof contract.renameWorkspace>) {
  await world.db.transaction().execute(async trx => {
    const before = await trx
      .selectFrom('workspaces')
      .select(['name', 'on_failure', 'quota'])
      .where('id', '=', caller.workspace)
      .executeTakeFirstOrThrow()
    const { name = before.name, onFailure = before.on_failure, quota = before.quota } = body
    if (onFailure !== null && onFailure !== before.on_failure) await refuseOtherWorkflow(trx, caller.workspace, onFailure)
    await trx.updateTable('workspaces').set({ name, on_failure: onFailure, quota }).where('id', '=', caller.workspace).execute()
    const say = (action: string, details: Record<string, unknown>) =>
      record(trx, world, caller, action, { id: caller.workspace, name }, details)
    if (body.name !== undefined) await say('workspace.renamed', { before: before.name })
    if (quota !== before.quota) await say('workspace.quota_changed', { before: before.quota, quota })
    if (onFailure !== before.on_failure)
      await say('workspace.error_workflow_changed', { before: before.on_failure, workflow: onFailure })
  })
  return one(world, caller.user.id, caller.workspace)
}

async function refuseOtherWorkflow(trx: Kysely<Tables>, workspace: string, id: string): Promise<void> {
  const found = await trx
    .selectFrom('workflows')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found)
    throw new Fault('request.invalid', { details: [{ path: 'body.onFailure', message: 'is no workflow of the workspace' }] })
}

/** Deletes the active workspace with everything in it. The log of the server keeps that it happened; its audit log goes with it. */
export async function deleteWorkspace(world: World, { caller, query }: Given<typeof contract.deleteWorkspace>) {
  const { name } = await one(world, caller.user.id, caller.workspace)
  if (query.name !== name)
    throw new Fault('request.invalid', { details: [{ path: 'query.name', message: 'must be the name of the workspace' }] })
  await world.db.deleteFrom('workspaces').where('id', '=', caller.workspace).execute()
  await world.files.removeAll(caller.workspace)
  world.log.info({ workspace: caller.workspace, by: caller.user.id }, 'a workspace was deleted')
  return { ok: true as const }
}

/** The owner of the installation may make workspaces; others where registration is open. */
export const mayCreateWorkspaces = ({ config }: Pick<World, 'config'>, ownsInstance: boolean): boolean =>
  ownsInstance || config.openSignup

/** Makes a workspace with its owner. */
export async function insertWorkspace(trx: Kysely<Tables>, { ids, clock }: World, userId: string, name: string): Promise<string> {
  const id = ids.next('wsp')
  const now = clock.now()
  await trx.insertInto('workspaces').values({ id, name, created_at: now, created_by: userId }).execute()
  await trx.insertInto('members').values({ workspace_id: id, user_id: userId, role: 'owner', joined_at: now }).execute()
  return id
}
