import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>
type Filter = {
  limit: number
  cursor?: string | undefined
  workflowId?: string | undefined
  status?: string | undefined
  trigger?: string | undefined
  dead?: string | undefined
}

/** A page of executions, newest first; one row more than the limit. */
export function listExecutions(db: Db, workspace: string, { limit, cursor, workflowId, status, trigger, dead }: Filter) {
  let query = db.selectFrom('executions').selectAll().where('workspace_id', '=', workspace)
  if (cursor) query = query.where('id', '<', cursor)
  if (workflowId) query = query.where('workflow_id', '=', workflowId)
  if (status) query = query.where('status', '=', status)
  // The partial index of those that are open is used only where the query says the same.
  if (status && ['queued', 'running', 'paused'].includes(status)) query = query.where('ended_at', 'is', null)
  if (trigger) query = query.where('start', '=', trigger)
  if (dead === 'true') query = query.where('status', '=', 'failed').where('failure', 'like', '{"code":"execution.dead"%')
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** One execution. */
export function findExecution(db: Db, workspace: string, id: string) {
  return db.selectFrom('executions').selectAll().where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()
}

/** What people were asked, with the execution it stands in. */
const questions = (db: Db, workspace: string) =>
  db
    .selectFrom('waits')
    .innerJoin('executions', 'executions.id', 'waits.execution_id')
    .select([
      'waits.id',
      'waits.kind',
      'waits.execution_id',
      'waits.path',
      'waits.ask',
      'waits.until',
      'waits.created_at',
      'waits.heard_at',
      'executions.workflow_id',
      'executions.ended_at',
    ])
    .where('waits.workspace_id', '=', workspace)
    .where('waits.kind', 'in', ['approval', 'answer', 'permission'])

/** One question, decided or not. */
export const readApproval = (db: Db, workspace: string, id: string) =>
  questions(db, workspace).where('waits.id', '=', id).executeTakeFirst()

/** What waits for a person and was not decided yet, oldest first; one row more than the limit. */
export function listApprovals(
  db: Db,
  workspace: string,
  { limit, cursor, executionId }: { limit: number; cursor?: string | undefined; executionId?: string | undefined },
) {
  let query = questions(db, workspace).where('waits.heard_at', 'is', null).where('executions.ended_at', 'is', null)
  if (executionId) query = query.where('waits.execution_id', '=', executionId)
  const [at, id] = cursor?.split('~') ?? []
  if (at && id)
    query = query.where(it =>
      it.or([
        it('waits.created_at', '>', Number(at)),
        it.and([it('waits.created_at', '=', Number(at)), it('waits.id', '>', id)]),
      ]),
    )
  return query
    .orderBy('waits.created_at')
    .orderBy('waits.id')
    .limit(limit + 1)
    .execute()
}

/** One question. */
export function findApproval(db: Db, workspace: string, id: string) {
  return db
    .selectFrom('waits')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('kind', 'in', ['approval', 'answer', 'permission'])
    .executeTakeFirst()
}

/** Tells whoever owns an execution, or will, that something was sent to it; false when it has ended. */
export async function signal(
  trx: Db,
  workspace: string,
  id: string,
  now: number,
  more: { cancelled_by?: string } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('executions')
    .set(it => ({ ...more, signals: it('signals', '+', 1), due_at: now }))
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
