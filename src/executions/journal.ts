import type { Flushed, Group } from '#db/db.ts'
import { Fault } from '#errors.ts'
import type { World } from '#world.ts'
import type { Run } from './run.ts'

/** The one writer of all executions of this process: what gathers while a write goes on goes into the next one. */
export type Journal = {
  /** Never throws. */
  write(group: Group): Promise<Flushed>
  /** After an error nobody knows: is what the run has written last in the database? */
  settled(run: Run): Promise<'written' | 'left out'>
  /** How many groups wait to be written. */
  waiting(): number
}

/** More than this at once would keep other writers waiting. */
const MOST = 400

type Waiting = { group: Group; give: (outcome: Flushed) => void }

/** Opens the journal over the database. */
export function makeJournal({ database, db }: Pick<World, 'database' | 'db'>): Journal {
  const line: Waiting[] = []
  let writing = false

  async function work(): Promise<void> {
    writing = true
    while (line.length > 0) {
      const crowd = line.splice(0, MOST)
      const outcomes = await flush(crowd)
      for (const [at, { give }] of crowd.entries()) give(outcomes[at] ?? new Error('The database gave no answer.'))
    }
    writing = false
  }

  async function flush(crowd: Waiting[]): Promise<Flushed[]> {
    try {
      return await database.flush(crowd.map(one => one.group))
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      return crowd.map(() => failure)
    }
  }

  return {
    write: group =>
      new Promise(give => {
        line.push({ group, give })
        // A moment later: what the same turn of the event loop still brings goes along.
        if (!writing && line.length === 1) setImmediate(() => void work())
      }),
    async settled({ id, workspace, row }) {
      const found = await db
        .selectFrom('executions')
        .select(['epoch', 'seq'])
        .where('workspace_id', '=', workspace)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!found) throw new Fault('execution.not_found')
      return found.epoch === row.epoch && found.seq === row.seq + 1 ? 'written' : 'left out'
    },
    waiting: () => line.length,
  }
}
