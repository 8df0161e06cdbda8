import type { Selectable } from 'kysely'
import { HAPPENINGS } from '#audit/happen.ts'
import type { Tables } from '#db/tables.ts'
import { FAILURE } from '#executions/ends.ts'
import type { Runner } from '#executions/runner.ts'
import type { Shell } from '#executions/shell.ts'
import { forgetKeys } from './events.ts'
import { startFailure } from './failure.ts'
import { findListeners, type Listener, listensTo } from './listeners.ts'
import { hear, isBusy, type Start, startsOf } from './start.ts'

/** Something that happened, as it was written down. */
export type Happening = Selectable<Tables['happenings']>

/** How often is looked where no hint came; on the embedded database every hint comes. */
const LOOKS = { sqlite: 5_000, postgres: 1_000 }
const DAY = 86_400_000
/** So many of what happened are looked at together. */
const BATCH = 100
/** So many are started at once. */
const AT_ONCE = 500

/** Begins to start whoever listens to what happens. */
export function startDispatch({ shell, tend }: Pick<Runner, 'shell' | 'tend'>): void {
  const every = LOOKS[shell.world.database.kind]
  shell.world.feed.listen(
    HAPPENINGS,
    tend(() => dispatch(shell), every, every / 4),
  )
  tend(() => forgetKeys(shell.world), DAY)
}

/** Goes through what is open, oldest first. What cannot be started now stays open, and nobody waits for it. */
async function dispatch(shell: Shell): Promise<void> {
  for (let after = ''; !shell.closing; ) {
    const rows = await shell.world.db
      .selectFrom('happenings')
      .selectAll()
      .where('open', '=', 1)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute()
    const isFull = rows.length > 0 && (await deliver(shell, rows))
    const last = rows.at(-1)
    if (rows.length < BATCH || !last || isFull) return
    after = last.id
  }
}

/** Starts everybody who listens to these, and closes those of which that is so. Is there no room for more? */
async function deliver(shell: Shell, rows: readonly Happening[]): Promise<boolean> {
  const told = rows.filter(row => row.name !== FAILURE)
  const listeners =
    told.length === 0
      ? new Map<string, Listener[]>()
      : await findListeners(shell, [...new Set(told.map(row => row.workspace_id))])
  const starts: Start[] = []
  for (const row of told) {
    const meant = (listeners.get(row.workspace_id) ?? []).filter(listener => listensTo(listener, row.name))
    if (meant.length > 0) starts.push(...(await startsOf(shell, row, meant)))
  }
  const left = new Map<string, unknown>()
  const attempt = async (row: Happening, going: () => Promise<void>) => {
    try {
      await going()
    } catch (error) {
      left.set(row.id, error)
    }
  }
  for (let at = 0; at < starts.length; at += AT_ONCE)
    await Promise.all(starts.slice(at, at + AT_ONCE).map(start => attempt(start.row, () => hear(shell, start))))
  const failures = rows.filter(row => row.name === FAILURE)
  await Promise.all(failures.map(row => attempt(row, () => startFailure(shell, row))))
  const over = told.filter(row => !left.has(row.id)).map(row => row.id)
  if (over.length > 0) await shell.world.db.updateTable('happenings').set({ open: 0 }).where('id', 'in', over).execute()
  return [...left.values()].some(isBusy)
}
