import type { Run, Statement } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import { pauseFailing } from './pause.ts'
import { sweep } from './sweep.ts'
import { startWaiting } from './waiting.ts'
import { makeWatch, type Watch } from './watch.ts'

const SECOND = 1_000

/** Starts what knows its times, for as long as the runner runs: in every process, and no process does what another did. */
export function tendSchedules(runner: Runner): void {
  const watch = makeWatch(runner)
  const look = runner.tend(() => lookForDue(watch, () => look()), SECOND)
  const lookAtWaiting = runner.tend(() => startWaiting(watch), 5 * SECOND, SECOND)
  const lookAtFailing = runner.tend(() => pauseFailing(watch), 30 * SECOND)
  runner.shell.ending.push(run => heard(watch, run, { lookAtWaiting, lookAtFailing }))
}

/** Starts what is due. A time that comes before the next look is waited for exactly. */
async function lookForDue(watch: Watch, look: () => void): Promise<void> {
  const { clock } = watch.shell.world
  const now = clock.now()
  const first = await nextDue(watch, -1)
  const isDue = first !== null && first <= now
  if (isDue) await sweep(watch)
  const next = isDue ? await nextDue(watch, now) : first
  const after = next === null ? SECOND : next - clock.now()
  if (after < SECOND) setTimeout(look, Math.max(after, 0)).unref()
}

async function nextDue({ shell }: Watch, after: number): Promise<number | null> {
  const row = await shell.world.db
    .selectFrom('triggers')
    .select('due_at')
    .where('due_at', '>', after)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at ?? null
}

type Looks = { lookAtWaiting: () => void; lookAtFailing: () => void }

/** Counts failures in a row beside the end of an execution; once that is on disk, those who waited for it are started. */
function heard({ words, kinds, queued, failing }: Watch, run: Run, { lookAtWaiting, lookAtFailing }: Looks): Statement[] {
  const { trigger_id: trigger, start } = run.row
  if (trigger === null || !kinds.has(start)) return []
  if (queued.has(trigger)) void run.left.promise.then(lookAtWaiting)
  if (run.state.status === 'completed') return [words.well(trigger)]
  if (run.state.status !== 'failed') return []
  void run.left.promise.then(() => {
    failing.add(trigger)
    lookAtFailing()
  })
  return [words.failed(trigger)]
}
