import type { Shell } from '#executions/shell.ts'
import { awake, type Origin } from '#triggers/origin.ts'

/** Triggers of active workflows that are awake, with the live version and the name of their workflow. */
export const wakers = (db: Shell['world']['db']) =>
  awake(db)
    .where('triggers.wakes', '=', 'time')
    .select([
      'triggers.id',
      'triggers.workspace_id',
      'triggers.workflow_id',
      'triggers.node_id',
      'triggers.kind',
      'triggers.block',
      'triggers.block_version',
      'triggers.params',
      'triggers.zone',
      'triggers.armed_at',
      'triggers.slot_at',
      'triggers.due_at',
      'triggers.failures',
      'workflows.name',
      'workflow_versions.id as version',
    ])

/** A trigger that knows its times, and is awake. */
export type Waker = Awaited<ReturnType<ReturnType<typeof wakers>['execute']>>[number]

/** One whose time has come, with what it starts. */
export type Ripe = { row: Waker; origin: Origin }

/** In whose name a schedule does something by itself. */
export const ownerOf = ({ workspace_id, name }: Pick<Waker, 'workspace_id' | 'name'>) => ({
  workspace: workspace_id,
  actor: `The schedule of “${name.slice(0, 200)}”`,
})
