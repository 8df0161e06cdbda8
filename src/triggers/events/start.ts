import { ZodError } from 'zod'
import { Fault, messageOf } from '#errors.ts'
import { DEEPEST } from '#executions/pause.ts'
import type { Shell } from '#executions/shell.ts'
import { iso } from '#http/contract.ts'
import { idOf } from '#ids.ts'
import { BadTemplate } from '#template/fill.ts'
import { type Line, lineOf, note } from '#triggers/ledger.ts'
import { fireOnce, originOf } from '#triggers/origin.ts'
import type { Happening } from './dispatch.ts'
import type { Listener } from './listeners.ts'
import { chainOf } from './queries.ts'

/** A trigger that is to hear of something, and the ids that follow from that: whoever starts it makes the same. */
export type Start = { row: Happening; listener: Listener; line: string; execution: string }

/** Each is looked for in the part of the ledger of each. */
const ASKED = 50
/** What cannot be started for a reason that does not pass is tried for so long. */
const PATIENCE = 3_600_000
/** Longer data is not kept with a line that started nothing. */
const KEPT = 32 * 1024

/** Who of these is still to hear of something: not those who did, nor those who led to it themselves. */
export async function startsOf(shell: Shell, row: Happening, listeners: readonly Listener[]): Promise<Start[]> {
  const starts = (await others(shell, row, listeners)).map(listener => {
    const fact = `${row.id} ${listener.row.id}`
    return { row, listener, line: idOf('fir', row.at, fact), execution: idOf('exe', row.at, fact) }
  })
  const done = new Set<string>()
  for (let at = 0; at < starts.length; at += ASKED) {
    const part = starts.slice(at, at + ASKED)
    const lines = await shell.world.db
      .selectFrom('fires')
      .select('id')
      .where(
        'trigger_id',
        'in',
        part.map(start => start.listener.row.id),
      )
      .where(
        'id',
        'in',
        part.map(start => start.line),
      )
      .execute()
    for (const { id } of lines) done.add(id)
  }
  return starts.filter(({ line }) => !done.has(line))
}

/**
 * Whoever listens to the ends of executions hears neither of one that an event has started in the same workflow, nor of one
 * that its workflow has led to: two who listen to everything would never leave each other alone.
 */
async function others(shell: Shell, row: Happening, listeners: readonly Listener[]): Promise<readonly Listener[]> {
  if (!row.name.startsWith('execution.') || row.cause === null) return listeners
  const [ended, ...before] = await chainOf(shell.world.db, row.workspace_id, row.cause)
  return listeners.filter(
    ({ row: { workflow_id, kind } }) =>
      !(ended?.workflow_id === workflow_id && ended.start === kind) && !before.some(one => one.workflow_id === workflow_id),
  )
}

/** Lets a trigger hear of something, once: with the line of its ledger, or, where that says that it was not to be, without an execution. */
export async function hear(shell: Shell, start: Start): Promise<void> {
  const { row, listener, execution } = start
  const input = { event: row.name, data: JSON.parse(row.data), at: iso(row.at), id: row.id }
  const refuse = (code: string, message: string) => note(shell, [refused(start, code, message, input)])
  try {
    const origin = await originOf(shell, listener.row)
    if (!isWanted(shell, start, { trigger: input, vars: origin.ready.drawn.variables })) return
    if (row.depth > DEEPEST)
      return await refuse('event.too_deep', `Events led to each other ${DEEPEST} deep here. Do they go round in a circle?`)
    const cause = row.cause === null ? null : { id: row.cause, depth: row.depth - 1 }
    const line = { outcome: 'fired' as const, id: start.line, why: { code: 'event', message: `${row.name} ${row.id}` } }
    const guard = (executionId: string) => lineOf(shell, { ...line, trigger: origin.id, executionId })
    await fireOnce(shell, origin, { input, line, cause, guard, id: execution })
  } catch (error) {
    if (error instanceof BadFilter) return refuse('event.bad_filter', `Its filter cannot be asked: ${error.message}`)
    if (isPassing(shell, row, error)) throw error
    return refuse('event.not_started', `It could not be started: ${messageOf(error)}`)
  }
}

class BadFilter extends Error {}

function isWanted(shell: Shell, { listener }: Start, scope: Record<string, unknown>): boolean {
  try {
    return listener.wants({ ...scope, now: iso(shell.world.clock.now()) })
  } catch (cause) {
    throw new BadFilter(messageOf(cause), { cause })
  }
}

/** Is there no room at present, for whomever? */
export const isBusy = (error: unknown): boolean =>
  error instanceof Fault && (error.status === 503 || error.status === 507 || error.status === 429)

/** Is it worth trying again? Not what the workflow itself stands in the way of, and what nobody knows not for ever. */
export function isPassing({ world }: Pick<Shell, 'world'>, row: Happening, error: unknown): boolean {
  const isTheirs = (error instanceof Fault && error.status < 500) || error instanceof BadTemplate || error instanceof ZodError
  return isBusy(error) || (!isTheirs && world.clock.now() - row.at < PATIENCE)
}

function refused({ row, listener, line }: Start, code: string, message: string, input: unknown): Line {
  const kept = row.data.length <= KEPT ? { input: { value: input } } : {}
  return { trigger: listener.row.id, outcome: 'refused', id: line, why: { code, message: message.slice(0, 1_000) }, ...kept }
}
