import type { NodeState, States } from '../canvas/states.ts'
import type { Standing } from './course.ts'

/** More of what a model says does not fit into a card. */
const SHOWN = 200

/** What the canvas shows of each node. What stays as it was stays the same object. */
export function statesOf(standings: ReadonlyMap<string, Standing>, before: States = new Map()): States {
  return new Map(
    [...standings].map(([id, standing]) => {
      const next = stateOf(standing)
      const known = before.get(id)
      return [id, known && JSON.stringify(known) === JSON.stringify(next) ? known : next]
    }),
  )
}

/** What is shown of how a node stands. */
export function stateOf({ is, took, cost, text, failure, turns, left, attempt }: Standing): NodeState {
  const says = is === 'failed' ? (failure?.message ?? '') : text.slice(-SHOWN)
  return {
    is,
    ...(took === null ? {} : { took }),
    ...(cost === 0 || attempt === 0 ? {} : { cost: dollarsOf(cost) }),
    ...(says === '' ? {} : { text: says }),
    ...(turns ? { turns: { done: turns.over, all: turns.all } } : {}),
    ...(left.length > 0 ? { left } : {}),
  }
}

/** Millionths of a dollar in dollars. */
export const dollarsOf = (millionths: number | null): number | null => (millionths === null ? null : millionths / 1e6)
