import type { Given } from '#http/serve.ts'
import { idAt } from '#ids.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { countExecutions, type Span } from './queries.ts'

const DAY = 86_400_000

/** How many executions began on each of the last days, and what became of them. */
export async function executionDays({ db, clock }: World, { caller, query }: Given<typeof contract.executionDays>) {
  const today = Math.floor(clock.now() / DAY)
  const days = Array.from({ length: query.days }, (_none, at) => today - query.days + 1 + at)
  // An id begins with the time it was made at.
  const spans: Span[] = days.map(day => ({ from: idAt('exe', day * DAY), until: idAt('exe', (day + 1) * DAY) }))
  const [all = [], failed = [], cancelled = [], open = []] = await Promise.all(
    (['all', 'failed', 'cancelled', 'open'] as const).map(state => countExecutions(db, caller.workspace, spans, state)),
  )
  const items = days.map((day, at) => {
    const ended = { failed: failed[at] ?? 0, cancelled: cancelled[at] ?? 0, open: open[at] ?? 0 }
    // Counted one after the other, while executions go on.
    const completed = Math.max(0, (all[at] ?? 0) - ended.failed - ended.cancelled - ended.open)
    return { day: nameOf(day), completed, ...ended }
  })
  return { items, from: nameOf(days[0] ?? today), to: nameOf(today), next: null }
}

const nameOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10)
