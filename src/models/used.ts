import { type Kysely, sql } from 'kysely'
import type { Tables } from '#db/tables.ts'

/** The statement that adds what models took to the sum of its day. */
export const adding = (db: Kysely<Tables>, row: Tables['usage']) =>
  db
    .insertInto('usage')
    .values(row)
    .onConflict(it =>
      it.columns(['workspace_id', 'day', 'workflow_id', 'model', 'user_id', 'key_id', 'prompt', 'kind']).doUpdateSet({
        calls: sql`usage.calls + excluded.calls`,
        input_tokens: sql`usage.input_tokens + excluded.input_tokens`,
        output_tokens: sql`usage.output_tokens + excluded.output_tokens`,
        cached_tokens: sql`usage.cached_tokens + excluded.cached_tokens`,
        reasoning_tokens: sql`usage.reasoning_tokens + excluded.reasoning_tokens`,
        cost: sql`usage.cost + excluded.cost`,
        unpriced: sql`usage.unpriced + excluded.unpriced`,
      }),
    )
