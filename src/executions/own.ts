import { sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import type { Event } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { recover } from '#engine/recover.ts'
import { messageOf } from '#errors.ts'
import { toldOf } from './ends.ts'
import { hear, heardText } from './hear.ts'
import { append, makeRun, type Run } from './run.ts'
import type { Shell } from './shell.ts'

type Row = Tables['executions']

/** An execution whose owners died so often without anything being done is taken for what kills them. */
const MOST_DEATHS = 3

const EVENTS = z.array(z.custom<Event>(value => typeof value === 'object' && value !== null && 'type' in value))

/** The events of an execution in their order; those of segments that come after one. */
export async function readJournal({ world }: Pick<Shell, 'world'>, id: string, after = 0): Promise<Event[]> {
  const rows = await world.db
    .selectFrom('journal')
    .select('events')
    .where('execution_id', '=', id)
    .where('seq', '>', after)
    .orderBy('seq')
    .execute()
  return rows.flatMap(row => EVENTS.parse(JSON.parse(row.events)))
}

/** Takes an execution over that nobody owns, and goes on with it where it was left. */
export async function claim(shell: Shell, id: string): Promise<void> {
  const { world, runs } = shell
  if (runs.has(id) || shell.claiming.has(id) || shell.closing) return
  shell.claiming.add(id)
  let row: Row | undefined
  try {
    row = await take(shell, id)
    if (row) await goOn(shell, row)
  } catch (err) {
    // The lease runs out, and then it is tried again.
    world.log.error({ execution: id, err }, 'an execution could not be loaded')
    if (row && row.deaths >= MOST_DEATHS && !runs.has(id)) await bury(shell, row, messageOf(err))
  } finally {
    shell.claiming.delete(id)
  }
}

async function take({ world, owner, limits }: Shell, id: string): Promise<Row | undefined> {
  const now = world.clock.now()
  return world.db
    .updateTable('executions')
    .set(it => ({
      owner,
      epoch: it('epoch', '+', 1),
      lease_until: now + limits.lease,
      due_at: now + limits.lease,
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

/** What cannot even be loaded ends without having been looked at. */
async function bury(shell: Shell, row: Row, why: string): Promise<void> {
  const { journal, sentences, world } = shell
  const now = world.clock.now()
  const message = `It cannot be loaded, and was tried ${row.deaths} times: ${why}`
  const failure = { code: 'execution.dead', message }
  const text = JSON.stringify([{ type: 'finished', at: now, outcome: 'failed', failure } satisfies Event])
  const progress = {
    seq: row.seq + 1,
    done: row.done,
    atNode: row.at_node,
    bytes: text.length,
    status: 'failed',
    deaths: row.deaths,
  }
  const settled = { now, heard: row.signals, dueAt: null, endedAt: now, failure: JSON.stringify(failure) }
  const group = [sentences.settle(row.id, row.epoch, { ...progress, ...settled }), sentences.segment(row.id, progress.seq, text)]
  if (row.parent_id !== null && row.parent_path !== null) {
    const heard = heardText({ is: 'failure', ...failure, details: { executionId: row.id, status: 'failed' } })
    group.push(sentences.answer(row.id, heard, now), sentences.signal(row.parent_id, now))
  }
  try {
    group.push(...toldOf(shell, { row, status: 'failed', failure, version: row.version, ...(await drawnOf(world, row)) }))
    const outcome = await journal.write(group)
    if (outcome instanceof Error) throw outcome
  } catch (err) {
    // The lease runs out, and then it is tried again.
    world.log.error({ execution: row.id, err }, 'an execution could not be ended')
  }
}

const TEXT = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    context.addIssue(messageOf(error))
    return z.NEVER
  }
})
const DRAWN = TEXT.pipe(z.object({ name: z.string(), settings: z.object({ onFailure: z.string().optional() }) }))

/** What can still be read of a version that cannot be run. */
async function drawnOf({ db }: Shell['world'], row: Row): Promise<{ name: string; own: string | undefined }> {
  const version = await db.selectFrom('workflow_versions').select('document').where('id', '=', row.version_id).executeTakeFirst()
  const drawn = DRAWN.safeParse(version?.document)
  return drawn.success ? { name: drawn.data.name, own: drawn.data.settings.onFailure } : { name: row.workflow_id, own: undefined }
}

async function goOn(shell: Shell, row: Row): Promise<void> {
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
  if (state.deadline !== null && state.busy > 0) append(run, { type: 'resumed', at: now })
  for (const event of recover(state, now)) append(run, event, event.type === 'asked' ? [shell.question(run, event.path)] : [])
  await hear(shell, run)
  shell.advance(run)
}
