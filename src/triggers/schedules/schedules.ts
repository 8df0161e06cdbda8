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
  const look = runner.tend(async () => {
    await sweep(watch)
    await wakeInTime(watch, look)
  }, SECOND)
  const lookAtWaiting = runner.tend(() => startWaiting(watch), 5 * SECOND, SECOND)
  const lookAtFailing = runner.tend(() => pauseFailing(watch), 30 * SECOND)
  runner.shell.ending.push(run => heard(watch, run, { lookAtWaiting, lookAtFailing }))
}

/** A time that comes before the next look is waited for exactly. */
async function wakeInTime({ shell: { world } }: Watch, look: () => void): Promise<void> {
  const now = world.clock.now()
  const next = await world.db
    .selectFrom('triggers')
    .select('due_at')
    .where('due_at', '>', now)
    .where('due_at', '<', now + SECOND)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  if (next?.due_at) setTimeout(look, next.due_at - now).unref()
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
