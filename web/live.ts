import type { Contract } from '#http/contract.ts'
import { Failure, send } from './api.ts'

/** One event of a stream. */
export type Heard = { id: string | null; event: string; data: string }

/** Cuts a stream of server-sent events into events, whatever the pieces it comes in. */
export function listener(): (piece: string) => Heard[] {
  let rest = ''
  return piece => {
    const blocks = (rest + piece.replaceAll('\r\n', '\n')).split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.flatMap(block => eventOf(block) ?? [])
  }
}

function eventOf(block: string): Heard | null {
  const heard: Heard = { id: null, event: 'message', data: '' }
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, name, value = ''] = line.match(/^(\w+)(?:: ?(.*))?$/) ?? []
    if (name === 'id') heard.id = value
    if (name === 'event') heard.event = value
    if (name === 'data') data.push(value)
  }
  return data.length === 0 ? null : { ...heard, data: data.join('\n') }
}

/** How the line to the server is. */
export type Line = 'open' | 'broken' | 'refused'

type Ears = {
  hear: (heard: Heard) => void
  line: (line: Line) => void
  signal: AbortSignal
  /** What stands in the path of the stream. */
  params?: Record<string, string>
  /** The event behind which it goes on. */
  after?: string | null
}

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** Listens to a stream until the signal; after a break it goes on behind the last event it heard. Fetch and not EventSource, because the workspace is a header. */
export async function follow(contract: Contract, { hear, line, signal, params = {}, after = null }: Ears): Promise<void> {
  let last = after
  let wait = FIRST_WAIT
  while (!signal.aborted) {
    try {
      const response = await send(
        contract,
        { params },
        { signal, headers: { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) } },
      )
      line('open')
      wait = FIRST_WAIT
      const cut = listener()
      const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
      for (let read = await reader.read(); !read.done; read = await reader.read())
        for (const heard of cut(read.value)) {
          if (signal.aborted) return
          last = heard.id ?? last
          hear(heard)
        }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Failure && [401, 403, 404].includes(error.status)) return line('refused')
    }
    line('broken')
    await pause(wait, signal)
    wait = Math.min(wait * 2, LONGEST_WAIT)
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
