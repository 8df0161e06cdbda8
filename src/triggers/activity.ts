import type { Selectable } from 'kysely'
import { z } from 'zod'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import { starterOf } from '#executions/accept.ts'
import { checkInput } from '#executions/input.ts'
import { readJournal } from '#executions/own.ts'
import type { Shell } from '#executions/shell.ts'
import { startFor } from '#executions/starts.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type * as contract from './contract.ts'
import { OUTCOMES } from './ledger.ts'
import { fire, type Origin, originOf, standing } from './origin.ts'
import { findLine, listLines } from './queries.ts'
import { timesOf } from './schedules/times.ts'
import { demandTrigger } from './triggers.ts'

type Row = Selectable<Tables['fires']>

const WHY = z.object({ code: z.string(), message: z.string() }).nullable()
const CALL = z.object({ method: z.string(), path: z.string(), address: z.string(), bytes: z.number() }).nullable()

const show = (row: Row) => ({
  id: row.id,
  at: iso(row.at),
  plannedAt: row.slot_at === null ? null : iso(row.slot_at),
  outcome: z.enum(OUTCOMES).parse(row.outcome),
  why: WHY.parse(JSON.parse(row.why ?? 'null')),
  executionId: row.execution_id,
  call: CALL.parse(JSON.parse(row.call ?? 'null')),
  times: row.times,
  replayable: row.input !== null || row.execution_id !== null || row.slot_at !== null,
})

/** The ledger of a trigger; the first page begins with what is planned. */
export async function activity({ world }: Shell, { caller, params, query }: Given<typeof contract.activity>) {
  const trigger = await demandTrigger(world.db, caller.workspace, params.id)
  const { items, next } = pageOf(await listLines(world.db, caller.workspace, trigger.id, query), query.limit)
  const first = query.cursor === undefined && query.outcome === undefined
  return { items: [...(first ? planned(trigger) : []), ...items.map(show)], next }
}

/** The next time is in the ledger before it comes. */
const planned = ({ id, slot_at }: Pick<Selectable<Tables['triggers']>, 'id' | 'slot_at'>) =>
  slot_at === null
    ? []
    : [
        {
          id: `${id}-next`,
          at: iso(slot_at),
          plannedAt: iso(slot_at),
          outcome: 'planned' as const,
          why: null,
          executionId: null,
          call: null,
          times: 1,
          replayable: false,
        },
      ]

/** The live version that a trigger starts. Fails with `trigger.asleep`. */
async function demandOrigin(shell: Shell, workspace: string, id: string): Promise<Origin> {
  await demandTrigger(shell.world.db, workspace, id)
  const row = await standing(shell.world.db)
    .select(['triggers.id', 'triggers.workspace_id', 'triggers.node_id', 'triggers.kind', 'workflow_versions.id as version'])
    .where('triggers.workspace_id', '=', workspace)
    .where('triggers.id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Fault('trigger.asleep')
  return originOf(shell, row)
}

/** Starts the live version with what a line of the ledger came with. */
export async function replay(shell: Shell, { caller, params, reply }: Given<typeof contract.replay>) {
  const origin = await demandOrigin(shell, caller.workspace, params.id)
  const row = await findLine(shell.world.db, caller.workspace, params.id, params.line)
  if (!row) throw new Fault('trigger.nothing_kept', { message: 'There is no such line in the ledger.' })
  const input = await inputOf(shell, caller.workspace, row)
  return begin(shell, { caller, reply }, origin, input, {
    code: 'replayed',
    message: `${caller.user.email} started it again from the line of ${iso(row.at)}.`,
  })
}

async function inputOf(shell: Shell, workspace: string, row: Row): Promise<unknown> {
  const held: Held | null = row.input === null ? await firstInput(shell, workspace, row.execution_id) : JSON.parse(row.input)
  if (held) return shell.values.read(workspace, held)
  if (row.slot_at !== null) return timesOf(row.slot_at, shell.world.clock.now())
  throw new Fault('trigger.nothing_kept')
}

/** What an execution began with. */
async function firstInput(shell: Shell, workspace: string, execution: string | null): Promise<Held | null> {
  if (execution === null) return null
  const there = await shell.world.db
    .selectFrom('executions')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('id', '=', execution)
    .executeTakeFirst()
  const first = there ? (await readJournal(shell, execution))[0] : undefined
  return first?.type === 'accepted' ? first.input : null
}

/** Starts a trigger's workflow as the trigger would. */
export async function fireTrigger(shell: Shell, { caller, params, body, reply }: Given<typeof contract.fireTrigger>) {
  const origin = await demandOrigin(shell, caller.workspace, params.id)
  const trigger = await demandTrigger(shell.world.db, caller.workspace, params.id)
  const now = shell.world.clock.now()
  const given = body.input ?? (trigger.wakes === 'time' ? timesOf(now, now) : {})
  const input = trigger.wakes === 'hand' ? checkInput(origin.ready, origin.nodeId, given, 'body.input') : given
  return begin(shell, { caller, reply }, origin, input, { code: 'by_hand', message: `${caller.user.email} started it.` })
}

async function begin(
  shell: Shell,
  asking: Pick<Given<typeof contract.fireTrigger>, 'caller' | 'reply'>,
  origin: Origin,
  input: unknown,
  why: { code: string; message: string },
) {
  const { caller } = asking
  const firing = { input, line: { outcome: 'fired' as const, why }, by: starterOf(caller) }
  const { id } = await startFor(shell, asking, () => fire(shell, origin, firing))
  await record(
    shell.world.db,
    shell.world,
    caller,
    'trigger.fired',
    { id: origin.id, name: origin.ready.drawn.name },
    { execution: id, ...why },
  )
  return { executionId: id }
}
