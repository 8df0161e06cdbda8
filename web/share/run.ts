import { z } from 'zod'
import { result, resultEvents } from '#triggers/pages/contract.ts'
import { Failure, send } from '../api.ts'
import { listener } from '../live.ts'

/** What became of something that was sent. */
export type Result = z.output<typeof result.reply>

type Ears = { status: (status: Result['status']) => void; text: (text: string) => void; signal: AbortSignal }

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 15_000

/** Follows what was sent to its end, also over breaks of the line; null when the signal was given before. */
export async function follow(token: string, ears: Ears): Promise<Result | null> {
  for (let wait = FIRST_WAIT; !ears.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const end = await hear(token, ears)
    if (end) return end
    await pause(wait, ears.signal)
  }
  return null
}

/** Listens as long as the line holds. What cannot be followed at all is a failure. */
async function hear(token: string, { status, text, signal }: Ears): Promise<Result | null> {
  try {
    const response = await send(resultEvents, { params: { follow: token } }, { signal, headers: { accept: 'text/event-stream' } })
    const cut = listener()
    const joined = joiner()
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read())
      for (const { event, data } of cut(read.value)) {
        const said: unknown = JSON.parse(data)
        if (event === 'end') return result.reply.parse(said)
        if (event === 'status') status(result.reply.shape.status.parse(Reflect.get(Object(said), 'status')))
        if (event === 'text') text(joined(said))
      }
  } catch (error) {
    if (error instanceof Failure && error.status >= 400 && error.status < 500 && error.status !== 429) throw error
  }
  return null
}

const Piece = z.object({ part: z.number(), at: z.number(), text: z.string() })

/** Joins the pieces in which something is said: all that the one has said so far who has just gone on. */
export function joiner(): (piece: unknown) => string {
  const parts = new Map<number, string>()
  return piece => {
    const { part, at, text } = Piece.parse(piece)
    const all = (parts.get(part) ?? '').slice(0, at) + text
    parts.set(part, all)
    return all
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** A name by chance, for an attempt or a conversation. */
export const byChance = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
