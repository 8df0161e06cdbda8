import { z } from 'zod'
import type { Event } from '#engine/events.ts'
import { listApprovals } from '#executions/queries.ts'
import type { Shell } from '#executions/shell.ts'
import { happening } from '#executions/stream.ts'

/** How far an execution was followed, as its journal counts. */
export type Place = { seq: number; at: number }

/** Why nobody waits any longer: it has ended, people are asked, or it takes too long. */
export type Standing = 'ended' | 'asks' | 'late'

type Following = { workspace: string; id: string; seconds: number; signal: AbortSignal }

const EVENT = z.custom<Event>(value => typeof value === 'object' && value !== null && 'type' in value)
const MOST_ASKED = 20

/** What an execution asks of people now. */
export const askedBy = ({ world }: Shell, workspace: string, executionId: string) =>
  listApprovals(world.db, workspace, { limit: MOST_ASKED, executionId })

/** Follows an execution until it ends, asks somebody, or has taken long enough. `hear` is told of everything that happens. */
export async function follow(
  shell: Shell,
  { workspace, id, seconds, signal }: Following,
  from: Place,
  hear: (event: Event, place: Place) => Promise<void>,
): Promise<Standing> {
  const leash = new AbortController()
  const give = () => leash.abort()
  const timer = setTimeout(give, seconds * 1000)
  signal.addEventListener('abort', give)
  if (signal.aborted) give()
  const asks = async () => (await askedBy(shell, workspace, id)).length > 0
  try {
    if (from.seq > 0 && (await asks())) return 'asks'
    for await (const { id: place, event, data } of happening(shell, workspace, id, from, leash.signal)) {
      if (event === 'end') return 'ended'
      if (place === undefined) continue
      const it = EVENT.parse(data)
      const [seq = 0, at = 0] = place.split('.').map(Number)
      await hear(it, { seq, at })
      if (isQuestion(it) && (await asks())) return 'asks'
    }
    return 'late'
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', give)
  }
}

const ASKS = ['approval', 'permission']
const isQuestion = (event: Event) => event.type === 'asked' || (event.type === 'suspended' && ASKS.includes(event.wait.kind))
