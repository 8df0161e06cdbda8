import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { type Accepted, accept, acceptOnce, type Starter, type Wanted } from '#executions/accept.ts'
import { LANES } from '#executions/execute.ts'
import type { Ready } from '#executions/plans.ts'
import type { Statement } from '#executions/run.ts'
import type { Shell } from '#executions/shell.ts'
import { type Line, lineOf } from './ledger.ts'

/** A trigger, and the version that it starts. */
export type Origin = { id: string; workspace: string; nodeId: string; kind: string; ready: Ready }

/** The triggers of live versions of active workflows, with those versions: what somebody may start by hand. */
export const standing = (db: Shell['world']['db']) =>
  db
    .selectFrom('triggers')
    .innerJoin('workflows', 'workflows.id', 'triggers.workflow_id')
    .innerJoin('workflow_versions', it =>
      it.onRef('workflow_versions.workflow_id', '=', 'workflows.id').onRef('workflow_versions.number', '=', 'workflows.live'),
    )
    .where('triggers.gone_at', 'is', null)
    .where('workflows.active', '=', 1)
    .where('workflows.archived_at', 'is', null)

/** Those of them that start something by themselves: neither turned off nor paused. */
export const awake = (db: Shell['world']['db']) =>
  standing(db).where('triggers.enabled', '=', 1).where('triggers.paused_at', 'is', null)

type Found = Pick<Selectable<Tables['triggers']>, 'id' | 'workspace_id' | 'node_id' | 'kind'> & { version: string }

/** The origin that a row of `awake` is of; `version` is the id of the live version. */
export async function originOf(shell: Shell, row: Found): Promise<Origin> {
  const ready = await shell.plans.load(row.workspace_id, row.version)
  return { id: row.id, workspace: row.workspace_id, nodeId: row.node_id, kind: row.kind, ready }
}

/** What is started with a line of the ledger beside it. */
export type Firing = {
  input: unknown
  line: Omit<Line, 'trigger' | 'executionId'>
  /** How many executions in a row led to this one, where one did. */
  cause?: { id: string; depth: number } | null
  /** Who started it by hand. */
  by?: Starter
}

/** Starts a trigger's version. The line of the ledger and the execution are written together. */
export function fire(shell: Shell, origin: Origin, it: Firing): Promise<Accepted> {
  return accept(shell, wantedOf(shell, origin, it), it.input)
}

/** The same for what others may have started as well: null where it was. Nothing is written unless `guard` changes a row. */
export function fireOnce(
  shell: Shell,
  origin: Origin,
  it: Firing & { guard: (id: string) => Statement; id?: string },
): Promise<Accepted | null> {
  const { id, guard } = it
  return acceptOnce(shell, { ...wantedOf(shell, origin, it), guard, ...(id === undefined ? {} : { id }) }, it.input)
}

function wantedOf(shell: Shell, { id: trigger, workspace, nodeId, kind, ready }: Origin, { line, cause, by }: Firing): Wanted {
  return {
    workspace,
    ready,
    start: kind,
    triggerId: trigger,
    nodeId,
    lane: LANES[ready.drawn.settings.priority],
    parent: cause ? { id: cause.id, path: null, depth: cause.depth } : null,
    forkedFrom: null,
    by: by ?? null,
    beside: id => [lineOf(shell, { ...line, trigger, executionId: id })],
  }
}
