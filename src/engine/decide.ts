import type { Failure, Outcome } from './events.ts'
import type { Cell, Frame, State } from './state.ts'

/** What should happen next. */
export type Command =
  /** Run a node, or look into a container's list. */
  | { do: 'run'; cell: Cell; attempt: number }
  /** Work out the result of a turn whose nodes are all settled. */
  | { do: 'turn'; frame: Frame }
  /** Nothing before then, unless something is heard. */
  | { do: 'sleep'; until: number }
  /** What still runs is given up. */
  | { do: 'finish'; outcome: Outcome; failure: Failure | null }

/** What should happen next, given how many nodes are running. Same state, same answer. */
export function decide(state: State, now: number, running: number): Command[] {
  if (state.status !== 'running') return []
  const end = ending(state, now)
  if (end) return [end]
  const commands: Command[] = []
  for (const frame of state.over) commands.push({ do: 'turn', frame })
  let room = state.plan.limits.atOnce - running
  for (const cell of state.ready) {
    if (room <= 0) return commands
    commands.push({ do: 'run', cell, attempt: cell.attempt + 1 })
    room -= 1
  }
  let next = (state.busy > 0 ? state.deadline : null) ?? Number.POSITIVE_INFINITY
  for (const cell of state.resting) {
    if (cell.retryAt > now) next = Math.min(next, cell.retryAt)
    else if (room > 0) {
      commands.push({ do: 'run', cell, attempt: cell.attempt + 1 })
      room -= 1
    }
  }
  if (Number.isFinite(next)) commands.push({ do: 'sleep', until: next })
  return commands
}

/** A command was taken up: it is not given again. Not an event: after a crash it is simply given once more. */
export function take(state: State, command: Command): void {
  if (command.do === 'turn') state.over.delete(command.frame)
  if (command.do !== 'run') return
  state.ready.delete(command.cell)
  state.resting.delete(command.cell)
  command.cell.is = 'running'
}

function ending(state: State, now: number): Command | null {
  const { plan, activations, failure, stop, deadline, busy } = state
  const failed = (code: string, message: string): Command => ({ do: 'finish', outcome: 'failed', failure: { code, message } })
  if (stop)
    return stop.outcome === 'completed'
      ? { do: 'finish', outcome: 'completed', failure: null }
      : failed('execution.stopped', stop.message)
  if (failure) return { do: 'finish', outcome: 'failed', failure }
  if (state.frames.get('')?.left === 0) return { do: 'finish', outcome: 'completed', failure: null }
  if (deadline !== null && busy > 0 && now >= deadline)
    return failed('execution.timeout', 'The execution took longer than its workflow allows.')
  if (activations > plan.limits.activations)
    return failed('execution.too_many_nodes', `More than ${plan.limits.activations} nodes were run.`)
  return null
}
