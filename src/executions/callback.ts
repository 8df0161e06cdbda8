import { Fault } from '#errors.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { heardText } from './hear.ts'
import { keepSent } from './hold.ts'
import { waitId } from './pause.ts'
import { signal } from './queries.ts'
import { RESUMED, type Shell } from './shell.ts'

/** Takes the call that a node waits for, or will wait for. The first one counts. */
export async function callback(shell: Shell, knock: Knock, bodyOf: (knock: Knock) => unknown): Promise<DoorAnswer> {
  const named = shell.callbackOf(knock.params.token ?? '')
  if (!named) throw new Fault('callback.not_found')
  const { world } = shell
  const row = await world.db
    .selectFrom('executions')
    .select(['id', 'workspace_id', 'ended_at', 'lane'])
    .where('id', '=', named.execution)
    .executeTakeFirst()
  if (!row || row.ended_at !== null) throw new Fault('callback.over')
  const output = await shell.values.hold(row.workspace_id, {
    body: bodyOf(knock),
    query: knock.query,
    method: knock.method,
  })
  const now = world.clock.now()
  const heard = heardText({ is: 'outlet', outlet: 'main', output })
  const wait = {
    id: waitId(row.id, named.path),
    workspace_id: row.workspace_id,
    execution_id: row.id,
    path: named.path,
    kind: 'callback',
    until: null,
    token: null,
    ask: '{}',
    child_id: null,
    created_at: now,
    heard_at: now,
    heard,
    taken: 0,
    remind_at: null,
    told: 0,
  }
  await world.db.transaction().execute(async trx => {
    // It may come before its node waits: then it is kept for it.
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('waits')
      .values(wait)
      .onConflict(it => it.column('id').doUpdateSet({ heard_at: now, heard }).where('waits.heard_at', 'is', null))
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n)
      throw new Fault('callback.over', { message: 'It was called already; the first call counted.' })
    await keepSent(trx, row.workspace_id, row.id, output)
    await signal(trx, row.workspace_id, row.id, now)
  })
  shell.hint(row.id, row.lane - RESUMED, row.workspace_id)
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ok: true, executionId: row.id }),
  }
}
