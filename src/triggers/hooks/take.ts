import { isUnique } from '#db/db.ts'
import { Fault } from '#errors.ts'
import { type Accepted, acceptOnce } from '#executions/accept.ts'
import { LANES } from '#executions/execute.ts'
import type { Statement } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import type { Shell } from '#executions/shell.ts'
import { type Line, lineOf, note } from '#triggers/ledger.ts'
import { type Firing, fire, fireOnce } from '#triggers/origin.ts'
import type { Door } from './doors.ts'
import type { Once } from './verify.ts'

/** What was taken is forgotten after a week, see `retention.ts`; the time that is written down is so long before it may be. */
const WEEK = 7 * 86_400_000

/** What a call is known by when it comes again: what its trigger says, and the proof that is taken once. */
export type Marks = { same: Once | null; proof: Once | null }

/** Takes a call: when the promise is kept, its execution and its line are on disk. Null for a call that was taken before. */
export function takeOnce({ shell }: Runner, door: Door, { same, proof }: Marks, firing: Firing): Promise<Accepted | null> {
  const first = same ?? proof
  if (first === null) return fire(shell, door, firing)
  if (same === null || proof === null) return fireOnce(shell, door, { ...firing, guard: guardOf(shell, door, first) })
  return takeBoth(shell, door, { same, proof }, firing)
}

/** The last one that was the same counts for as long as its window was when it came. */
const guardOf =
  ({ sentences, world }: Shell, door: Door, { hash, window }: Once) =>
  (id: string): Statement => {
    const now = world.clock.now()
    return sentences.once(door.id, hash, id, now + window - WEEK, now - WEEK)
  }

/** A proof that comes again under another name is refused by its row, and with it all that was to be written. */
async function takeBoth(
  shell: Shell,
  door: Door,
  { same, proof }: { same: Once; proof: Once },
  { input, line }: Firing,
): Promise<Accepted | null> {
  const { ready, workspace, nodeId, kind: start, id: triggerId } = door
  const at = shell.world.clock.now() + proof.window - WEEK
  const wanted = {
    ...{ workspace, ready, start, triggerId, nodeId, parent: null, forkedFrom: null },
    lane: LANES[ready.drawn.settings.priority],
    guard: guardOf(shell, door, same),
    beside: (id: string) => [
      { sql: INSERT[shell.world.database.kind], values: [triggerId, proof.hash, id, at] },
      lineOf(shell, { ...line, trigger: triggerId, executionId: id }),
    ],
  }
  try {
    return await acceptOnce(shell, wanted, input)
  } catch (error) {
    if (isUnique(error instanceof Fault ? error.cause : error)) return null
    throw error
  }
}

const COLUMNS = 'insert into hook_calls (trigger_id, key_hash, execution_id, at) values'
const INSERT = { sqlite: `${COLUMNS} (?, ?, ?, ?)`, postgres: `${COLUMNS} ($1, $2, $3, $4)` }

/** Writes down that a call came again, and answers with what the first one started. */
export async function noteAgain(
  { shell }: Runner,
  door: Door,
  { same, proof }: Marks,
  call: Line['call'],
): Promise<string | null> {
  const hashes = [same, proof].flatMap(one => one?.hash ?? [])
  const rows = await shell.world.db
    .selectFrom('hook_calls')
    .select(['key_hash', 'execution_id'])
    .where('trigger_id', '=', door.id)
    .where('key_hash', 'in', hashes)
    .execute()
  const id = rows.find(row => row.key_hash === proof?.hash)?.execution_id ?? rows[0]?.execution_id ?? null
  await note(shell, [
    { trigger: door.id, outcome: 'duplicate', ...(id === null ? {} : { executionId: id }), ...(call ? { call } : {}) },
  ])
  return id
}
