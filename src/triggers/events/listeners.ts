import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { namesOf } from '#executions/ears.ts'
import type { Shell } from '#executions/shell.ts'
import { holds, readConditions } from '#sdk/conditions.ts'
import { isMeant } from '#sdk/event.ts'
import { type Filler, prepare } from '#template/fill.ts'
import { awake } from '#triggers/origin.ts'

type Row = Pick<
  Selectable<Tables['triggers']>,
  'id' | 'workspace_id' | 'workflow_id' | 'node_id' | 'kind' | 'block' | 'block_version' | 'params'
> & { version: string }

/** A trigger that events wake. */
export type Listener = {
  row: Row
  names: readonly string[]
  /** Does its filter let this through? Fails where that cannot be said. */
  wants(scope: Record<string, unknown>): boolean
}

/** What was made of the parameters of triggers, by their ids, for as long as they stay the same. */
type Known = Map<string, { of: string; listener: Omit<Listener, 'row'> }>
const known = new WeakMap<Shell, Known>()
const KEPT = 10_000

/** Who is awake and listens to events in these workspaces, by workspace. */
export async function findListeners(shell: Shell, workspaces: readonly string[]): Promise<Map<string, Listener[]>> {
  const found = new Map<string, Listener[]>()
  const rows = await awake(shell.world.db)
    .select(['triggers.id', 'triggers.workspace_id', 'triggers.workflow_id', 'triggers.node_id', 'triggers.kind'])
    .select(['triggers.block', 'triggers.block_version', 'triggers.params', 'workflow_versions.id as version'])
    .where('triggers.workspace_id', 'in', workspaces)
    .where('triggers.wakes', '=', 'event')
    .orderBy('triggers.id')
    .execute()
  for (const row of rows) {
    const listener = { row, ...read(shell, row) }
    const others = found.get(row.workspace_id)
    if (others) others.push(listener)
    else found.set(row.workspace_id, [listener])
  }
  return found
}

function read(shell: Shell, row: Row): Omit<Listener, 'row'> {
  const all: Known = known.get(shell) ?? new Map()
  known.set(shell, all)
  const of = `${row.block} ${row.block_version} ${row.params}`
  const before = all.get(row.id)
  if (before?.of === of) return before.listener
  const filter: unknown = Reflect.get(Object(JSON.parse(row.params)), 'filter')
  const listener = { names: namesOf(shell.world.library, row), wants: readFilter(filter) }
  all.set(row.id, { of, listener })
  const [oldest] = all.keys()
  if (all.size > KEPT && oldest !== undefined) all.delete(oldest)
  return listener
}

function readFilter(filter: unknown): Listener['wants'] {
  if (filter === undefined) return () => true
  let filler: Filler | null = null
  return scope => {
    filler ??= prepare(filter)
    return holds(readConditions(filler.fill(scope)))
  }
}

/** Does a trigger listen to this name? */
export const listensTo = ({ names }: Listener, name: string): boolean => names.some(listened => isMeant(listened, name))
