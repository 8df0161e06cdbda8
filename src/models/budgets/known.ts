import type { Tables } from '#db/tables.ts'
import type { World } from '#world.ts'
import { allBudgets } from './queries.ts'

/** A budget as it stands in the database. */
export type Budget = Tables['budgets']

/** What others change is seen after so many milliseconds; on the embedded database there are no others. */
const FRESH = { sqlite: 60_000, postgres: 2_000 }
const MOST = 10_000

type Seen = { at: number; all: Budget[] | Promise<Budget[]> }
const seen = new WeakMap<World['db'], Map<string, Seen>>()

const seenIn = ({ db }: Pick<World, 'db'>): Map<string, Seen> => {
  const known = seen.get(db) ?? new Map<string, Seen>()
  seen.set(db, known)
  return known
}

type Known = Pick<World, 'db' | 'database' | 'clock'>

/** The budgets of a workspace: at once, where somebody has asked lately. */
export function budgetsOf(world: Known, workspace: string): Budget[] | Promise<Budget[]> {
  const known = seenIn(world)
  const now = world.clock.now()
  const before = known.get(workspace)
  if (before && now >= before.at && now - before.at < FRESH[world.database.kind]) return before.all
  const it: Seen = { at: now, all: [] }
  const all = allBudgets(world.db, workspace)
  it.all = all
  known.delete(workspace)
  known.set(workspace, it)
  const [oldest] = known.keys()
  if (known.size > MOST && oldest !== undefined) known.delete(oldest)
  all.then(
    rows => {
      it.all = rows
    },
    () => known.delete(workspace),
  )
  return all
}

/** Something was changed: what is known is looked up anew. */
export const forgetBudgets = (world: Pick<World, 'db'>, workspace: string): void => void seenIn(world).delete(workspace)
