import { decide, take } from '#engine/decide.ts'
import type { Held } from '#engine/events.ts'
import { type Cell, type Frame, lastOf } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import { holdMade } from './hold.ts'
import { begin, fail } from './node.ts'
import { append, type Run } from './run.ts'
import { scopeOf } from './scope.ts'
import type { Shell } from './shell.ts'
import { write } from './write.ts'

/** An execution of pure nodes lets others in after so many milliseconds. */
const SLICE = 20
/** One that has nothing to do for longer than this is not kept in memory. */
const SOON = 15_000

/** Does everything that can be done now. The one place where thinking meets the world. */
export function advance(shell: Shell, run: Run): void {
  if (run.advancing || run.gone || run.state.status !== 'running') return
  run.advancing = true
  run.rest = null
  clearTimeout(run.timer)
  const { clock } = shell.world
  const slice = clock.now() + SLICE
  let more = true
  try {
    while (more && clock.now() < slice) more = step(shell, run)
  } catch (error) {
    shell.world.log.error({ execution: run.id, err: error }, 'the execution cannot go on here and is given up')
    shell.drop(run, new Fault('server.fault', { cause: error }))
    return
  } finally {
    run.advancing = false
  }
  if (more && run.state.status === 'running') setImmediate(() => advance(shell, run))
  write(shell, run)
}

/** One look at what is to be done; true when another one is worth while. */
function step(shell: Shell, run: Run): boolean {
  const { state } = run
  const now = shell.world.clock.now()
  const commands = decide(state, now, run.running.size)
  let did = false
  let next: number | null = null
  for (const command of commands) {
    if (command.do === 'finish') {
      finish(shell, run, command.outcome, command.failure)
      return false
    }
    if (command.do === 'sleep') {
      next = command.until
      continue
    }
    // While the server stops nothing new begins; it goes on where it is started next.
    if (shell.closing && command.do === 'run') continue
    // What an earlier command of these has brought about may have made this one void.
    if (command.do === 'turn' ? !state.over.has(command.frame) : !isMeant(run, command.cell)) continue
    take(state, command)
    did = true
    if (command.do === 'turn') endTurn(shell, run, command.frame)
    else begin(shell, run, command.cell, command.attempt)
    if (state.failure || state.stop) return true
  }
  if (!did) settleDown(shell, run, next, now)
  return did
}

const isMeant = (run: Run, cell: Cell) =>
  (cell.is === 'ready' || cell.is === 'resting') && run.state.frames.get(cell.frame.path) === cell.frame

/** Nothing can be done now: how long is it quiet? */
function settleDown(shell: Shell, run: Run, next: number | null, now: number): void {
  if (run.running.size > 0 || run.onDisk.length > 0) {
    if (next !== null) wake(shell, run, next - now)
    return
  }
  if (shell.closing) {
    run.rest = { until: now }
    return
  }
  const until = run.heard !== run.row.signals ? now : earliest(next, dueOf(run))
  if (until !== null && until - now <= SOON) wake(shell, run, until - now)
  else run.rest = { until }
}

function wake(shell: Shell, run: Run, after: number): void {
  run.timer = setTimeout(() => shell.listen(run), Math.min(Math.max(after, 1), 2 ** 30))
  run.timer.unref()
}

const earliest = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

/** When the first of those who wait has waited long enough. */
function dueOf({ state }: Run): number | null {
  let due: number | null = null
  for (const frame of state.frames.values())
    for (const cell of frame.cells) if (cell.is === 'suspended' && cell.wait) due = earliest(due, cell.wait.until)
  return due
}

function finish(shell: Shell, run: Run, outcome: 'completed' | 'failed' | 'cancelled', failure: Run['state']['failure']): void {
  for (const controller of run.running.values()) controller.abort()
  run.running.clear()
  run.onDisk = []
  append(run, { type: 'finished', at: shell.world.clock.now(), outcome, failure })
  shell.finished(run)
}

/** Works out the result of a turn, and asks the block whether there is one more. */
function endTurn(shell: Shell, run: Run, frame: Frame): void {
  const { container } = frame
  const part = container && run.ready.parts.get(container.node)
  if (!container || !part) return
  const at = shell.world.clock.now()
  const turn = part.block.turn
  const turned = (result: Held, again: boolean) => {
    if (run.state.frames.get(frame.path) === frame) append(run, { type: 'turned', at, path: frame.path, result, again })
  }
  if (!turn || (part.block.loop !== 'until' && part.turn.references.length === 0 && !('result' in Object(container.node.params))))
    return void turned(lastOf(run.state, frame), false)
  const broken = (error: unknown) => fail(shell, run, container, at, error)
  const settle = (scope: Record<string, unknown>, last: unknown): void | Promise<void> => {
    const { result, again } = turn(Object(part.turn.fill(scope)), { index: frame.turn, last })
    const held = holdMade(shell, run, result)
    return held instanceof Promise ? held.then(it => turned(it, again)) : turned(held, again)
  }
  try {
    const scope = scopeOf(shell, run, frame, part.turn.roots, at)
    const last = shell.values.read(run.workspace, lastOf(run.state, frame))
    if (!(scope instanceof Promise) && !(last instanceof Promise)) {
      const going = settle(scope, last)
      if (!going) return
      void going.catch(broken).then(() => advance(shell, run))
      return
    }
    void Promise.all([scope, last])
      .then(([seen, value]) => settle(seen, value))
      .catch(broken)
      .then(() => advance(shell, run))
  } catch (error) {
    broken(error)
  }
}
