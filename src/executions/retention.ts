import { idAt } from '#ids.ts'
import { forgetSums } from '#models/budgets/sweep.ts'
import { parseDocument } from '#workflows/document.ts'
import type { World } from '#world.ts'

/** Deleted in one statement; others write in between. */
const BATCH = 200
const DAY = 86_400_000
/** A sender that repeats a call does so within days. */
const WEEK = 7 * DAY
/** What is left of a workflow that was deleted stays as long as that of any other. */
const DAYS = 30

/** Deletes executions that are older or more than their workflow keeps, with everything of theirs, and gives the disk back. */
export async function forgetExecutions(world: World): Promise<number> {
  let deleted = 0
  for (let after = ''; ; ) {
    const rows = await world.db
      .selectFrom('workflows')
      .select(['id', 'workspace_id', 'draft'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute()
    for (const { id, workspace_id, draft } of rows) {
      const { days, runs } = parseDocument(draft).settings.retention
      deleted += await forgetOf(world, workspace_id, id, world.clock.now() - days * DAY, runs)
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.id
  }
  deleted += await forgetLost(world)
  await forgetVersions(world)
  await world.db
    .deleteFrom('hook_calls')
    .where('at', '<', world.clock.now() - WEEK)
    .execute()
  await forgetSums(world)
  await world.db.deleteFrom('kept_outputs').where('until', '<', world.clock.now()).execute()
  if (deleted === 0) return 0
  await world.database.shrink()
  world.log.info({ deleted }, 'deleted executions that are older or more than their workflows keep')
  return deleted
}

async function forgetOf(world: World, workspace: string, workflow: string, before: number, runs: number): Promise<number> {
  const first = await world.db
    .selectFrom('executions')
    .select('id')
    // Without the workspace it is answered from the index alone, a thousand times as fast.
    .where('workflow_id', '=', workflow)
    .orderBy('id', 'desc')
    .offset(runs)
    .limit(1)
    .executeTakeFirst()
  return inBatches(world, () =>
    world.db
      .selectFrom('executions')
      .select('id')
      .where('workspace_id', '=', workspace)
      .where('workflow_id', '=', workflow)
      .where('ended_at', 'is not', null)
      .where(it => it.or([it('id', '<', idAt('exe', before)), ...(first ? [it('id', '<=', first.id)] : [])]))
      .orderBy('id')
      .limit(BATCH)
      .execute(),
  )
}

/** What belongs to workflows that are gone. */
const forgetLost = (world: World): Promise<number> =>
  inBatches(world, () =>
    world.db
      .selectFrom('executions')
      .select('id')
      .where('id', '<', idAt('exe', world.clock.now() - DAYS * DAY))
      .where('ended_at', 'is not', null)
      .where(it =>
        it.not(
          it.exists(it.selectFrom('workflows').select('workflows.id').whereRef('workflows.id', '=', 'executions.workflow_id')),
        ),
      )
      .limit(BATCH)
      .execute(),
  )

/** Snapshots of drafts that no execution needs, and what is left of workflows that are gone; not those of the last day. */
async function forgetVersions({ db, clock }: World): Promise<void> {
  await db
    .deleteFrom('workflow_versions')
    .where('id', '<', idAt('ver', clock.now() - DAY))
    .where('number', 'is', null)
    .where(it =>
      it.not(
        it.exists(
          it
            .selectFrom('executions')
            .select('executions.id')
            .where('executions.version', 'is', null)
            .whereRef('executions.version_id', '=', 'workflow_versions.id'),
        ),
      ),
    )
    .execute()
  await db
    .deleteFrom('workflow_versions')
    .where(it =>
      it.not(
        it.exists(
          it.selectFrom('workflows').select('workflows.id').whereRef('workflows.id', '=', 'workflow_versions.workflow_id'),
        ),
      ),
    )
    .where(it =>
      it.not(
        it.exists(
          it
            .selectFrom('executions')
            .select('executions.id')
            .whereRef('executions.workflow_id', '=', 'workflow_versions.workflow_id'),
        ),
      ),
    )
    .execute()
}

async function inBatches(world: World, next: () => Promise<{ id: string }[]>): Promise<number> {
  let deleted = 0
  for (;;) {
    const ids = (await next()).map(row => row.id)
    if (ids.length === 0) return deleted
    await world.db.deleteFrom('executions').where('id', 'in', ids).where('ended_at', 'is not', null).execute()
    deleted += ids.length
  }
}
