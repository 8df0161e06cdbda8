import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Start } from '#sdk/define.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import type { World } from '#world.ts'

/** The starts that come from outside and so have a row; by hand and over the API a workflow is started as it is. */
const OUTSIDE: readonly Start[] = ['webhook', 'schedule', 'event']

/** The topic of the feed that says: what was known of triggers may be wrong. Nudged when the change can be read. */
export const TRIGGERS = 'triggers'

/** 128 bits: nobody guesses the address of a webhook. */
const KEY_BYTES = 16

type Wanted = { node: WorkflowDocument['nodes'][number]; kind: Start }

/**
 * Makes the triggers of a workflow those of the version that goes live. What stands for the same node stays, with its id, its
 * address and whether a person turned it off; what a node itself says about being disabled counts when that has changed.
 */
export async function syncTriggers(
  trx: Kysely<Tables>,
  { library, ids, clock }: Pick<World, 'library' | 'ids' | 'clock'>,
  of: { workspace: string; workflow: string },
  document: WorkflowDocument,
  previous: WorkflowDocument | null,
): Promise<void> {
  const wanted = document.nodes.flatMap((node): Wanted[] => {
    const kind = library.find(node.block, node.version)?.start
    return kind && OUTSIDE.includes(kind) ? [{ node, kind }] : []
  })
  const there = await trx
    .selectFrom('triggers')
    .select(['id', 'node_id', 'kind', 'key', 'enabled'])
    .where('workspace_id', '=', of.workspace)
    .where('workflow_id', '=', of.workflow)
    .execute()
  const kept = new Set(wanted.map(({ node }) => node.id))
  const gone = there.filter(row => !kept.has(row.node_id)).map(row => row.id)
  if (gone.length > 0) await trx.deleteFrom('triggers').where('workspace_id', '=', of.workspace).where('id', 'in', gone).execute()
  const wasOff = new Set(previous?.nodes.filter(node => node.disabled).map(node => node.id))
  for (const { node, kind } of wanted) {
    const row = there.find(one => one.node_id === node.id)
    const key = kind === 'webhook' ? (row?.key ?? ids.secret(KEY_BYTES)) : null
    const enabled = node.disabled ? 0 : row && !wasOff.has(node.id) ? row.enabled : 1
    const set = { kind, key, enabled, params: JSON.stringify(node.params) }
    if (row)
      await trx.updateTable('triggers').set(set).where('workspace_id', '=', of.workspace).where('id', '=', row.id).execute()
    else
      await trx
        .insertInto('triggers')
        .values({
          id: ids.next('trg'),
          workspace_id: of.workspace,
          workflow_id: of.workflow,
          node_id: node.id,
          created_at: clock.now(),
          last_at: null,
          ...set,
        })
        .execute()
  }
}
