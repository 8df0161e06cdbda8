import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** Which part of the usage is meant; days as text, both included. */
export type Part = {
  from: string
  to: string
  workflowId?: string | undefined
  model?: string | undefined
  userId?: string | undefined
  keyId?: string | undefined
  prompt?: string | undefined
  kind?: string | undefined
}

const COLUMNS = {
  workflowId: 'workflow_id',
  model: 'model',
  userId: 'user_id',
  keyId: 'key_id',
  prompt: 'prompt',
  kind: 'kind',
} as const
const NAMES = ['workflowId', 'model', 'userId', 'keyId', 'prompt', 'kind'] as const

/** The sums of days, as they are kept. */
export function usageOf(db: Db, workspace: string, part: Part) {
  let query = db
    .selectFrom('usage')
    .where('workspace_id', '=', workspace)
    .where('day', '>=', part.from)
    .where('day', '<=', part.to)
  for (const name of NAMES) if (part[name] !== undefined) query = query.where(COLUMNS[name], '=', part[name])
  return query
}

/** The sums of a part of the usage by one of its columns; `''` is nobody. */
export function sumsOf(db: Db, workspace: string, part: Part, by: 'day' | (typeof COLUMNS)[keyof typeof COLUMNS]) {
  return usageOf(db, workspace, part)
    .select(it => [
      it.ref(by).as('key'),
      it.fn.sum<number>('calls').as('calls'),
      it.fn.sum<number>('input_tokens').as('input'),
      it.fn.sum<number>('output_tokens').as('output'),
      it.fn.sum<number>('cached_tokens').as('cached'),
      it.fn.sum<number>('reasoning_tokens').as('reasoning'),
      it.fn.sum<number>('cost').as('cost'),
      it.fn.sum<number>('unpriced').as('unpriced'),
    ])
    .groupBy(by)
    .execute()
}

/** What workflows, members and keys are called. */
export async function namesOf(db: Db, workspace: string, by: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  if (by === 'workflow') {
    const rows = await db
      .selectFrom('workflows')
      .select(['id', 'name'])
      .where('workspace_id', '=', workspace)
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  if (by === 'key') {
    const rows = await db
      .selectFrom('api_keys')
      .select(['id', 'name'])
      .where('workspace_id', '=', workspace)
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  if (by !== 'member') return new Map()
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name'])
    .where('members.workspace_id', '=', workspace)
    .where('users.id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
