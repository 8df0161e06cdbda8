import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { World } from '#world.ts'

/** The topic of the feed that says: something happened that somebody may listen to. */
export const HAPPENINGS = 'happenings'

/** What is told of by a name, and what led to it: an execution, and how many of them in a row. */
type Happening = {
  workspace: string
  name: string
  data: unknown
  after?: { execution: string; depth: number }
}

type Row = Tables['happenings']

/** The row of what happens now. It is open until everybody who listens was started. */
export const happeningOf = ({ ids, clock }: Pick<World, 'ids' | 'clock'>, { workspace, name, data, after }: Happening): Row => ({
  id: ids.next('evt'),
  workspace_id: workspace,
  name,
  data: JSON.stringify(data ?? null),
  at: clock.now(),
  depth: after ? after.depth + 1 : 0,
  cause: after?.execution ?? null,
  open: 1,
})

/** Writes down what happened in the transaction that makes it so. */
export async function happen(trx: Kysely<Tables>, world: Pick<World, 'ids' | 'clock' | 'feed'>, it: Happening): Promise<void> {
  await trx.insertInto('happenings').values(happeningOf(world, it)).execute()
  spread(world)
}

/** Who looks must find it committed: told a little later than written, and once more for what took its time. */
const LATER = [20, 150]

/** Lets those who listen be started; who looks too early looks again soon. */
export function spread({ feed }: Pick<World, 'feed'>): void {
  for (const after of LATER) setTimeout(() => feed.nudge(HAPPENINGS), after).unref()
}
