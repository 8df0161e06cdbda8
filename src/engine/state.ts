import type { Failure, Held, Outcome, Path, Stop, Wait } from './events.ts'
import type { Plan, PlanNode } from './plan.ts'

/** How an execution stands. `fold` changes it in place: whoever wants to keep an old one folds the events again. */
export type State = {
  readonly plan: Plan
  status: 'running' | Outcome
  input: Held
  deadline: number | null
  /** How long it may work. */
  allowance: number
  /** The inside of the workflow, and of every turn that is going on, by its path. */
  frames: Map<Path, Frame>
  /** What may run now, in the order in which it became ready. */
  ready: Set<Cell>
  /** Turns whose nodes are all settled and that have no result yet. */
  over: Set<Frame>
  /** What waits for its next attempt. */
  resting: Set<Cell>
  activations: number
  /** How many nodes run, may run, or rest before their next attempt; where there are none, all that is left to do is wait. */
  busy: number
  /** When the last thing happened. */
  at: number
  /** The failure that ends the execution. */
  failure: Failure | null
  stop: Stop | null
  reply: Held | null
}

/** One run through a scope: the workflow itself, or a turn of a container. */
export type Frame = {
  path: Path
  scope: number
  /** The container's cell in the frame around this one. */
  container: Cell | null
  turn: number
  cells: Cell[]
  /** Cells that are not settled yet. */
  left: number
}

/** One node in one frame. */
export type Cell = {
  readonly node: PlanNode
  readonly frame: Frame
  is: 'out' | 'idle' | 'ready' | 'running' | 'resting' | 'suspended' | 'asking' | 'open' | 'done' | 'skipped' | 'failed'
  /** Edges that are not settled yet, and whether one was taken. */
  waiting: number
  taken: boolean
  attempt: number
  /** What must not be repeated has begun and has no result. */
  started: boolean
  retryAt: number
  wait: Wait | null
  outlet: string | null
  /** Other outlets it has left by at the same time. */
  also: readonly string[]
  output: Held
  /** A person has allowed that it runs. */
  allowed: boolean
  turns: Turns | null
}

/** Has it left by this outlet? */
export const leftBy = ({ outlet, also }: Cell, one: string): boolean => one === outlet || also.includes(one)

/** What a container knows of its turns. */
export type Turns = {
  list: Held
  most: number
  /** How many it was given at first. */
  cap: number
  atOnce: number
  onItemError: 'stop' | 'skip' | 'collect'
  begun: number
  running: number
  results: (Held | null)[]
  /** Of a container that calls: what it said in each round and how many turns there were then, and the node of each turn. */
  rounds: { said: Held; before: number }[]
  called: number[]
}

/** Does it count as work? Waiting for a person does not. */
export const isBusy = (is: Cell['is']): boolean => is === 'ready' || is === 'running' || is === 'resting'

/** Nothing. */
export const NOTHING: Held = { value: null }

/** The address of a cell. */
export const pathOf = ({ node, frame }: Cell): Path => (frame.path === '' ? node.key : `${frame.path}.${node.key}`)

/** The address of a turn of a container. */
export const turnPath = (container: Cell, turn: number): Path =>
  container.node.loop === 'once' ? pathOf(container) : `${pathOf(container)}[${turn}]`

/** The cell of an address, if it is part of something that is going on. */
export function cellAt(state: State, path: Path): Cell | undefined {
  const dot = path.lastIndexOf('.')
  const frame = state.frames.get(dot < 0 ? '' : path.slice(0, dot))
  const slot = frame && state.plan.scopes[frame.scope]?.slots.get(dot < 0 ? path : path.slice(dot + 1))
  return slot === undefined ? undefined : frame?.cells[slot]
}

/** What a key means to the nodes of a frame: the node of the frame itself, or of one around it. */
export function cellSeen(state: State, from: Frame, key: string): Cell | undefined {
  for (let frame: Frame | undefined = from; frame; frame = frame.container?.frame) {
    const slot = state.plan.scopes[frame.scope]?.slots.get(key)
    if (slot !== undefined) return frame.cells[slot]
  }
  return undefined
}

/**
 * What a run through a scope puts out: the output of its last node. Where several ways end, the node that was drawn last counts, not the
 * one that happened to be done last.
 */
export function lastOf({ plan }: State, frame: Frame | undefined): Held {
  const isDone = (at: number) => frame?.cells[plan.nodes[at]?.slot ?? -1]?.is === 'done'
  const ends = frame?.cells.findLast(
    cell => cell.is === 'done' && !cell.node.edges.some(edge => leftBy(cell, edge.outlet) && isDone(edge.to)),
  )
  return ends?.output ?? NOTHING
}

/** Opens a scope: of `part` only these nodes take part, the edges of others do not count. */
export function openFrame(
  state: State,
  path: string,
  scope: number,
  container: Cell | null,
  turn: number,
  part: Set<number> | null,
): Frame {
  const { nodes, scopes } = state.plan
  const frame: Frame = { path, scope, container, turn, cells: [], left: 0 }
  for (const at of scopes[scope]?.nodes ?? []) {
    const node = nodes[at]
    if (!node) continue
    const takesPart = part === null || part.has(at)
    const cell: Cell = {
      node,
      frame,
      is: takesPart ? 'idle' : 'out',
      waiting: part === null ? node.incoming : 0,
      taken: false,
      attempt: 0,
      started: false,
      retryAt: 0,
      wait: null,
      outlet: null,
      also: [],
      output: NOTHING,
      allowed: false,
      turns: null,
    }
    frame.cells.push(cell)
    if (takesPart) frame.left += 1
  }
  if (part) for (const at of part) for (const { to } of nodes[at]?.edges ?? []) raise(frame, nodes[to]?.slot)
  state.frames.set(path, frame)
  return frame
}

function raise(frame: Frame, slot: number | undefined): void {
  const cell = slot === undefined ? undefined : frame.cells[slot]
  if (cell) cell.waiting += 1
}
