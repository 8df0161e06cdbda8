import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { OUTCOMES } from './ledger.ts'
import { findTrigger, listTriggers, newestLines } from './queries.ts'

type Row = Selectable<Tables['triggers']> & {
  active: number
  archived_at: number | null
}

/** So many of the last starts are shown beside a trigger. */
const LAST = 3
type Lines = Awaited<ReturnType<typeof newestLines>>

/** Where a trigger that is started by hand is shared. */
const SHARED: Record<string, string> = { form: 'form', chat: 'chat' }

function shown(world: Pick<World, 'place'>, row: Row, lines: Lines) {
  const lastFires = lines
    .filter(line => line.trigger_id === row.id)
    .map(({ at, outcome, execution_id }) => ({
      at: iso(at),
      outcome: z.enum(OUTCOMES).parse(outcome),
      executionId: execution_id,
    }))
  return {
    id: row.id,
    workflowId: row.workflow_id,
    nodeId: row.node_id,
    block: row.block,
    kind: row.kind,
    enabled: row.enabled === 1,
    state: stateOf(row),
    pausedWhy: row.paused_why,
    failures: row.failures,
    ...addressOf(world, row),
    secret: secretOf(row),
    nextAt: row.slot_at === null ? null : iso(row.slot_at),
    lastAt: lastFires[0]?.at ?? null,
    lastFires,
  }
}

/** Triggers of a workspace as the API shows them, with what they did last. */
async function show(world: Pick<World, 'db' | 'place'>, workspace: string, rows: readonly Row[]) {
  const lines = await newestLines(
    world.db,
    workspace,
    rows.map(row => row.id),
    LAST,
  )
  return rows.map(row => shown(world, row, lines))
}

/** One of them. */
export async function showOne(db: World['db'], world: Pick<World, 'place'>, workspace: string, id: string) {
  const row = await demandTrigger(db, workspace, id)
  return shown(world, row, await newestLines(db, workspace, [row.id], LAST))
}

function stateOf(row: Row): 'on' | 'off' | 'paused' | 'asleep' {
  if (row.enabled === 0) return 'off'
  if (row.paused_at !== null) return 'paused'
  return row.active === 1 && row.archived_at === null && row.gone_at === null ? 'on' : 'asleep'
}

function addressOf({ place }: Pick<World, 'place'>, { key, wakes, params }: Row): { url?: string } {
  const share = Object(JSON.parse(params)).share
  const part = wakes === 'call' ? 'hooks' : wakes === 'hand' && share ? SHARED[share.as ?? 'form'] : undefined
  return key === null || part === undefined ? {} : { url: `${place()}/${part}/${key}` }
}

/** A way to verify that needs a secret may stand without one. */
function secretOf({ params, credential, wakes }: Row): boolean | null {
  if (wakes !== 'call') return null
  const { kind = 'none', secret } = Object(Reflect.get(Object(JSON.parse(params)), 'verify'))
  return kind === 'none' ? null : typeof secret === 'string' || credential !== null
}

/** Lists the triggers. */
export async function triggers(world: World, { caller, query }: Given<typeof contract.triggers>) {
  const { items, next } = pageOf(await listTriggers(world.db, caller.workspace, query), query.limit)
  return { items: await show(world, caller.workspace, items), next }
}

/** One trigger. */
export const trigger = (world: World, { caller, params }: Given<typeof contract.trigger>) =>
  showOne(world.db, world, caller.workspace, params.id)

/** A trigger of the workspace. Fails with `trigger.not_found`. */
export async function demandTrigger(db: World['db'], workspace: string, id: string): Promise<Row> {
  const row = await findTrigger(db, workspace, id)
  if (!row) throw new Fault('trigger.not_found')
  return row
}
