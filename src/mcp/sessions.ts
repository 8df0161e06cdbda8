import { type Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { Gauge } from 'prom-client'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { Desk, Who } from './desk.ts'
import { type Budget, keepEvents } from './kept.ts'
import { makeServer, serveNews } from './server.ts'

/** A conversation with a client of a protocol before 2026-07-28. It lives in this process. */
export type Session = {
  id: string
  who: Who
  server: Server
  transport: WebStandardStreamableHTTPServerTransport
  touched: number
  /** Answers that are not finished. */
  open: number
}

/** Clients forget to say goodbye. */
const IDLE = 30 * 60_000
const LOOK = 60_000

/** How soon a client whose connection broke comes back, in milliseconds. */
const RETRY = 2_000

/** Sessions at once: of one key, and of all. Each takes some 10 kB, and what it keeps for broken connections. */
const MOST = { key: 50, all: 1_000 }

/** The sessions of this process. */
export type Sessions = {
  /** Begins one with its first question; where that is refused, nothing is kept. */
  begin(caller: Member, request: Request, body: unknown): Promise<Response>
  /** The session of this id, if this key began it. */
  find(id: string, caller: Member): Session | null
  close(): Promise<void>
}

/** Keeps sessions, and ends those that nobody uses any more. */
export function makeSessions(desk: Desk): Sessions {
  const { clock, ids, metrics } = desk.shell.world
  const all = new Map<string, Session>()
  const budget: Budget = { bytes: 0 }
  let timer: NodeJS.Timeout | undefined
  new Gauge({
    name: 'mcp_sessions',
    help: 'Sessions with MCP clients in this process.',
    registers: [metrics.registry],
    collect() {
      this.set(all.size)
    },
  })
  const end = (session: Session) => session.server.close()

  function sweep(): void {
    for (const session of [...all.values()]) if (session.open === 0 && clock.now() - session.touched > IDLE) void end(session)
  }
  /** The one that rests the longest makes room; where none rests, there is no room. */
  function makeRoom(caller: Member): void {
    const own = [...all.values()].filter(one => one.who.caller.id === caller.id)
    const among = own.length >= MOST.key ? own : all.size >= MOST.all ? [...all.values()] : null
    if (among === null) return
    const oldest = among.filter(one => one.open === 0).toSorted((one, other) => one.touched - other.touched)[0]
    if (!oldest) throw new Fault('request.too_many', { message: 'Too many MCP sessions are open. Close one.', retryAfter: 60 })
    void end(oldest)
  }
  return {
    async begin(caller, request, parsedBody) {
      makeRoom(caller)
      const who = { caller }
      const server = makeServer(desk, who)
      let stop = () => {}
      const memory = keepEvents(budget)
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => ids.secret(),
        onsessioninitialized: id => {
          stop = serveNews(server, desk, who)
          all.set(id, { id, who, server, transport, touched: clock.now(), open: 0 })
          timer ??= setInterval(sweep, LOOK).unref()
        },
        eventStore: memory,
        retryInterval: RETRY,
      })
      server.onclose = () => {
        stop()
        memory.forget()
        if (transport.sessionId !== undefined) all.delete(transport.sessionId)
        if (all.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
      await server.connect(transport)
      return transport.handleRequest(request, { parsedBody })
    },
    find(id, caller) {
      const session = all.get(id)
      if (session?.who.caller.id !== caller.id) return null
      session.who.caller = caller
      session.touched = clock.now()
      return session
    },
    async close() {
      await Promise.all([...all.values()].map(end))
    },
  }
}
