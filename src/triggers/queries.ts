import { type Kysely, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>
type Filter = { limit: number; cursor?: string | undefined; workflowId?: string | undefined; kind?: string | undefined }

/** Triggers with how their workflow stands. */
const standing = (db: Db, workspace: string) =>
  db
    .selectFrom('triggers')
    .innerJoin('workflows', 'workflows.id', 'triggers.workflow_id')
    .selectAll('triggers')
    .select(['workflows.active', 'workflows.archived_at'])
    .where('triggers.workspace_id', '=', workspace)

/** The newest lines of the ledger of each of these triggers; each is a short look at the end of its part of the tree. */
export async function newestLines(db: Db, workspace: string, triggers: readonly string[], most: number) {
  const looks = triggers.map(
    id =>
      sql`select * from (select trigger_id, at, outcome, execution_id from fires where trigger_id in (select id from triggers where workspace_id = ${workspace} and id = ${id}) order by id desc limit ${sql.lit(most)}) as newest`,
  )
  if (looks.length === 0) return []
  const { rows } = await sql<{
    trigger_id: string
    at: number
    outcome: string
    execution_id: string | null
  }>`${sql.join(looks, sql` union all `)}`.execute(db)
  return rows
}

/** A page of triggers, newest first; one row more than the limit. */
export function listTriggers(db: Db, workspace: string, { limit, cursor, workflowId, kind }: Filter) {
  let query = standing(db, workspace)
    .where('triggers.gone_at', 'is', null)
    .orderBy('triggers.id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('triggers.id', '<', cursor)
  if (workflowId) query = query.where('triggers.workflow_id', '=', workflowId)
  if (kind) query = query.where('triggers.kind', '=', kind)
  return query.execute()
}

/** One trigger, also one whose node is gone. */
export const findTrigger = (db: Db, workspace: string, id: string) =>
  standing(db, workspace).where('triggers.id', '=', id).executeTakeFirst()

type LineFilter = { limit: number; cursor?: string | undefined; outcome?: string | undefined }

/** A page of the ledger of a trigger, newest first; one row more than the limit. */
export function listLines(db: Db, workspace: string, trigger: string, { limit, cursor, outcome }: LineFilter) {
  let query = db
    .selectFrom('fires')
    .selectAll()
    .where('trigger_id', 'in', ofWorkspace(db, workspace, trigger))
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('id', '<', cursor)
  if (outcome) query = query.where('outcome', '=', outcome)
  return query.execute()
}

/** One line of the ledger. */
export const findLine = (db: Db, workspace: string, trigger: string, id: string) =>
  db
    .selectFrom('fires')
    .selectAll()
    .where('trigger_id', 'in', ofWorkspace(db, workspace, trigger))
    .where('id', '=', id)
    .executeTakeFirst()

const ofWorkspace = (db: Db, workspace: string, trigger: string) =>
  db
    .selectFrom('triggers')
    .select('triggers.id')
    .where('triggers.workspace_id', '=', workspace)
    .where('triggers.id', '=', trigger)
