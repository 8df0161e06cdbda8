import type { Held } from '#engine/events.ts'
import type { Statement } from '#executions/run.ts'
import type { Shell } from '#executions/shell.ts'
import { idAt } from '#ids.ts'

/** What can become of a time that came, a call or an event. */
export const OUTCOMES = ['fired', 'late', 'waiting', 'skipped', 'refused', 'duplicate'] as const

/** A line of the ledger, as far as it is not plain. */
export type Line = {
  trigger: string
  outcome: (typeof OUTCOMES)[number]
  /** Its id, where that follows from what came: two who write the same line write one. */
  id?: string
  slotAt?: number
  why?: { code: string; message: string }
  executionId?: string
  /** Who called and how; nothing secret. */
  call?: { method: string; path: string; address: string; bytes: number }
  /** What it would have started with, where it may still be done by hand. */
  input?: Held
  times?: number
}

/** The statement that writes a line. */
export function lineOf({ sentences, world }: Pick<Shell, 'sentences' | 'world'>, it: Line): Statement {
  return sentences.fire({
    trigger_id: it.trigger,
    id: it.id ?? world.ids.next('fir'),
    at: world.clock.now(),
    slot_at: it.slotAt ?? null,
    outcome: it.outcome,
    why: it.why ? JSON.stringify(it.why) : null,
    execution_id: it.executionId ?? null,
    call: it.call ? JSON.stringify(it.call) : null,
    input: it.input ? JSON.stringify(it.input) : null,
    times: it.times ?? 1,
  })
}

/** Writes lines of what did not start anything. When the promise is kept, they are on disk; a line that was there already stays. */
export async function note(shell: Shell, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return
  const outcomes = await Promise.all(lines.map(it => shell.journal.write([lineOf(shell, it)])))
  for (const outcome of outcomes) if (outcome instanceof Error) throw outcome
}

const DAY = 86_400_000
const DAYS = 30
/** Deleted in one statement; others write in between. */
const BATCH = 2_000

/** Forgets lines older than a month, and rehearsals and happenings that are over. */
export async function forgetFires({ db, clock, log }: Shell['world']): Promise<void> {
  const before = clock.now() - DAYS * DAY
  let deleted = 0
  for (let after = ''; ; ) {
    const triggers = await db.selectFrom('triggers').select('id').where('id', '>', after).orderBy('id').limit(500).execute()
    for (const { id } of triggers) {
      const { numDeletedRows } = await db
        .deleteFrom('fires')
        .where('trigger_id', '=', id)
        .where('id', '<', idAt('fir', before))
        .where('outcome', '!=', 'waiting')
        .executeTakeFirst()
      deleted += Number(numDeletedRows)
    }
    const last = triggers.at(-1)
    if (!last) break
    after = last.id
  }
  await db
    .deleteFrom('rehearsals')
    .where('until', '<', clock.now() - DAY)
    .execute()
  for (;;) {
    const old = db.selectFrom('happenings').select('id').where('id', '<', idAt('evt', before)).where('open', '=', 0).limit(BATCH)
    const { numDeletedRows } = await db.deleteFrom('happenings').where('id', 'in', old).executeTakeFirst()
    if (Number(numDeletedRows) < BATCH) break
  }
  if (deleted > 0) log.info({ deleted }, 'deleted lines of the ledger of triggers that are older than a month')
}
