import { type Kysely, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** The smallest id behind all of those that happened. */
const BEHIND = 'evu'

/** A page of what happened, newest first; one row more than the limit. What is only for ourselves has no dot in its name. */
export function listHappenings(
  db: Db,
  workspace: string,
  { limit, cursor, event }: { limit: number; cursor?: string | undefined; event?: string | undefined },
) {
  let query = db
    .selectFrom('happenings')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '<', cursor ?? BEHIND)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (event?.endsWith('.*')) {
    const start = event.slice(0, -1)
    query = query.where(sql`substr(name, 1, ${sql.lit(start.length)})`, '=', start)
  } else query = event === undefined ? query.where('name', 'like', '%.%') : query.where('name', '=', event)
  return query.execute()
}

/** An execution and those that led to it, nearest first. */
export async function chainOf(db: Db, workspace: string, execution: string) {
  const columns = ['executions.workflow_id', 'executions.start', 'executions.parent_id', 'executions.depth'] as const
  return db
    .withRecursive('chain', it =>
      it
        .selectFrom('executions')
        .select(columns)
        .where('executions.workspace_id', '=', workspace)
        .where('executions.id', '=', execution)
        .unionAll(
          it
            .selectFrom('executions')
            .innerJoin('chain', 'chain.parent_id', 'executions.id')
            .select(columns)
            .where('executions.workspace_id', '=', workspace),
        ),
    )
    .selectFrom('chain')
    .select(['workflow_id', 'start'])
    .orderBy('depth', 'desc')
    .execute()
}
