import { setTimeout as sleep } from 'node:timers/promises'
import { createMcpHandler, isInitializeRequest, type ServerEventBus } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import type { Member } from '#http/caller.ts'
import type { DoorAnswer } from '#http/door.ts'
import { parseJson } from '#http/json.ts'
import { answerOf } from './answer.ts'
import type { Desk } from './desk.ts'
import { makeNews } from './news.ts'
import { noPrompts } from './prompts.ts'
import { exists } from './resources.ts'
import { makeServer } from './server.ts'
import { makeSessions, type Session } from './sessions.ts'

/** Answers what MCP clients ask. */
export type Hub = { answer(request: Request, body: Buffer, caller: Member): Promise<DoorAnswer> }

/** At the end calls have so long to be answered, in milliseconds; all of the server has ten seconds. */
const PATIENCE = 3_000

/** The last protocol with several messages in one body. */
const BATCHED = '2025-03-26'

/** Opens the part of the server that speaks MCP: with sessions as clients before 2026-07-28 have them, and without. */
export function openHub(shell: Shell, version: string, stopping: AbortSignal): Hub {
  const desk: Desk = { shell, version, stopping, calls: new Set(), news: makeNews(shell), prompts: noPrompts }
  const sessions = makeSessions(desk)
  const going = new Set<() => unknown>()
  async function close(): Promise<void> {
    desk.news.close()
    await Promise.race([Promise.allSettled(desk.calls), sleep(PATIENCE, undefined, { ref: false })])
    // What was answered just now is on its way.
    await sleep(0)
    await Promise.all([sessions.close(), ...[...going].map(end => end())])
  }
  stopping.addEventListener('abort', () => void close())

  async function inSession(session: Session, request: Request, parsedBody: unknown): Promise<DoorAnswer> {
    const { server, transport } = session
    if (Array.isArray(parsedBody) && server.getNegotiatedProtocolVersion() !== BATCHED) return answerOf(batched())
    session.open += 1
    const response = await transport.handleRequest(request, parsedBody === undefined ? {} : { parsedBody })
    return answerOf(response, () => {
      session.open -= 1
      session.touched = shell.world.clock.now()
    })
  }

  /** One request by itself, as every client may ask since 2026-07-28. */
  async function alone(request: Request, parsedBody: unknown, caller: Member): Promise<DoorAnswer> {
    if (Array.isArray(parsedBody)) return answerOf(batched())
    const method: unknown = Reflect.get(Object(parsedBody), 'method')
    const handler = createMcpHandler(() => makeServer(desk, { caller }), {
      bus: await busFor(desk, caller, parsedBody),
      // What may take long begins to answer at once: proxies cut off those who are silent.
      responseMode: method === 'tools/call' ? 'sse' : 'auto',
      onerror: err => shell.world.log.debug({ err }, 'an MCP client was refused, or has gone'),
    })
    const end = () => handler.close()
    going.add(end)
    const response = await handler.fetch(request, parsedBody === undefined ? {} : { parsedBody })
    return answerOf(response, () => going.delete(end))
  }

  return {
    async answer(request, bytes, caller) {
      const body = request.method === 'POST' ? read(bytes) : undefined
      if (body instanceof Response) return answerOf(body)
      const id = request.headers.get('mcp-session-id')
      if (id !== null) {
        const session = sessions.find(id, caller)
        return session
          ? inSession(session, request, body)
          : answerOf(rpcError(404, -32001, 'There is no such session. Initialize again.'))
      }
      if (!isInitializeRequest(body)) return alone(request, body, caller)
      return answerOf(await sessions.begin(caller, request, body))
    },
  }
}

/** What is not JSON is an error of the protocol. */
function read(bytes: Buffer): unknown {
  try {
    return parseJson(bytes)
  } catch (error) {
    if (error instanceof Fault) return rpcError(400, -32700, error.message)
    throw error
  }
}

const batched = () =>
  rpcError(400, -32600, `Several messages in one body were possible in the protocol ${BATCHED} alone. Send them one by one.`)

const rpcError = (status: number, code: number, message: string) =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status })

const LISTENS = z.object({
  method: z.literal('subscriptions/listen'),
  params: z.object({ notifications: z.object({ resourceSubscriptions: z.array(z.string()).max(100).default([]) }) }),
})

/** What a request that listens hears: the news of its workspace, and of the executions it names. */
async function busFor(desk: Desk, { workspace }: Member, body: unknown): Promise<ServerEventBus> {
  const listens = LISTENS.safeParse(body)
  const uris = listens.success ? listens.data.params.notifications.resourceSubscriptions : []
  const there: string[] = []
  for (const uri of new Set(uris)) if (await exists(desk, workspace, uri)) there.push(uri)
  return {
    publish: () => {},
    subscribe(hear) {
      const stops = [desk.news.listen(workspace, hear), ...there.map(uri => desk.news.watch(uri, hear))]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
