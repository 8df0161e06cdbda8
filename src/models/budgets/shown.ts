import { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'
import type { World } from '#world.ts'
import { PERIODS, SCOPES, WAYS } from './contract.ts'
import { sumIn, takenIn } from './queries.ts'
import { spanOf } from './span.ts'

const WORDS = z.object({ scope: z.enum(SCOPES), period: z.enum(PERIODS), way: z.enum(WAYS) })

/** A budget as the API shows it. */
export async function shown(world: World, row: Tables['budgets']) {
  const { scope, period, way } = WORDS.parse(row)
  return {
    id: row.id,
    scope,
    subjectId: row.subject_id,
    period,
    dollars: row.dollars === null ? null : row.dollars / 1e6,
    tokens: row.tokens,
    onExhausted: way,
    model: row.model,
    createdAt: iso(row.created_at),
    state: await stateOf(world, row),
  }
}

async function stateOf({ db, clock }: World, row: Tables['budgets']) {
  const { workspace_id: workspace, dollars, tokens } = row
  const span = spanOf(row.period, clock.now(), '')
  if (span.end === null) return null
  const sum = (await sumIn(db, workspace, row.id, span.name)) ?? {
    ...(await takenIn(db, workspace, row, span)),
    ...{ reserved: 0, reserved_tokens: 0, exhausted: 0 },
  }
  const left = (most: number | null, used: number) => (most === null ? null : Math.max(0, most - used))
  const money = left(dollars, sum.spent + sum.reserved)
  return {
    spent: sum.spent / 1e6,
    reserved: sum.reserved / 1e6,
    left: money === null ? null : money / 1e6,
    tokens: sum.tokens,
    reservedTokens: sum.reserved_tokens,
    leftTokens: left(tokens, sum.tokens + sum.reserved_tokens),
    resetsAt: iso(span.end),
    exhausted: sum.exhausted === 1,
  }
}
