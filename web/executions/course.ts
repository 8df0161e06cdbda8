import { compile } from '#engine/compile.ts'
import type { Document, Traits } from '#engine/document.ts'
import type { Event, Failure, Usage } from '#engine/events.ts'
import { begin, fold } from '#engine/fold.ts'
import type { Cell, State } from '#engine/state.ts'

/** How a node stands in a run, over all turns it stands in. */
export type Standing = {
  is: 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'paused'
  /** Milliseconds of the last attempt that ended. */
  took: number | null
  /** When what runs now began to. */
  since: number | null
  /** Millionths of a dollar; null where a price is not known, 0 where no model was asked. */
  cost: number | null
  /** What a model is saying just now. */
  text: string
  attempt: number
  failure: Failure | null
  /** Where it stands in a loop: how often it was done, and how often it failed. */
  done: number
  failed: number
  /** Of a container: its turns. */
  turns: { over: number; all: number } | null
  /** Outlets it left by. */
  left: readonly string[]
}

/** A piece of what a model says while it says it. */
export type Piece = { path: string; at: number; text: string }

/** An execution as it goes on: the journal is put in event by event, and read at any time. */
export type Course = {
  push(event: Event): void
  hear(piece: Piece): void
  /** Nodes by their ids. */
  standings(): ReadonlyMap<string, Standing>
  readonly state: State
}

/** The last part of the address of an activation is the key of its node. */
const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** Follows an execution of the version that runs. What was done in turns that are over is counted on the way: the state forgets it. */
export function follow(drawn: Document, loopOf: (block: string, version: number) => Traits['loop']): Course {
  const plan = compile(drawn, node => traitsOf(loopOf(node.block, node.version)))
  const state = begin(plan)
  const kept = new Map<string, Standing>(drawn.nodes.map(({ key }) => [key, blank()]))
  return {
    state,
    push(event) {
      fold(state, event)
      if ('path' in event && event.type !== 'turned') note(kept, event)
      if (event.type === 'finished') for (const one of kept.values()) one.text = ''
    },
    hear({ path, at, text }) {
      const one = kept.get(keyOf(path))
      // A piece that begins at 0 begins anew; one that was heard already is not heard twice.
      if (one) one.text = at === 0 ? text : at <= one.text.length ? one.text.slice(0, at) + text : one.text
    },
    standings: () => new Map(drawn.nodes.map(({ id, key }) => [id, nowOf(state, key, kept.get(key) ?? blank())])),
  }
}

/** What `fold` asks of a block is only whether it is a container and of which kind. */
const traitsOf = (loop: Traits['loop']): Traits => ({ outlets: ['main'], effect: 'pure', loop, trigger: false })

const blank = (): Standing => ({
  is: 'waiting',
  took: null,
  since: null,
  cost: 0,
  text: '',
  attempt: 0,
  failure: null,
  done: 0,
  failed: 0,
  turns: null,
  left: [],
})

type OfNode = Exclude<Extract<Event, { path: string }>, { type: 'turned' }>

/** What an event says of its node beyond what the state keeps. */
function note(kept: Map<string, Standing>, event: OfNode): void {
  const one = kept.get(keyOf(event.path))
  if (!one) return
  if ('usage' in event && event.usage) one.cost = costOf(one.cost, event.usage)
  if ('from' in event) one.took = event.at - event.from
  if ('attempt' in event) one.attempt = event.attempt
  if (event.type === 'done') {
    one.done += 1
    one.left = joined(one.left, [event.outlet, ...(event.also ?? [])])
    one.failure = null
    one.text = ''
  }
  if (event.type === 'failed') {
    one.failure = event.failure
    if (event.retryAt === null) one.failed += 1
  }
}

const joined = (before: readonly string[], more: readonly string[]): readonly string[] =>
  more.every(one => before.includes(one)) ? before : [...new Set([...before, ...more])]

const costOf = (before: number | null, usage: readonly Usage[]): number | null =>
  usage.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), before)

/** Of all turns a node stands in now, what matters most; where it stands in none, how it ended. */
function nowOf(state: State, key: string, kept: Standing): Standing {
  const cells = [...state.frames.values()].flatMap(({ scope, cells: all }) => {
    const slot = state.plan.scopes[scope]?.slots.get(key)
    const cell = slot === undefined ? undefined : all[slot]
    return cell ? [cell] : []
  })
  const is = standingOf(cells, kept, state.status)
  const turns = cells.find(cell => cell.turns)?.turns
  return {
    ...kept,
    is,
    since: is === 'running' ? state.at : null,
    left: joined(
      kept.left,
      cells.flatMap(cell => (cell.is === 'done' && cell.outlet !== null ? [cell.outlet, ...cell.also] : [])),
    ),
    turns: turns ? { over: turns.begun - turns.running, all: turns.most } : null,
  }
}

function standingOf(cells: readonly Cell[], kept: Standing, status: State['status']): Standing['is'] {
  const any = (...all: Cell['is'][]) => cells.some(({ is }) => all.includes(is))
  const isOver = status !== 'running'
  if (!isOver && any('ready', 'running', 'resting', 'open')) return 'running'
  if (!isOver && any('suspended', 'asking')) return 'paused'
  if (any('failed') || (kept.failed > 0 && kept.done === 0)) return 'failed'
  if (any('done') || kept.done > 0) return 'done'
  return any('skipped') ? 'skipped' : 'waiting'
}
