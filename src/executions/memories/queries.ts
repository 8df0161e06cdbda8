import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>
type Listed = { limit: number; cursor?: string | undefined }

/** Conversations by their place and key, with one more than the limit. */
export function listMemories(
  db: Db,
  workspace: string,
  { limit, cursor, workflowId }: Listed & { workflowId?: string | undefined },
) {
  let query = db
    .selectFrom('memories')
    .select(it => ['place', 'key', it.fn.countAll<number>().as('lines'), it.fn.max('at').as('at')])
    .where('workspace_id', '=', workspace)
    .groupBy(['place', 'key'])
  if (workflowId) query = query.where('place', '=', workflowId)
  const [, place, key] = /^([^~]*)~(.*)$/s.exec(cursor ?? '') ?? []
  if (place !== undefined && key !== undefined)
    query = query.where(it => it.or([it('place', '>', place), it.and([it('place', '=', place), it('key', '>', key)])]))
  return query
    .orderBy('place')
    .orderBy('key')
    .limit(limit + 1)
    .execute()
}

/** What was said in a conversation, newest first, with one more than the limit. */
export function listLines(db: Db, workspace: string, place: string, key: string, { limit, cursor }: Listed) {
  let query = db
    .selectFrom('memories')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('place', '=', place)
    .where('key', '=', key)
  if (cursor) query = query.where('id', '<', cursor)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
