import { Fault } from '#errors.ts'
import type { World } from '#world.ts'
import type { Plans } from './plans.ts'
import type { Shell } from './shell.ts'

/** Finds what executions need of their workspace: credentials, live versions, and where these begin. */
export function makeFinds(
  world: Pick<World, 'db' | 'vault'>,
  plans: Plans,
): Pick<Shell, 'credential' | 'liveVersion' | 'startOf'> {
  return {
    async credential(workspace, id) {
      const row = await world.db
        .selectFrom('credentials')
        .select('kind')
        .where('workspace_id', '=', workspace)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) throw new Fault('credential.not_found')
      return { kind: row.kind, values: await world.vault.open(workspace, id) }
    },
    async liveVersion(workspace, workflow) {
      const row = await world.db
        .selectFrom('workflows')
        .innerJoin('workflow_versions', it =>
          it.onRef('workflow_versions.workflow_id', '=', 'workflows.id').onRef('workflow_versions.number', '=', 'workflows.live'),
        )
        .select('workflow_versions.id')
        .where('workflows.workspace_id', '=', workspace)
        .where('workflows.id', '=', workflow)
        .executeTakeFirst()
      if (!row) throw new Fault('workflow.not_published')
      return plans.load(workspace, row.id)
    },
    startOf(ready, kinds) {
      const starts = ready.plan.nodes.flatMap(node => {
        const start = ready.parts.get(node)?.block.start
        return start && !node.disabled ? [{ id: node.id, start }] : []
      })
      const found = kinds.flatMap(kind => starts.filter(one => one.start.kind === kind))[0] ?? starts[0]
      if (!found) throw new Fault('workflow.no_trigger')
      return found.id
    },
  }
}
