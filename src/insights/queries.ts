import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** From an id on, until before another. */
export type Span = { from: string; until: string }

type State = 'all' | 'failed' | 'cancelled' | 'open'

const OPEN = ['queued', 'running', 'paused']

/** Counts executions in spans of ids: only indexes are read, never a row. */
export async function countExecutions(db: Db, workspace: string, spans: readonly Span[], state: State): Promise<number[]> {
  if (spans.length === 0) return []
  const row = await db
    .selectNoFrom(it =>
      spans.map(({ from, until }, at) => {
        const all = it
          .selectFrom('executions')
          .select(({ fn }) => fn.countAll<number | string>().as('many'))
          .where('workspace_id', '=', workspace)
          .where('id', '>=', from)
          .where('id', '<', until)
        const some =
          state === 'all'
            ? all
            : state === 'open'
              ? all.where('status', 'in', OPEN).where('ended_at', 'is', null)
              : all.where('status', '=', state)
        return some.as(`day${at}`)
      }),
    )
    .executeTakeFirstOrThrow()
  return spans.map((_span, at) => Number(row[`day${at}`] ?? 0))
}
