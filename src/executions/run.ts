import type { Group } from '#db/db.ts'
import type { Tables } from '#db/tables.ts'
import type { Event, Held } from '#engine/events.ts'
import { fold } from '#engine/fold.ts'
import type { Cell, State } from '#engine/state.ts'
import type { Meter } from './meter.ts'
import type { Ready } from './plans.ts'

/** A statement that is written with the events of an execution. */
export type Statement = Group[number]

/** How an execution ended, for whoever waits for it in this process. */
export type End = { status: 'completed' | 'failed' | 'cancelled'; output: Held; reply: Held | null; failure: State['failure'] }

/** Somebody has started it already. */
export class Taken extends Error {}

/** An execution that this process owns. */
export type Run = {
  readonly id: string
  readonly workspace: string
  readonly row: Tables['executions']
  /** Changed only when a retry goes on with another version. */
  ready: Ready
  state: State
  /** The row is not in the database yet. */
  fresh: boolean
  /** Decides whether it is written at all; for what others may have started already. */
  guard: Statement | null
  /** What happened and is not on disk yet, and what is written with it. */
  pending: Event[]
  extra: Statement[]
  /** How many events there are, and how many of them are on disk. */
  appended: number
  durable: number
  /** What starts as soon as so many events are on disk. */
  onDisk: { after: number; go: () => void }[]
  running: Map<Cell, AbortController>
  /** The number of signals that were listened to. */
  heard: number
  /** Nothing runs and nothing is to be done before then: it need not be in memory. */
  rest: { until: number | null } | null
  advancing: boolean
  writing: boolean
  /** It must be listened to, at the next opportunity. */
  listening: boolean
  /** What models are saying, by the path of their node: to be shown, not to be kept. */
  live: Map<string, { said: number; text: string }>
  /** What its attempts take of models, until that is on its way to the disk. */
  meters: Set<Meter>
  /** How it ended, once that is on disk. */
  end: End | null
  /** It is ours no more. */
  gone: boolean
  timer: NodeJS.Timeout | undefined
  /** Hints to give when what is pending has been written: executions that wait for something in it. */
  tell: string[]
  begun: PromiseWithResolvers<void>
  ended: PromiseWithResolvers<End>
  /** The answer of the workflow; null when it ended without one. */
  replied: PromiseWithResolvers<Held | null>
  /** Nothing of it is in memory any more. */
  left: PromiseWithResolvers<void>
}

/** Something happens: at once for us, and for the world when it is on disk. */
export function append(run: Run, event: Event, extra: readonly Statement[] = []): void {
  fold(run.state, event)
  run.pending.push(event)
  run.extra.push(...extra)
  run.appended += 1
  if (run.state.reply) run.replied.resolve(run.state.reply)
}

/** A run with nothing written, or, for one that was loaded, everything. */
export function makeRun(row: Tables['executions'], ready: Ready, state: State, fresh: boolean): Run {
  const run: Run = {
    id: row.id,
    workspace: row.workspace_id,
    row,
    ready,
    state,
    fresh,
    guard: null,
    pending: [],
    extra: [],
    appended: 0,
    durable: 0,
    onDisk: [],
    running: new Map(),
    heard: row.signals,
    rest: null,
    advancing: false,
    writing: false,
    listening: false,
    live: new Map(),
    meters: new Set(),
    end: null,
    gone: false,
    timer: undefined,
    tell: [],
    begun: Promise.withResolvers(),
    ended: Promise.withResolvers(),
    replied: Promise.withResolvers(),
    left: Promise.withResolvers(),
  }
  // Nobody has to listen.
  for (const promise of [run.begun.promise, run.ended.promise, run.replied.promise]) promise.catch(() => {})
  return run
}
