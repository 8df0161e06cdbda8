import { createHash } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Library } from '#sdk/library.ts'
import type { World } from '#world.ts'

type Row = Pick<Selectable<Tables['triggers']>, 'id' | 'block' | 'block_version' | 'params' | 'zone'>

/** The next time of a trigger that knows its times; null for any other, and where there is none any more. */
export function nextSlot(library: Library, row: Row, after: number, since: number): number | null {
  const block = library.find(row.block, row.block_version)
  if (block?.start?.by !== 'time') return null
  const params = block.input.safeParse(JSON.parse(row.params))
  return params.success ? block.start.next(params.data, after, { zone: row.zone, since }) : null
}

/** When somebody looks at a time: where `jitter` (seconds) is set, later by a part of it that is always the same for this time. */
export function dueAt({ id, params }: Row, slot: number): number {
  const jitter = Number(Reflect.get(Object(JSON.parse(params)), 'jitter') ?? 0) * 1000
  if (!(jitter > 0)) return slot
  const chance = createHash('sha256').update(`${id} ${slot}`).digest().readUInt32BE() / 2 ** 32
  return slot + Math.floor(chance * jitter)
}

/**
 * Wakes the triggers of a workflow that may start it and puts the others to sleep. Whoever is awake already keeps what it has
 * planned; who wakes plans from now on: what came while it slept was not missed.
 */
export async function armTriggers(
  trx: Kysely<Tables>,
  { library, clock }: Pick<World, 'library' | 'clock'>,
  workspace: string,
  workflow: string,
): Promise<void> {
  const now = clock.now()
  const owner = await trx
    .selectFrom('workflows')
    .select(['live', 'active', 'archived_at'])
    .where('workspace_id', '=', workspace)
    .where('id', '=', workflow)
    .executeTakeFirst()
  const isLive = owner?.active === 1 && owner.archived_at === null
  const rows = await trx
    .selectFrom('triggers')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('workflow_id', '=', workflow)
    .execute()
  for (const row of rows) {
    const wakes = isLive && row.enabled === 1 && row.paused_at === null && row.gone_at === null
    if (wakes === (row.armed_at !== null)) continue
    const slot = wakes ? nextSlot(library, row, now, now) : null
    await trx
      .updateTable('triggers')
      .set({ armed_at: wakes ? now : null, slot_at: slot, due_at: slot === null ? null : dueAt(row, slot) })
      .where('workspace_id', '=', workspace)
      .where('id', '=', row.id)
      .execute()
  }
}
