import { sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import type { Event } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { recover } from '#engine/recover.ts'
import { LEASE } from './accept.ts'
import { hear } from './hear.ts'
import { append, makeRun, type Run } from './run.ts'
import type { Shell } from './shell.ts'

/** An execution whose owners died so often without anything being done is taken for what kills them. */
const MOST_DEATHS = 3

const EVENTS = z.array(z.custom<Event>(value => typeof value === 'object' && value !== null && 'type' in value))

/** The events of an execution in their order. */
export async function readJournal({ world }: Pick<Shell, 'world'>, id: string): Promise<Event[]> {
  const rows = await world.db.selectFrom('journal').select('events').where('execution_id', '=', id).orderBy('seq').execute()
  return rows.flatMap(row => EVENTS.parse(JSON.parse(row.events)))
}

/** Takes an execution over that nobody owns, and goes on with it where it was left. */
export async function claim(shell: Shell, id: string): Promise<void> {
  const { world, runs } = shell
  if (runs.has(id) || shell.claiming.has(id) || shell.closing) return
  shell.claiming.add(id)
  try {
    const row = await take(shell, id)
    if (row) await goOn(shell, row)
  } catch (err) {
    // The lease runs out, and then it is tried again.
    world.log.error({ execution: id, err }, 'an execution could not be loaded')
  } finally {
    shell.claiming.delete(id)
  }
}

async function take({ world, owner }: Shell, id: string): Promise<Tables['executions'] | undefined> {
  const now = world.clock.now()
  return world.db
    .updateTable('executions')
    .set(it => ({
      owner,
      epoch: it('epoch', '+', 1),
      lease_until: now + LEASE,
      due_at: now + LEASE,
      status: 'running',
      deaths: sql<number>`deaths + case when lease_until is null then 0 else 1 end`,
      started_at: sql<number>`coalesce(started_at, ${sql.lit(now)})`,
    }))
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where(it => it.or([it('lease_until', 'is', null), it('lease_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

async function goOn(shell: Shell, row: Tables['executions']): Promise<void> {
  const events = await readJournal(shell, row.id)
  const version = events.findLast(event => event.type === 'revived' && event.version !== undefined)
  const ready = await shell.plans.load(
    row.workspace_id,
    (version?.type === 'revived' ? version.version : undefined) ?? row.version_id,
  )
  const state = blank(ready.plan)
  for (const event of events) fold(state, event)
  const run: Run = makeRun(row, ready, state, false)
  // Whatever was sent before is read now.
  run.heard = -1
  if (shell.closing) return
  shell.runs.set(run.id, run)
  run.begun.resolve()
  const now = shell.world.clock.now()
  if (row.deaths >= MOST_DEATHS) {
    const message = `The server died ${row.deaths} times while it ran this, and nothing was done in between. It is not tried again by itself.`
    append(run, { type: 'finished', at: now, outcome: 'failed', failure: { code: 'execution.dead', message } })
    shell.finished(run)
    shell.write(run)
    return
  }
  for (const event of recover(state, now)) append(run, event, event.type === 'asked' ? [shell.question(run, event.path)] : [])
  await hear(shell, run)
  shell.advance(run)
}
