import type { Database, Storable } from '#db/db.ts'
import type { Statement } from '#executions/run.ts'

/** The statements of schedules that are written together with those of executions. */
export type Words = {
  /** A line that waited becomes another, for the first who says so. */
  turn(
    trigger: string,
    line: string,
    to: { at: number; outcome: string; why: string | null; execution: string | null },
  ): Statement
  /** One more failure in a row. */
  failed(trigger: string): Statement
  /** Failures are not in a row any more. */
  well(trigger: string): Statement
}

/** The statements in the words of a database. */
export function makeWords(kind: Database['kind']): Words {
  const say = (text: string) => {
    let count = 0
    const sql = kind === 'postgres' ? text.replace(/\?/g, () => `$${++count}`) : text
    return (...values: Storable[]): Statement => ({ sql, values })
  }
  const turn = say(
    `update fires set at = ?, outcome = ?, why = ?, execution_id = ? where trigger_id = ? and id = ? and outcome = 'waiting'`,
  )
  return {
    turn: (trigger, line, { at, outcome, why, execution }) => turn(at, outcome, why, execution, trigger, line),
    failed: say('update triggers set failures = failures + 1 where id = ?'),
    well: say('update triggers set failures = 0 where id = ? and failures <> 0'),
  }
}
