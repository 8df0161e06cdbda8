import type { Event } from '#engine/events.ts'
import type { Standing } from './course.ts'
import type { Status } from './filter.ts'

/** How an execution stands, from its journal and its nodes. */
export function phaseOf(events: readonly Event[], standings: ReadonlyMap<string, Standing>): Status {
  const last = events.at(-1)
  if (!last) return 'queued'
  if (last.type === 'finished') return last.outcome
  const all = [...standings.values()]
  const rests = all.some(({ is }) => is === 'paused')
  // A container runs while what is in it waits for somebody.
  const works = all.some(({ is, turns, since }) => is === 'running' && turns === null && since !== null)
  return rests && !works ? 'paused' : 'running'
}

/** What all models took together until now, in millionths of a dollar; null where a price is not known. */
export function costOf(events: readonly Event[]): number | null {
  let sum: number | null = 0
  for (const event of events)
    if ('usage' in event) for (const { cost } of event.usage ?? []) sum = sum === null || cost === null ? null : sum + cost
  return sum
}

/** When it began and when it ended, as the journal says; going on again after a failure takes the end away. */
export function spanOf(events: readonly Event[]): { startedAt: string | null; completedAt: string | null } {
  const [first] = events
  const last = events.at(-1)
  return {
    startedAt: first ? new Date(first.at).toISOString() : null,
    completedAt: last?.type === 'finished' ? new Date(last.at).toISOString() : null,
  }
}
