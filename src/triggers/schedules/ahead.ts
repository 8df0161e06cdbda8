import type { Shell } from '#executions/shell.ts'

/** What stands before a start: how many wait already, and the executions that have not ended, oldest first. */
export type Ahead = { waiting: number; open: string[] }

/** Each of these statuses is looked up in the index of what is open. */
const OPEN = ['queued', 'running', 'paused']

/** What stands before the starts of triggers of a workspace. */
export async function aheadOf({ world }: Shell, workspace: string, triggers: readonly string[]): Promise<Map<string, Ahead>> {
  const found = new Map(triggers.map((id): [string, Ahead] => [id, { waiting: 0, open: [] }]))
  // In this order: what does not wait any more when it is asked for has been started, and is seen among those that are open.
  const waiting = await world.db
    .selectFrom('fires')
    .select(['trigger_id', it => it.fn.countAll<number>().as('count')])
    .where('trigger_id', 'in', triggers)
    .where('outcome', '=', 'waiting')
    .groupBy('trigger_id')
    .execute()
  const open = await world.db
    .selectFrom('executions')
    .select(['id', 'trigger_id'])
    .where('workspace_id', '=', workspace)
    .where('trigger_id', 'in', triggers)
    .where('ended_at', 'is', null)
    .where('status', 'in', OPEN)
    .orderBy('id')
    .execute()
  for (const row of waiting) Object.assign(found.get(row.trigger_id) ?? {}, { waiting: Number(row.count) })
  for (const row of open) found.get(row.trigger_id ?? '')?.open.push(row.id)
  return found
}
