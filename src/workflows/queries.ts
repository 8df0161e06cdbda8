import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'

type Db = Kysely<Tables>

/** A row of a workflow. */
export type WorkflowRow = Selectable<Tables['workflows']>

type Filter = {
  limit: number
  sort: 'newest' | 'name' | 'changed'
  /** Where the page before ended: its last id, and by what it is sorted. */
  after?: { id: string; value: string | number } | undefined
  q?: string | undefined
  folder?: string | undefined
  archived: boolean
  active?: boolean | undefined
  live?: boolean | undefined
}

/** A page of workflows without their drafts; one row more than the limit. */
export function listWorkflows(db: Db, workspace: string, { limit, sort, after, q, folder, archived, active, live }: Filter) {
  let query = db
    .selectFrom('workflows')
    .select(['id', 'name', 'description', 'folder_id', 'rev', 'live', 'active', 'archived_at', 'nodes', 'starts'])
    .select(['created_at', 'created_by', 'updated_at', 'updated_by'])
    .where('workspace_id', '=', workspace)
    .where('archived_at', archived ? 'is not' : 'is', null)
    .limit(limit + 1)
  if (sort === 'name') query = query.orderBy(sql`lower(name)`).orderBy('id', 'desc')
  else if (sort === 'changed') query = query.orderBy('updated_at', 'desc').orderBy('id', 'desc')
  else query = query.orderBy('id', 'desc')
  if (after) query = query.where(behind(sort, after))
  if (folder !== undefined)
    query = folder === 'none' ? query.where('folder_id', 'is', null) : query.where('folder_id', '=', folder)
  if (active !== undefined) query = query.where('active', '=', Number(active))
  if (live !== undefined) query = query.where('live', live ? 'is not' : 'is', null)
  if (q)
    query = query.where(it =>
      it.or([like('name', q), like('lower(name)', q.toLowerCase()), like('lower(description)', q.toLowerCase())]),
    )
  return query.execute()
}

function behind(sort: Filter['sort'], { id, value }: NonNullable<Filter['after']>) {
  if (sort === 'name') {
    const name = sql`lower(${String(value)})`
    return sql<boolean>`(lower(name) > ${name} or (lower(name) = ${name} and id < ${id}))`
  }
  const time = Number(value)
  if (sort === 'changed' && Number.isFinite(time))
    return sql<boolean>`(updated_at < ${time} or (updated_at = ${time} and id < ${id}))`
  return sql<boolean>`id < ${id}`
}

/** As it is written too: SQLite knows the small letters of ASCII only. */
const like = (name: string, part: string) =>
  sql<boolean>`${sql.raw(name)} like ${`%${part.replace(/[%_\\]/g, '\\$&')}%`} escape '\\'`

/** The newest execution of each of these workflows: one step into an index for each, then the rows that were found. */
export async function newestRuns(db: Db, workspace: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const found = await db
    .selectFrom('workflows')
    .select(it =>
      it
        .selectFrom('executions')
        .select('executions.id')
        .whereRef('executions.workflow_id', '=', 'workflows.id')
        .orderBy('executions.id', 'desc')
        .limit(1)
        .as('run'),
    )
    .where('workflows.workspace_id', '=', workspace)
    .where('workflows.id', 'in', ids)
    .execute()
  const runs = found.flatMap(({ run }) => run ?? [])
  if (runs.length === 0) return new Map<string, never>()
  const rows = await db
    .selectFrom('executions')
    .select(['workflow_id', 'id', 'status', 'created_at'])
    .where('workspace_id', '=', workspace)
    .where('id', 'in', runs)
    .execute()
  return new Map(rows.map(({ workflow_id, id, status, created_at }) => [workflow_id, { id, status, at: iso(created_at) }]))
}

/** One workflow. */
export const findWorkflow = (db: Db, workspace: string, id: string) =>
  db.selectFrom('workflows').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()

/** One workflow, which nobody else changes until the transaction ends. */
export const holdWorkflow = (trx: Db, workspace: string, id: string) =>
  trx
    .selectFrom('workflows')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

const VERSION = ['id', 'number', 'hash', 'note', 'created_at', 'created_by'] as const

/** A page of published versions, newest first, without their documents; one row more than the limit. */
export function listVersions(
  db: Db,
  workspace: string,
  workflow: string,
  { limit, before }: { limit: number; before: number | undefined },
) {
  let query = db
    .selectFrom('workflow_versions')
    .select(VERSION)
    .where('workspace_id', '=', workspace)
    .where('workflow_id', '=', workflow)
    .where('number', 'is not', null)
    .orderBy('number', 'desc')
    .limit(limit + 1)
  if (before !== undefined) query = query.where('number', '<', before)
  return query.execute()
}

/** One published version. */
export const findVersion = (db: Db, workspace: string, workflow: string, number: number) =>
  db
    .selectFrom('workflow_versions')
    .select([...VERSION, 'document'])
    .where('workspace_id', '=', workspace)
    .where('workflow_id', '=', workflow)
    .where('number', '=', number)
    .executeTakeFirst()

/** The newest of the versions and snapshots with this meaning. */
export const findByHash = (db: Db, workspace: string, workflow: string, hash: string) =>
  db
    .selectFrom('workflow_versions')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('workflow_id', '=', workflow)
    .where('hash', '=', hash)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The newest published version. */
export const newestVersion = async (db: Db, workspace: string, workflow: string) =>
  (await listVersions(db, workspace, workflow, { limit: 0, before: undefined })).at(0)

/** The name of another workflow that is a tool of this name. */
export async function holderOf(db: Db, workspace: string, tool: string, workflow: string | null): Promise<string | null> {
  const row = await db
    .selectFrom('workflows')
    .select('name')
    .where('workspace_id', '=', workspace)
    .where('tool', '=', tool)
    .where('archived_at', 'is', null)
    .where('id', '!=', workflow ?? '')
    .executeTakeFirst()
  return row?.name ?? null
}

/** The credentials with these ids. */
export const credentialsOf = (db: Db, workspace: string, ids: readonly string[]) =>
  db
    .selectFrom('credentials')
    .select(['id', 'kind', 'name'])
    .where('workspace_id', '=', workspace)
    .where('id', 'in', ids)
    .execute()
