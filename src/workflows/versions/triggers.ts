import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Start } from '#sdk/define.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import type { World } from '#world.ts'
import { armTriggers } from './arm.ts'

/** The topic of the feed that says: what was known of triggers may be wrong. Nudged when the change can be read. */
export const TRIGGERS = 'triggers'

/** 128 bits: nobody guesses the address of a webhook. */
const KEY_BYTES = 16

type Wanted = { node: WorkflowDocument['nodes'][number]; start: Start }
type Row = Selectable<Tables['triggers']>

/**
 * Makes the triggers of a workflow those of the version that goes live. What stands for the same node stays, with its id, its
 * address, its ledger and whether a person turned it off; what a node itself says about being disabled counts when that has
 * changed. One whose node is gone keeps its ledger, and comes back with its node.
 */
export async function syncTriggers(
  trx: Kysely<Tables>,
  world: Pick<World, 'library' | 'ids' | 'clock'>,
  of: { workspace: string; workflow: string },
  document: WorkflowDocument,
  previous: WorkflowDocument | null,
): Promise<void> {
  const { library, ids, clock } = world
  const wanted = document.nodes.flatMap((node): Wanted[] => {
    const start = library.find(node.block, node.version)?.start
    return start ? [{ node, start }] : []
  })
  const there = await trx
    .selectFrom('triggers')
    .selectAll()
    .where('workspace_id', '=', of.workspace)
    .where('workflow_id', '=', of.workflow)
    .execute()
  const kept = new Set(wanted.map(({ node }) => node.id))
  for (const row of there)
    if (!kept.has(row.node_id) && row.gone_at === null)
      await change(trx, row, { gone_at: clock.now(), armed_at: null, slot_at: null, due_at: null })
  const wasOff = new Set(previous?.nodes.filter(node => node.disabled).map(node => node.id))
  for (const { node, start } of wanted) {
    const row = there.find(one => one.node_id === node.id)
    const set = {
      kind: start.kind,
      block: node.block,
      block_version: node.version,
      wakes: start.by,
      key: row?.key ?? (start.by === 'time' || start.by === 'event' ? null : ids.secret(KEY_BYTES)),
      enabled: node.disabled ? 0 : row && !wasOff.has(node.id) ? row.enabled : 1,
      params: JSON.stringify(node.params),
      credential: node.credential ?? null,
      zone: document.settings.timezone,
      gone_at: null,
    }
    if (row) await change(trx, row, { ...set, ...(isSame(row, set) ? {} : ASLEEP) })
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
          ...ASLEEP,
          ...set,
        })
        .execute()
  }
  await armTriggers(trx, world, of.workspace, of.workflow)
}

/** One that means something else than before begins anew. */
const ASLEEP = { armed_at: null, slot_at: null, due_at: null, failures: 0, paused_at: null, paused_why: null }

const MEANING = ['block', 'block_version', 'params', 'zone', 'gone_at'] as const
const isSame = (row: Row, set: Pick<Row, (typeof MEANING)[number]>) => MEANING.every(name => row[name] === set[name])

const change = (trx: Kysely<Tables>, { workspace_id, id }: Row, set: Partial<Row>) =>
  trx.updateTable('triggers').set(set).where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
