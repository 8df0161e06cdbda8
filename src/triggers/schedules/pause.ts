import { recordOwn } from '#audit/record.ts'
import { armTriggers } from '#workflows/versions/arm.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import { ownerOf, type Waker, wakers } from './due.ts'
import { type Policy, policyOf } from './policy.ts'
import type { Watch } from './watch.ts'

/** Looks at the triggers of which an execution has failed here. */
export async function pauseFailing(watch: Watch): Promise<void> {
  const ids = [...watch.failing]
  if (ids.length === 0) return
  // Whoever is overlooked now is found when its next time comes.
  watch.failing.clear()
  const rows = await wakers(watch.shell.world.db).where('triggers.id', 'in', ids).execute()
  for (const row of rows) {
    const policy = policyOf(row.params)
    if (policy.pauseAfter > 0 && row.failures >= policy.pauseAfter) await pause(watch, row, policy)
  }
}

/** Pauses a trigger that failed too often in a row, and tells those who can do something about it. */
export async function pause({ shell }: Watch, row: Waker, { pauseAfter }: Pick<Policy, 'pauseAfter'>): Promise<void> {
  const { world } = shell
  const last = await lastFailure(shell.world, row)
  const why = `${row.failures} executions in a row have failed${last ? `; the last: ${last.message}` : '.'}`
  const paused = await world.db.transaction().execute(async trx => {
    const { numUpdatedRows } = await trx
      .updateTable('triggers')
      .set({ paused_at: world.clock.now(), paused_why: why })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .where('paused_at', 'is', null)
      .where('failures', '>=', pauseAfter)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    await armTriggers(trx, world, row.workspace_id, row.workflow_id)
    const details = { node: row.node_id, kind: row.kind, failures: row.failures, execution: last?.id ?? null }
    await recordOwn(trx, world, ownerOf(row), 'trigger.paused', { id: row.id, name: row.name }, details)
    return true
  })
  if (!paused) return
  world.feed.nudge(TRIGGERS)
  await tell(world, row, why, last?.id)
}

async function lastFailure({ db }: Watch['shell']['world'], row: Waker): Promise<{ id: string; message: string } | null> {
  const found = await db
    .selectFrom('executions')
    .select(['id', 'failure'])
    .where('workspace_id', '=', row.workspace_id)
    .where('trigger_id', '=', row.id)
    .where('status', '=', 'failed')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!found) return null
  const message = String(Object(JSON.parse(found.failure ?? 'null')).message ?? 'It is not known why.')
  return { id: found.id, message: message.slice(0, 500) }
}

/** Admins and owners can do something about it. */
async function tell(world: Watch['shell']['world'], row: Waker, why: string, execution: string | undefined): Promise<void> {
  const people = await world.db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.email')
    .where('members.workspace_id', '=', row.workspace_id)
    .where('members.role', 'in', ['admin', 'owner'])
    .execute()
  const link = execution ? `${world.place()}/execution/${execution}` : `${world.place()}/workflow/${row.workflow_id}`
  const subject = `The schedule of “${row.name}” is paused`
  const text = `The schedule of “${row.name}” has paused itself: ${why}\n\nIt starts nothing until somebody turns it on again.\n\nLook here: ${link}`
  for (const { email } of people) {
    try {
      await world.mail.send({ to: email, subject, text, link })
    } catch (err) {
      world.log.error({ err, to: email, trigger: row.id }, 'somebody who is to hear of a paused schedule could not be written to')
    }
  }
}
