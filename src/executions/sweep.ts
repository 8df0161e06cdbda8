import { Fault } from '#errors.ts'
import { notify } from './notice.ts'
import { drain, RESUMED, type Shell } from './shell.ts'

/** How often is looked for what is due. */
const EVERY = 1_000
/** So many are looked at in one go. */
const MOST = 200
/** Ids in one statement. */
const PART = 500

/** The hands that nobody sees: leases are renewed, and what is due is taken up though no hint came. */
export type Sweeper = {
  /** Does something again and again, until the server stops; what is answered makes it do so at once. */
  tend(what: () => Promise<void>, every: number, jitter?: number): () => void
  stop(): Promise<void>
}

/** Begins to sweep. It proposes; the claim decides. */
export function startSweeper(shell: Shell): Sweeper {
  const { world } = shell
  const all: { over: Promise<void>; wake: () => void }[] = []
  let leaving = false

  function tend(what: () => Promise<void>, every: number, jitter = 0): () => void {
    let wanted = false
    let wake = () => {}
    const rest = (time: number) =>
      new Promise<void>(resolve => {
        const timer = setTimeout(resolve, time).unref()
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    const work = async () => {
      while (!leaving) {
        wanted = false
        try {
          await what()
        } catch (err) {
          world.log.error({ err }, 'looking for what is due failed; it is tried again')
        }
        if (!wanted && !leaving) await rest(every + jitter * shell.chance())
      }
    }
    const look = () => {
      wanted = true
      wake()
    }
    all.push({ over: work(), wake: look })
    return look
  }

  tend(() => sweepOnce(shell), EVERY, EVERY / 4)
  tend(() => renew(shell), shell.limits.lease / 3)
  tend(() => notify(shell), EVERY, EVERY)
  return {
    tend,
    async stop() {
      leaving = true
      for (const { wake } of all) wake()
      await Promise.all(all.map(({ over }) => over))
    },
  }
}

/** Everything that is due gets a hint, as far as there is room. */
async function sweepOnce(shell: Shell): Promise<void> {
  const { world, owner, runs } = shell
  const now = world.clock.now()
  const rows = await world.db
    .selectFrom('executions')
    .select(['id', 'workspace_id', 'owner', 'lease_until', 'lane', 'seq'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(MOST + runs.size)
    .execute()
  for (const row of rows) {
    const run = runs.get(row.id)
    if (run) shell.listen(run)
    else if (row.owner === owner && shell.claiming.has(row.id)) continue
    else if (row.lease_until === null || row.lease_until <= now)
      shell.queue.push({ id: row.id, lane: row.seq > 1 ? row.lane - RESUMED : row.lane, share: row.workspace_id })
  }
  drain(shell)
}

/** We are still here; and whoever was sent something without a hint hears of it now. */
async function renew(shell: Shell): Promise<void> {
  const { world, owner, runs, limits } = shell
  const ids = [...runs.values()].filter(run => !run.fresh).map(run => run.id)
  for (let at = 0; at < ids.length; at += PART) {
    const part = ids.slice(at, at + PART)
    const until = world.clock.now() + limits.lease
    await world.db
      .updateTable('executions')
      .set({ lease_until: until, due_at: until })
      .where('id', 'in', part)
      .where('owner', '=', owner)
      .execute()
    const rows = await world.db
      .selectFrom('executions')
      .select(['id', 'epoch', 'signals', 'cancelled_by'])
      .where('id', 'in', part)
      .execute()
    for (const row of rows) {
      const run = runs.get(row.id)
      if (!run) continue
      // Others took it over while we were silent: what still runs of it here may not be heard any more.
      if (row.epoch !== run.row.epoch) shell.drop(run, new Fault('execution.moved'))
      else if (row.signals !== run.heard || row.cancelled_by !== null) shell.listen(run)
    }
  }
}
