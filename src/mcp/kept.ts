import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

/** So much of what was said last is kept for those whose connection broke: of one session, and in bytes of all. */
const MOST = { events: 200, bytes: 512 * 1024, all: 32 * 2 ** 20 }

type Kept = { stream: string; count: number; message: JSONRPCMessage; bytes: number }

/** How much all sessions keep. */
export type Budget = { bytes: number }

/** What was said last in a session. */
export type Memory = EventStore & { forget(): void }

/** Remembers what was said last in a session, so that a client can go on where its connection broke. */
export function keepEvents(budget: Budget): Memory {
  const kept: Kept[] = []
  let count = 0
  let bytes = 0
  const idOf = ({ stream, count: place }: Kept) => `${stream}_${place}`
  function drop(): void {
    const one = kept.shift()
    bytes -= one?.bytes ?? 0
    budget.bytes -= one?.bytes ?? 0
  }
  return {
    async storeEvent(stream, message) {
      count += 1
      const one = { stream, count, message, bytes: JSON.stringify(message).length }
      kept.push(one)
      bytes += one.bytes
      budget.bytes += one.bytes
      while (kept.length > MOST.events || bytes > MOST.bytes || (budget.bytes > MOST.all && kept.length > 0)) drop()
      return idOf(one)
    },
    // Of what is forgotten nothing can be said: better to be asked again than to leave something out.
    async getStreamIdForEventId(id) {
      return kept.find(one => idOf(one) === id)?.stream
    },
    async replayEventsAfter(last, { send }) {
      const from = kept.findIndex(one => idOf(one) === last)
      const stream = kept[from]?.stream ?? ''
      const later = kept.slice(from + 1).filter(one => one.stream === stream)
      // The first event of a stream only gives it a name.
      for (const one of later) if ('jsonrpc' in one.message) await send(idOf(one), one.message)
      return stream
    },
    forget() {
      while (kept.length > 0) drop()
    },
  }
}
