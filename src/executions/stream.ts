import { z } from 'zod'
import type { Event } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import { eventStream, resumeAfter, type StreamEvent } from '#http/stream.ts'
import type * as contract from './contract.ts'
import type { Piece } from './models.ts'
import { executionTopic, type Shell } from './shell.ts'
import { demandExecution, summary } from './show.ts'

/** A nudge may be lost: then it takes this long. */
const SLOW_LOOK = 1_000
/** Segments read at once. */
const PAGE = 50

const PIECE = z.object({ path: z.string(), at: z.number(), text: z.string() })
const EVENTS = z.array(z.custom<Event>())

/** The journal as it is written. */
export async function executionEvents(shell: Shell, { caller, params, request, signal }: Given<typeof contract.executionEvents>) {
  const row = await demandExecution(shell, caller.workspace, params.id)
  const after = placeOf(resumeAfter(request))
  return eventStream(happening(shell, caller.workspace, row.id, after, signal), signal)
}

type Place = { seq: number; at: number }

function placeOf(text: string | null): Place {
  if (text === null) return { seq: 0, at: 0 }
  const found = /^(\d{1,9})\.(\d{1,9})$/.exec(text)
  if (!found)
    throw new Fault('request.invalid', { details: [{ path: 'query.after', message: 'is not a place in this journal' }] })
  return { seq: Number(found[1]), at: Number(found[2]) }
}

/** Everything that happens to an execution from a place of its journal on, until its end. */
export async function* happening(
  shell: Shell,
  workspace: string,
  id: string,
  from: Place,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const { world } = shell
  let wake = () => {}
  let nudged = false
  const look = () => {
    nudged = true
    wake()
  }
  const stop = world.feed.listen(executionTopic(id), look)
  const pieces: Piece[] = [...(shell.runs.get(id)?.live ?? [])].map(([path, { text }]) => ({ path, at: 0, text }))
  const deaf = world.feed.hear(executionTopic(id), words => {
    pieces.push(PIECE.parse(JSON.parse(words)))
    wake()
  })
  signal.addEventListener('abort', () => wake())
  let place = from
  try {
    while (!signal.aborted) {
      nudged = false
      // What a node said comes before what is written down of its end.
      for (const piece of joined(pieces.splice(0))) yield { event: 'text', data: piece }
      // Looked at first: what ends between the two looks is seen with its end by the next.
      const row = await demandExecution(shell, workspace, id)
      for (let more = true; more; ) {
        const segments = await world.db
          .selectFrom('journal')
          .selectAll()
          .where('execution_id', '=', id)
          .where('seq', '>=', place.seq)
          .orderBy('seq')
          .limit(PAGE)
          .execute()
        more = segments.length === PAGE
        for (const { seq, events } of segments) {
          for (const [at, event] of EVENTS.parse(JSON.parse(events)).entries()) {
            if (seq === place.seq && at < place.at) continue
            yield { id: `${seq}.${at + 1}`, event: event.type, data: event }
          }
          place = { seq: seq + 1, at: 0 }
        }
      }
      if (row.ended_at !== null && row.seq < place.seq) {
        yield { event: 'end', data: summary(row) }
        return
      }
      const timer = setTimeout(look, SLOW_LOOK)
      while (!nudged && !signal.aborted) {
        // What is being said has no place in the journal: nobody resumes after it, and nobody has to look for it.
        for (const piece of joined(pieces.splice(0))) yield { event: 'text', data: piece }
        await new Promise<void>(resolve => {
          wake = resolve
          if (nudged || signal.aborted || pieces.length > 0) resolve()
        })
      }
      clearTimeout(timer)
    }
  } finally {
    stop()
    deaf()
  }
}

/** What one node has said since, in one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last && last.path === piece.path && last.at + last.text.length === piece.at) last.text += piece.text
    else out.push({ ...piece })
  }
  return out
}
