import { statementOf } from '#db/statement.ts'
import type { Tables } from '#db/tables.ts'
import type { Usage } from '#engine/events.ts'
import type { Run, Statement } from '#executions/run.ts'
import type { Shell } from '#executions/shell.ts'
import { iso } from '#http/contract.ts'
import { adding } from '#models/used.ts'

type Row = Tables['usage']

/** The day of a moment, in UTC. */
export const dayOf = (time: number): string => iso(time).slice(0, 10)

/** Adds what models took to the sums of the day, to be written together with the event that says so. */
export function addUsage({ world }: Pick<Shell, 'world'>, { row }: Pick<Run, 'row'>, all: readonly Usage[]): Statement[] {
  const day = dayOf(world.clock.now())
  const rows = new Map<string, Row>()
  for (const one of all) {
    const kind = one.kind ?? 'ask'
    const name = `${kind} ${one.model}`
    const sum = rows.get(name) ?? {
      workspace_id: row.workspace_id,
      day,
      workflow_id: row.workflow_id,
      model: one.model,
      user_id: row.user_id ?? '',
      key_id: row.key_id ?? '',
      prompt: '',
      kind,
      ...NOTHING,
    }
    rows.set(name, sum)
    sum.calls += 1
    sum.input_tokens += one.inputTokens
    sum.output_tokens += one.outputTokens
    sum.cached_tokens += one.cachedTokens ?? 0
    sum.reasoning_tokens += one.reasoningTokens ?? 0
    sum.cost += one.cost ?? 0
    sum.unpriced += one.cost === null ? 1 : 0
  }
  return [...rows.values()].map(sum => statementOf(adding(world.db, sum), true))
}

const NOTHING = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  reasoning_tokens: 0,
  cost: 0,
  unpriced: 0,
}
