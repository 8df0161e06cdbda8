import type { Event, Failure, Held } from './events.ts'
import { type Plan, reachable } from './plan.ts'
import {
  type Cell,
  cellAt,
  type Frame,
  isBusy,
  leftBy,
  NOTHING,
  openFrame,
  pathOf,
  type State,
  type Turns,
  turnPath,
} from './state.ts'

/** An execution before anything has happened to it. */
export const begin = (plan: Plan): State => ({
  plan,
  status: 'running',
  input: NOTHING,
  deadline: null,
  allowance: 0,
  frames: new Map(),
  ready: new Set(),
  over: new Set(),
  resting: new Set(),
  activations: 0,
  busy: 0,
  at: 0,
  failure: null,
  stop: null,
  reply: null,
})

/** The one reducer: the worker goes on with it, the API answers with it, the browser draws with it. Changes the state it is given. */
export function fold(state: State, event: Event): State {
  // The time that a workflow may work stands still while it only waits.
  if (state.deadline !== null && (state.busy === 0 || event.type === 'resumed'))
    state.deadline += Math.max(0, event.at - state.at)
  state.at = event.at
  if (event.type === 'accepted') accept(state, event)
  else if (event.type === 'finished') finish(state, event)
  else if (event.type === 'revived') revive(state, event.at)
  else if (event.type === 'turned') endTurn(state, event.path, event.result, event.again)
  else if (event.type !== 'resumed') {
    const cell = cellAt(state, event.path)
    // A turn that was given up may still hear from what was running in it.
    if (cell) happen(state, cell, event)
  }
  return state
}

type OfCell = Exclude<Event, { type: 'accepted' | 'resumed' | 'finished' | 'revived' | 'turned' }>

function happen(state: State, cell: Cell, event: OfCell): void {
  switch (event.type) {
    case 'started':
      // A worker that was lost is not a failed attempt: the same one is made again.
      cell.started = true
      return
    case 'done':
      if (event.reply) state.reply = event.reply
      if (event.stop) state.stop = event.stop
      done(state, cell, event.outlet, event.output, event.also)
      return
    case 'failed':
      cell.attempt = event.attempt
      if (event.retryAt === null) {
        fail(state, cell, event.failure)
        return
      }
      turnTo(state, cell, 'resting')
      cell.retryAt = event.retryAt
      state.resting.add(cell)
      return
    case 'suspended':
      cell.attempt = event.attempt
      cell.wait = event.wait
      turnTo(state, cell, 'suspended')
      return
    case 'opened':
      cell.turns = {
        ...blankTurns(),
        list: event.list,
        most: event.most,
        cap: event.most,
        atOnce: event.atOnce,
        onItemError: event.onItemError,
      }
      turnTo(state, cell, 'open')
      beginTurns(state, cell)
      return
    case 'called':
      callFor(state, cell, event)
      return
    case 'allowed':
      // The attempt that was asked for is still to be made.
      cell.attempt -= 1
      ready(state, cell)
      cell.allowed = true
      return
    case 'asked':
      turnTo(state, cell, 'asking')
      return
    case 'answered':
      if (event.answer === 'repeat') {
        ready(state, cell)
        return
      }
      if (event.answer === 'fail')
        fail(state, cell, { code: 'node.lost', message: `${event.by} counted it as failed after a crash.` })
  }
}

function accept(state: State, { at, trigger, input, deadline }: Extract<Event, { type: 'accepted' }>): void {
  state.input = input
  state.deadline = deadline
  state.allowance = (deadline ?? at) - at
  const { plan } = state
  const start = plan.nodes.findIndex(node => node.id === trigger)
  const root = openFrame(state, '', 0, null, 0, reachable(plan, [start]))
  const cell = root.cells[plan.nodes[start]?.slot ?? -1]
  if (cell) done(state, cell, 'main', input)
}

/** Takes a cell out of every list it is in. */
function turnTo(state: State, cell: Cell, is: Cell['is']): void {
  state.ready.delete(cell)
  state.resting.delete(cell)
  state.busy += Number(isBusy(is)) - Number(isBusy(cell.is))
  cell.is = is
}

function ready(state: State, cell: Cell): void {
  cell.started = false
  if (cell.node.disabled) {
    done(state, cell, 'main', NOTHING)
    return
  }
  turnTo(state, cell, 'ready')
  state.ready.add(cell)
  state.activations += 1
}

function done(state: State, cell: Cell, outlet: string, output: Held, also: readonly string[] = []): void {
  turnTo(state, cell, 'done')
  cell.output = output
  cell.also = also
  settle(state, cell, outlet)
}

/** Everything behind a settled node is told; what no edge leads to any more is skipped, and that travels on. */
function settle(state: State, first: Cell, outlet: string | null): void {
  first.outlet = outlet
  const { frame } = first
  const settled = [first]
  for (const cell of settled) {
    frame.left -= 1
    for (const edge of cell.node.edges) {
      const target = frame.cells[state.plan.nodes[edge.to]?.slot ?? -1]
      if (!target || target.is === 'out') continue
      const taken = leftBy(cell, edge.outlet)
      target.waiting -= 1
      target.taken ||= taken
      if (target.is !== 'idle') continue
      if (taken && target.node.join === 'any') ready(state, target)
      else if (target.waiting > 0) continue
      else if (target.taken) ready(state, target)
      else {
        target.is = 'skipped'
        settled.push(target)
      }
    }
  }
  if (frame.left === 0 && frame.container) state.over.add(frame)
}

function fail(state: State, cell: Cell, failure: Failure): void {
  const { onError } = cell.node
  if (onError !== 'stop') {
    if (cell.turns) dropTurns(state, cell)
    done(state, cell, onError === 'route' ? 'error' : 'main', { value: { error: { ...failure, attempt: cell.attempt } } })
    return
  }
  turnTo(state, cell, 'failed')
  const { container } = cell.frame
  if (!container) state.failure ??= { path: pathOf(cell), ...failure }
  else if (container.turns?.onItemError === 'stop') fail(state, container, { path: pathOf(cell), ...failure })
  else
    endTurn(
      state,
      cell.frame.path,
      container.turns?.onItemError === 'collect' ? { value: { error: { path: pathOf(cell), ...failure } } } : null,
      true,
    )
}

function beginTurns(state: State, container: Cell): void {
  const { turns, node } = container
  if (!turns || node.opens === null) return
  while (turns.running < turns.atOnce && turns.begun < turns.most) {
    const turn = turns.begun
    turns.begun += 1
    turns.running += 1
    turns.results.push(null)
    const called = turns.called[turn]
    const part = called === undefined ? null : reachable(state.plan, [called])
    const frame = openFrame(state, turnPath(container, turn), node.opens, container, turn, part)
    for (const at of called === undefined ? (state.plan.scopes[node.opens]?.starts ?? []) : [called]) {
      const cell = frame.cells[state.plan.nodes[at]?.slot ?? -1]
      if (cell) ready(state, cell)
    }
    if (frame.left === 0) state.over.add(frame)
  }
  if (turns.running > 0) return
  if (node.loop === 'calls') ready(state, container)
  else done(state, container, 'main', { list: turns.results.filter(result => result !== null) })
}

/** A round of a container that calls: one turn for each call, of that node and what follows it. */
function callFor(state: State, container: Cell, { said, calls, atOnce }: Extract<Event, { type: 'called' }>): void {
  const { plan } = state
  const turns = container.turns ?? blankTurns()
  const items = 'list' in turns.list ? turns.list.list : []
  turns.rounds.push({ said, before: turns.begun })
  turns.list = { list: [...items, ...calls.map(call => call.item)] }
  const inside = plan.scopes[container.node.opens ?? -1]
  for (const { node } of calls) turns.called.push(inside?.nodes[inside.slots.get(node) ?? -1] ?? -1)
  turns.most += calls.length
  turns.atOnce = atOnce
  container.turns = turns
  container.attempt = 0
  container.allowed = false
  turnTo(state, container, 'open')
  beginTurns(state, container)
}

const blankTurns = (): Turns => ({
  list: { list: [] },
  most: 0,
  cap: 0,
  atOnce: 1,
  onItemError: 'collect',
  begun: 0,
  running: 0,
  results: [],
  rounds: [],
  called: [],
})

/** A result of null leaves no trace in the list. */
function endTurn(state: State, path: string, result: Held | null, again: boolean): void {
  const frame = state.frames.get(path)
  const container = frame?.container
  if (!frame || !container?.turns) return
  dropFrame(state, frame)
  const { turns } = container
  turns.running -= 1
  turns.results[frame.turn] = result
  if (container.node.loop !== 'until') {
    beginTurns(state, container)
    return
  }
  if (again && turns.begun >= turns.most) {
    fail(state, container, { code: 'loop.too_long', message: `It was not over after ${turns.most} turns.` })
    return
  }
  if (!again) turns.most = turns.begun
  beginTurns(state, container)
}

function dropTurns(state: State, container: Cell): void {
  for (let turn = 0; turn < (container.turns?.begun ?? 0); turn += 1) {
    const frame = state.frames.get(turnPath(container, turn))
    if (frame) dropFrame(state, frame)
  }
}

function dropFrame(state: State, frame: Frame): void {
  state.frames.delete(frame.path)
  state.over.delete(frame)
  for (const cell of frame.cells) {
    state.ready.delete(cell)
    state.resting.delete(cell)
    if (isBusy(cell.is)) state.busy -= 1
    if (cell.turns) dropTurns(state, cell)
  }
}

function revive(state: State, at: number): void {
  if (state.deadline !== null) state.deadline = at + state.allowance
  state.status = 'running'
  state.failure = null
  for (const frame of [...state.frames.values()]) {
    for (const cell of frame.cells) {
      if (cell.is !== 'failed') continue
      if (cell.turns) reopen(state, cell, cell.turns)
      else ready(state, cell)
    }
  }
}

/** A container whose turn failed goes on with that turn; one that ran out of turns gets as many again. */
function reopen(state: State, container: Cell, turns: Turns): void {
  container.is = 'open'
  if (turns.running > 0) return
  if (container.node.loop === 'calls') {
    ready(state, container)
    return
  }
  turns.most += turns.cap
  beginTurns(state, container)
}

function finish(state: State, event: Extract<Event, { type: 'finished' }>): void {
  state.status = event.outcome
  state.failure = event.failure
}
