import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { findTrigger, listTriggers } from './queries.ts'

const show = (world: World, row: Selectable<Tables['triggers']>) => ({
  id: row.id,
  workflowId: row.workflow_id,
  nodeId: row.node_id,
  kind: row.kind,
  enabled: row.enabled === 1,
  ...(row.key === null ? {} : { url: `${world.place()}/hooks/${row.key}` }),
  lastAt: row.last_at === null ? null : iso(row.last_at),
})

/** Lists the triggers. */
export async function triggers(world: World, { caller, query }: Given<typeof contract.triggers>) {
  const { items, next } = pageOf(await listTriggers(world.db, caller.workspace, query), query.limit)
  return { items: items.map(row => show(world, row)), next }
}

/** One trigger. */
export async function trigger(world: World, { caller, params }: Given<typeof contract.trigger>) {
  const row = await findTrigger(world.db, caller.workspace, params.id)
  if (!row) throw new Fault('trigger.not_found')
  return show(world, row)
}
