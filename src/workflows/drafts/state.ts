import { record } from '#audit/record.ts'
import { isUnique } from '#db/db.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import { toolTaken } from '#workflows/check/tool.ts'
import type { WorkflowRow } from '#workflows/queries.ts'
import { armTriggers } from '#workflows/versions/arm.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandHeld, show } from './workflows.ts'

type Turn = Given<typeof contract.activateWorkflow | typeof contract.archiveWorkflow>
type Columns = Pick<WorkflowRow, 'active' | 'archived_at'>

/** Changes the state of a workflow; what is so already is not written down again. */
async function turn(world: World, { caller, params }: Turn, action: string, become: (row: WorkflowRow) => Columns) {
  const shown = await world.db.transaction().execute(async trx => {
    const row = await demandHeld(trx, caller.workspace, params.id)
    const set = become(row)
    if (set.active === row.active && set.archived_at === row.archived_at) return show(row)
    await trx
      .updateTable('workflows')
      .set(set)
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .execute()
      .catch(error => {
        throw isUnique(error) ? toolTaken(error) : error
      })
    await armTriggers(trx, world, caller.workspace, row.id)
    await record(trx, world, caller, action, { id: row.id, name: row.name })
    return show({ ...row, ...set })
  })
  world.feed.nudge(TRIGGERS)
  return shown
}

/** Lets the triggers start the live version. */
export const activateWorkflow = (world: World, given: Turn) =>
  turn(world, given, 'workflow.activated', row => {
    if (row.live === null) throw new Fault('workflow.not_published')
    if (row.archived_at !== null) throw new Fault('workflow.archived')
    return { active: 1, archived_at: null }
  })

/** Lets no trigger start it any more. */
export const deactivateWorkflow = (world: World, given: Turn) =>
  turn(world, given, 'workflow.deactivated', row => {
    if (row.live === null) throw new Fault('workflow.not_published')
    return { active: 0, archived_at: row.archived_at }
  })

/** Puts a workflow away, with its triggers off. */
export const archiveWorkflow = (world: World, given: Turn) =>
  turn(world, given, 'workflow.archived', row => ({ active: 0, archived_at: row.archived_at ?? world.clock.now() }))

/** Brings a workflow back. Its triggers stay off until somebody turns them on. */
export const unarchiveWorkflow = (world: World, given: Turn) =>
  turn(world, given, 'workflow.unarchived', row => ({ active: row.active, archived_at: null }))
