import type { Group } from '#db/db.ts'
import type { Event } from '#engine/events.ts'
import type { State } from '#engine/state.ts'
import { Fault, messageOf } from '#errors.ts'
import { settleMeters } from './meter.ts'
import { type Run, Taken } from './run.ts'
import type { Shell } from './shell.ts'
import { refsIn } from './values.ts'

/** A write that failed is tried again after this long; new work is refused meanwhile. */
const PAUSE = 500
/** Who begins again and again, and dies of it each time, has done nothing. */
const NOTHING_DONE: Event['type'][] = ['resumed', 'started']

/** Writes everything that happened to an execution and is not on disk. Gathers while it writes, and never waits on a timer. */
export function write(shell: Shell, run: Run): void {
  if (run.writing || run.gone) return
  if (run.pending.length === 0 && run.rest === null) return
  run.writing = true
  writeOut(shell, run).catch(error => {
    // Nobody must bring the server down with what cannot be put into words; whoever owns it next meets it again, and in the end it is dead.
    shell.world.log.error({ execution: run.id, err: error }, 'what happened cannot be put into words; the execution is given up')
    shell.drop(run, new Fault('server.fault', { cause: error }))
  })
}

async function writeOut(shell: Shell, run: Run): Promise<void> {
  const events = run.pending
  const tell = run.tell
  const { group, settles } = groupOf(shell, run, events)
  run.pending = []
  run.extra = []
  run.tell = []
  const outcome = await attempt(shell, run, group)
  run.writing = false
  if (outcome === 'written') {
    run.fresh = false
    run.guard = null
    run.row.seq += 1
    run.durable += events.length
    run.begun.resolve()
    shell.told(run)
    for (const id of tell) shell.hint(id, 0, run.workspace)
    if (settles) return shell.release(run)
    go(run)
    shell.advance(run)
    // What has ended meanwhile goes no further, and is still to be written.
    write(shell, run)
  } else if (outcome === 'left out' && run.guard) shell.drop(run, new Taken())
  else if (outcome === 'left out') {
    shell.world.log.warn({ execution: run.id, epoch: run.row.epoch }, 'another process has taken the execution over')
    shell.drop(run, new Fault('execution.moved'))
  } else shell.drop(run, outcome)
}

/** Until it is known. What was never accepted is refused at once; what was, is kept in memory until there is room for it. */
async function attempt(shell: Shell, run: Run, group: Group): Promise<'written' | 'left out' | Error> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await shell.journal.write(group)
    if (!(outcome instanceof Error)) return outcome === 'left out' && tries > 1 ? shell.journal.settled(run) : outcome
    // One that is guarded may be there because somebody else wrote it: whoever asked asks again.
    if (run.fresh && (run.guard || !(await known(shell, run)))) return outcome
    if (run.fresh) return 'written'
    if (tries === 1 || tries % 60 === 0)
      shell.world.log.error(
        { execution: run.id, err: outcome },
        `what happened cannot be written: ${messageOf(outcome)}; trying again`,
      )
    if (run.gone || shell.closing) return outcome
    await shell.pause(PAUSE)
  }
}

/** An answer of the database may be lost after the row was written. */
async function known(shell: Shell, run: Run): Promise<boolean> {
  try {
    return (await shell.journal.settled(run)) === 'written'
  } catch {
    return false
  }
}

function go(run: Run): void {
  while (run.onDisk[0] && run.onDisk[0].after <= run.durable) run.onDisk.shift()?.go()
}

function groupOf(shell: Shell, run: Run, events: Event[]): { group: Group; settles: boolean } {
  const { sentences, world } = shell
  const now = world.clock.now()
  const { state, row } = run
  const over = state.status !== 'running'
  const settles = over || run.rest !== null
  const seq = row.seq + 1
  const text = JSON.stringify(events)
  const done = doneOf(state)
  const progress = {
    seq,
    done,
    atNode: over ? null : nodeOf(state),
    bytes: text.length,
    status: over ? state.status : settles ? 'paused' : 'running',
    deaths: events.every(({ type }) => NOTHING_DONE.includes(type)) ? row.deaths : 0,
  }
  const settled = {
    now,
    heard: run.heard,
    dueAt: over ? null : (run.rest?.until ?? null),
    endedAt: over ? now : null,
    failure: state.failure ? JSON.stringify(state.failure) : null,
  }
  const first = run.fresh
    ? sentences.insert({
        ...row,
        seq,
        done,
        at_node: progress.atNode,
        bytes: text.length,
        status: progress.status,
        ...(settles
          ? { owner: null, lease_until: null, due_at: settled.dueAt, ended_at: settled.endedAt, failure: settled.failure }
          : {}),
      })
    : settles
      ? sentences.settle(run.id, row.epoch, { ...progress, ...settled })
      : sentences.progress(run.id, row.epoch, progress)
  const segment = sentences.segment(run.id, seq, text)
  const guard = run.guard ? [run.guard] : []
  return {
    group: [...guard, first, segment, ...valuesOf(shell, run, events), ...run.extra, ...settleMeters(shell, run, events)],
    settles,
  }
}

const valuesOf = ({ sentences }: Shell, run: Run, events: Event[]) =>
  [...refsIn(events)].map(([hash, bytes]) => sentences.value(run.id, run.workspace, hash, bytes))

/** How many nodes of the workflow itself are settled. */
function doneOf(state: State): number {
  let done = 0
  for (const { is } of state.frames.get('')?.cells ?? []) if (is === 'done' || is === 'skipped') done += 1
  return done
}

function nodeOf(state: State): string | null {
  const at = state.frames.get('')?.cells.find(({ is }) => !['out', 'idle', 'done', 'skipped'].includes(is))
  return at?.node.key ?? null
}
