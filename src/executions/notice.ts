import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { ASK } from './decide.ts'
import type { Shell } from './shell.ts'

const MOST = 50

/** Writes to those who are asked for a decision: when it is asked, and once more when the time for that has come. */
export async function notify(shell: Shell): Promise<void> {
  const { world } = shell
  const now = world.clock.now()
  const rows = await world.db
    .selectFrom('waits')
    .selectAll()
    .where('kind', '=', 'approval')
    .where('heard_at', 'is', null)
    .where('told', '<', 2)
    .where(it => it.or([it('told', '=', 0), it('remind_at', '<=', now)]))
    .limit(MOST)
    .execute()
  for (const row of rows) {
    // Written down first: of two that look at the same moment one writes the mail.
    const { numUpdatedRows } = await world.db
      .updateTable('waits')
      .set({ told: row.told + 1 })
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .where('told', '=', row.told)
      .where('heard_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 1n) await tell(shell, row)
  }
}

async function tell({ world }: Shell, row: Selectable<Tables['waits']>): Promise<void> {
  const { title, message, assignees } = ASK.parse(JSON.parse(row.ask))
  if (assignees.length === 0) return
  // Only members: a workflow must not write to strangers in our name.
  const people = await world.db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.email')
    .where('members.workspace_id', '=', row.workspace_id)
    .where(
      'users.email',
      'in',
      assignees.map(one => one.toLowerCase()),
    )
    .execute()
  const link = `${world.place()}/approvals/${row.id}`
  const subject = row.told === 0 ? title : `Reminder: ${title}`
  const until = row.until === null ? '' : `\n\nPlease decide before ${new Date(row.until).toISOString()}.`
  for (const { email } of people) {
    try {
      await world.mail.send({ to: email, subject, text: `${message || title}${until}\n\nDecide here: ${link}`, link })
    } catch (err) {
      world.log.error({ err, to: email, wait: row.id }, 'somebody who is asked for a decision could not be written to')
    }
  }
}
