import type { Event, Path, Usage } from '#engine/events.ts'
import type { Hold } from '#models/budgets/reserve.ts'
import { settle } from '#models/budgets/settle.ts'
import { Refused } from '#sdk/fail.ts'
import type { Run, Statement } from './run.ts'
import type { Shell } from './shell.ts'
import { spenderOf } from './spend.ts'
import { addUsage } from './usage/add.ts'

/** What one attempt takes of models. */
export type Meter = {
  readonly path: Path
  readonly attempt: number
  readonly usage: Usage[]
  /** Its calls that have reserved something, those that are over too. */
  readonly open: Set<Open>
  /** What the activation took before this attempt, once somebody has asked. */
  before: number | null
  /** What it took is on its way to the disk. What comes later has to go by itself. */
  closed: boolean
}

/** A call that has reserved what it may take, and when it is done, what it took. */
export type Open = { holds: readonly Hold[]; estimate: number; done: boolean; cost: number; tokens: number }

/** A meter that shows nothing yet. */
export const makeMeter = (path: Path, attempt: number): Meter => ({
  path,
  attempt,
  usage: [],
  open: new Set(),
  before: null,
  closed: false,
})

/** A call has taken something: it is written with the end of the attempt, or, where that is over, by itself. */
export function take(shell: Shell, run: Run, meter: Meter, open: Open, usage: Usage): void {
  Object.assign(open, { done: true, cost: usage.cost ?? 0, tokens: usage.inputTokens + usage.outputTokens })
  if (meter.closed) {
    writeAlone(shell, run, [...addUsage(shell, run, [usage]), ...settleAll(shell, run, [open])])
    return
  }
  meter.usage.push(usage)
  run.meters.add(meter)
}

/** A call has reserved what it may take. Where the attempt has ended meanwhile, it is not made. */
export function hold(shell: Shell, run: Run, meter: Meter, open: Open): void {
  if (meter.closed) writeAlone(shell, run, settleAll(shell, run, [open]))
  refuseOver(meter)
  meter.open.add(open)
  run.meters.add(meter)
}

/** Refuses calls of an attempt that is over: what is left of it in memory may not spend any more. */
export function refuseOver({ closed }: Meter): void {
  if (closed) throw new Refused('node.over', 'The attempt is over; it may not ask models any more.')
}

const ENDS: Event['type'][] = ['done', 'failed', 'suspended', 'called', 'opened']

/** What is written together with these events, because they are the ends of attempts: each is counted once, as it is in the journal once. */
export function settleMeters(shell: Shell, run: Run, events: readonly Event[]): Statement[] {
  if (run.meters.size === 0) return []
  const over = [...run.meters].filter(({ path, attempt }) =>
    events.some(it => ENDS.includes(it.type) && 'path' in it && it.path === path && !('attempt' in it && it.attempt !== attempt)),
  )
  return over.flatMap(meter => close(shell, run, meter))
}

/** Nobody hears of the end of an attempt any more. What it took was taken all the same. */
export function forsake(shell: Shell, run: Run, meter: Meter | null | undefined): void {
  if (meter && !meter.closed) writeAlone(shell, run, close(shell, run, meter))
}

function close(shell: Shell, run: Run, meter: Meter): Statement[] {
  meter.closed = true
  run.meters.delete(meter)
  return [...addUsage(shell, run, meter.usage), ...settleAll(shell, run, [...meter.open])]
}

/** A call that is not over has taken nothing yet; what it takes comes by itself. */
const settleAll = (shell: Shell, run: Run, all: readonly Open[]): Statement[] =>
  all.flatMap(({ holds, done, cost, tokens }) =>
    holds.flatMap(hold => settle(shell.world, spenderOf(shell, run), hold, done ? { cost, tokens } : { cost: 0, tokens: 0 })),
  )

function writeAlone(shell: Shell, run: Run, group: Statement[]): void {
  if (group.length === 0) return
  void shell.journal.write(group).then(outcome => {
    if (outcome instanceof Error)
      shell.world.log.error({ execution: run.id, err: outcome }, 'what models took could not be counted')
  })
}
