import type { Kysely, Selectable } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { DEEPEST, KINDS } from './contract.ts'
import { findFolder, foldersIn, holdFolders, listFolders } from './queries.ts'

type Db = Kysely<Tables>
type Row = Selectable<Tables['folders']>

const show = (row: Row) => ({
  id: row.id,
  kind: KINDS.find(kind => kind === row.kind) ?? 'workflows',
  name: row.name,
  parentId: row.parent_id,
  createdAt: iso(row.created_at),
})

/** Lists the folders. */
export async function folders({ db }: World, { caller, query }: Given<typeof contract.folders>) {
  const { items, next } = pageOf(await listFolders(db, caller.workspace, query), query.limit)
  return { items: items.map(show), next }
}

/** Makes a folder. */
export async function createFolder(world: World, { caller, query, body }: Given<typeof contract.createFolder>) {
  const row = {
    id: world.ids.next('fld'),
    workspace_id: caller.workspace,
    kind: query.kind,
    name: body.name,
    parent_id: body.parentId,
    created_at: world.clock.now(),
  }
  await world.db.transaction().execute(async trx => {
    await holdFolders(trx, caller.workspace)
    if (row.parent_id !== null && (await above(trx, caller.workspace, row.parent_id, row.kind)).length >= DEEPEST) throw tooDeep()
    await trx.insertInto('folders').values(row).execute()
    await record(trx, world, caller, 'folder.created', { id: row.id, name: row.name }, { kind: row.kind, parent: row.parent_id })
  })
  return show(row)
}

/** Renames a folder or moves it. */
export async function changeFolder(world: World, { caller, params, body }: Given<typeof contract.changeFolder>) {
  return world.db.transaction().execute(async trx => {
    await holdFolders(trx, caller.workspace)
    const row = await demandFolder(trx, caller.workspace, params.id)
    const { name = row.name, parentId = row.parent_id } = body
    if (parentId !== null && parentId !== row.parent_id) {
      const way = await above(trx, caller.workspace, parentId, row.kind)
      if (way.includes(row.id)) throw new Fault('folder.in_itself')
      if (way.length + (await height(trx, caller.workspace, row.id)) > DEEPEST) throw tooDeep()
    }
    const set = { name, parent_id: parentId }
    await trx.updateTable('folders').set(set).where('workspace_id', '=', caller.workspace).where('id', '=', row.id).execute()
    const details = {
      ...(name === row.name ? {} : { from: row.name }),
      ...(parentId === row.parent_id ? {} : { parent: parentId }),
    }
    await record(trx, world, caller, 'folder.changed', { id: row.id, name }, details)
    return show({ ...row, ...set })
  })
}

/** Deletes a folder; what is in it moves up. */
export async function deleteFolder(world: World, { caller, params }: Given<typeof contract.deleteFolder>) {
  const { workspace } = caller
  await world.db.transaction().execute(async trx => {
    await holdFolders(trx, workspace)
    const row = await demandFolder(trx, workspace, params.id)
    const up = { parent_id: row.parent_id }
    await trx.updateTable('folders').set(up).where('workspace_id', '=', workspace).where('parent_id', '=', row.id).execute()
    const out = { folder_id: row.parent_id }
    await trx.updateTable('workflows').set(out).where('workspace_id', '=', workspace).where('folder_id', '=', row.id).execute()
    await trx.deleteFrom('folders').where('workspace_id', '=', workspace).where('id', '=', row.id).execute()
    await record(trx, world, caller, 'folder.deleted', { id: row.id, name: row.name }, { kind: row.kind, parent: row.parent_id })
  })
  return { ok: true as const }
}

/** Refuses a folder that is not there, is of another kind or of another workspace; holds it, so that it is not deleted meanwhile. */
export async function refuseOtherFolder(trx: Db, workspace: string, id: string, kind: (typeof KINDS)[number]): Promise<void> {
  const row = await trx
    .selectFrom('folders')
    .select('kind')
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row?.kind !== kind) throw new Fault('folder.not_found')
}

async function demandFolder(db: Db, workspace: string, id: string): Promise<Row> {
  const row = await findFolder(db, workspace, id)
  if (!row) throw new Fault('folder.not_found')
  return row
}

/** A folder and those it stands in, from the inside out. */
async function above(db: Db, workspace: string, id: string, kind: string): Promise<string[]> {
  const way: string[] = []
  for (let at: string | null = id; at !== null && way.length <= DEEPEST; ) {
    const row: Row = await demandFolder(db, workspace, at)
    if (row.kind !== kind) throw new Fault('folder.not_found')
    way.push(row.id)
    at = row.parent_id
  }
  return way
}

/** How many folders stand in each other from this one on, itself included. */
async function height(db: Db, workspace: string, id: string): Promise<number> {
  let [level, many] = [[id], 0]
  for (; level.length > 0 && many <= DEEPEST; many += 1) level = (await foldersIn(db, workspace, level)).map(row => row.id)
  return many
}

const tooDeep = () => new Fault('folder.too_deep', { message: `Folders stand at most ${DEEPEST} deep in each other.` })
