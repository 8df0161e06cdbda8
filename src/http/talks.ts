import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'

/** The answers that are not finished, by connection. */
export type Talks = {
  begin(reply: FastifyReply): void
  /** Says whether it was still open. */
  end(reply: FastifyReply): boolean
  isOpen(reply: FastifyReply): boolean
  open(): FastifyReply[]
  /** Lets every connection end with the last answer it waits for. */
  conclude(): void
}

/**
 * Keeps the answers that are not finished. Each ends with its connection at the latest: an answer that waits behind another
 * one is not told when the client goes. `lost` hears of those.
 */
export function makeTalks(lost: (reply: FastifyReply) => void): Talks {
  const talks = new Map<Socket, Set<FastifyReply>>()
  function take(socket: Socket): Set<FastifyReply> {
    const known = talks.get(socket)
    if (known) return known
    const made = new Set<FastifyReply>()
    talks.set(socket, made)
    socket.once('close', () => {
      talks.delete(socket)
      for (const reply of made) lost(reply)
    })
    return made
  }
  const of = (reply: FastifyReply) => talks.get(reply.request.socket)
  return {
    begin: reply => void take(reply.request.socket).add(reply),
    end: reply => of(reply)?.delete(reply) ?? false,
    isOpen: reply => of(reply)?.has(reply) ?? false,
    open: () => [...talks.values()].flatMap(replies => [...replies]),
    conclude() {
      for (const replies of talks.values()) {
        const last = [...replies].at(-1)
        if (last) last.raw.shouldKeepAlive = false
      }
    },
  }
}
