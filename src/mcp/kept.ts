import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

/** So much of what was said in a session is kept for those whose connection broke. */
const MOST = { events: 500, bytes: 2 ** 20 }

type Kept = { stream: string; count: number; message: JSONRPCMessage; bytes: number }

/** Remembers what was said last in a session, so that a client can go on where its connection broke. */
export function keepEvents(): EventStore {
  const kept: Kept[] = []
  let count = 0
  let bytes = 0
  const idOf = ({ stream, count: place }: Kept) => `${stream}_${place}`
  const placeOf = (id: string) => Number(/_(\d+)$/.exec(id)?.[1] ?? Number.NaN)
  return {
    async storeEvent(stream, message) {
      count += 1
      const one = { stream, count, message, bytes: JSON.stringify(message).length }
      kept.push(one)
      bytes += one.bytes
      while (kept.length > MOST.events || (bytes > MOST.bytes && kept.length > 1)) bytes -= kept.shift()?.bytes ?? 0
      return idOf(one)
    },
    // Of what is forgotten nothing can be said: better to be asked again than to leave something out.
    async getStreamIdForEventId(id) {
      return kept.find(one => idOf(one) === id)?.stream
    },
    async replayEventsAfter(last, { send }) {
      const stream = kept.find(one => idOf(one) === last)?.stream ?? ''
      const later = kept.filter(one => one.stream === stream && one.count > placeOf(last))
      // The first event of a stream only gives it a name.
      for (const one of later) if ('jsonrpc' in one.message) await send(idOf(one), one.message)
      return stream
    },
  }
}
