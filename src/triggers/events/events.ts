import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { happeningOf, spread } from '#audit/happen.ts'
import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { MOST_BYTES, TOO_LARGE, whyNotTold } from '#sdk/event.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { listHappenings } from './queries.ts'

/** What happened. */
export async function events({ db }: World, { caller, query }: Given<typeof contract.events>) {
  const { items, next } = pageOf(await listHappenings(db, caller.workspace, query), query.limit)
  return {
    items: items.map(row => ({
      id: row.id,
      event: row.name,
      at: iso(row.at),
      data: JSON.parse(row.data),
      executionId: row.cause,
      open: row.open === 1,
    })),
    next,
  }
}

/** Tells of an event; of one that was told of already, under the same id, not once more. */
export async function emitEvent(shell: Shell, { caller, body }: Given<typeof contract.emitEvent>) {
  const { world, journal, sentences } = shell
  const why = whyNotTold(body.event)
  if (why !== null) throw new Fault('event.bad_name', { message: why })
  const row = happeningOf(world, { workspace: caller.workspace, name: body.event, data: body.data })
  if (Buffer.byteLength(row.data) > MOST_BYTES) throw new Fault('event.too_large', { message: TOO_LARGE })
  if (shell.closing) throw new Fault('server.stopping', { retryAfter: 5 })
  if (journal.waiting() > shell.limits.writes) throw new Fault('execution.backlog', { retryAfter: 2 })
  const key = body.id === undefined ? null : keyOf(caller.workspace, body.id)
  const first = key === null ? [] : [sentences.known({ ...row, id: key, name: KEY, data: JSON.stringify(row.id), open: 0 })]
  const outcome = await journal.write([...first, sentences.happen(row)])
  if (outcome instanceof Error) throw outcome
  if (outcome === 'left out') return { id: await knownAs(world, caller.workspace, key ?? '') }
  spread(world)
  return { id: row.id }
}

/** The row that stands for the id by which a sender knows an event; its data is the id by which we know it. */
const KEY = 'key'
const keyOf = (workspace: string, id: string) =>
  `evu_${createHash('sha256').update(`${workspace} ${id}`).digest('hex').slice(0, 40)}`

async function knownAs({ db }: World, workspace: string, key: string): Promise<string> {
  const row = await db
    .selectFrom('happenings')
    .select('data')
    .where('workspace_id', '=', workspace)
    .where('id', '=', key)
    .executeTakeFirstOrThrow()
  return String(JSON.parse(row.data))
}

const MONTH = 30 * 86_400_000
/** Deleted in one statement; others write in between. */
const BATCH = 2_000

/** Forgets under which ids senders knew what happened more than a month ago. */
export async function forgetKeys({ db, clock }: World): Promise<void> {
  for (;;) {
    const old = db
      .selectFrom('happenings')
      .select('id')
      .where('id', '>=', 'evu')
      .where('at', '<', clock.now() - MONTH)
      .limit(BATCH)
    const { numDeletedRows } = await db.deleteFrom('happenings').where('id', 'in', old).executeTakeFirst()
    if (Number(numDeletedRows) < BATCH) return
  }
}
