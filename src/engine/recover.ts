import type { Event } from './events.ts'
import { type Cell, pathOf, type State } from './state.ts'

/**
 * What a new owner has to write down before it goes on: what must not be repeated and had begun when the last one died. Everything else
 * that was running is simply run again.
 */
export function recover(state: State, now: number): Event[] {
  const events: Event[] = []
  for (const frame of state.frames.values()) {
    for (const cell of frame.cells) {
      const event = cell.started && cell.is === 'ready' ? afterCrash(cell, now) : null
      if (event) events.push(event)
    }
  }
  return events
}

function afterCrash(cell: Cell, now: number): Event | null {
  const path = pathOf(cell)
  if (cell.node.afterCrash === 'ask') return { type: 'asked', at: now, path }
  if (cell.node.afterCrash === 'retry') return null
  const failure = { code: 'node.lost', message: 'The server stopped while this was going on, and it must not be repeated.' }
  return { type: 'failed', at: now, path, attempt: cell.attempt, failure, retryAt: null, from: now }
}
