import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeOutbound } from '#http/outbound.ts'
import { silent } from '#log.ts'
import { isEnding } from '#sdk/ending.ts'
import { type TestContext, type TestGiven, testContext } from '#sdk/testing.ts'
import { request } from './request.ts'

/** What the service of a test heard. */
export type Heard = { method: string; path: string; query: URLSearchParams; headers: IncomingHttpHeaders; body: Buffer }

type Answer = (heard: Heard, response: ServerResponse) => unknown
type Got = {
  status: number
  headers: Record<string, string | string[]>
  body: unknown
  url: string
  items?: unknown[]
  pages?: number
}

/** A service on this machine, and the block that calls it. */
export type TestService = {
  base: string
  heard: Heard[]
  last(): Heard
  /** Runs the block as the engine does: its parameters are parsed first. */
  run(params: Record<string, unknown>, given?: TestGiven & { prepare?: (it: TestContext) => void }): Promise<Got & TestContext>
  stop(): Promise<void>
}

/** Starts a service that answers by path. */
export async function testService(answers: Record<string, Answer>): Promise<TestService> {
  const heard: Heard[] = []
  const server = createServer(async (asked, response) => {
    const url = new URL(asked.url ?? '', 'http://x')
    const body = await bodyOf(asked).catch(() => Buffer.alloc(0))
    const one = { method: asked.method ?? '', path: url.pathname, query: url.searchParams, headers: asked.headers, body }
    heard.push(one)
    const answer = answers[url.pathname] ?? ((_heard, it) => it.writeHead(404, { 'content-type': 'application/json' }).end('{}'))
    await answer(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const outbound = makeOutbound({ allow: ['127.0.0.0/8'], log: silent })
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    last() {
      const one = heard.at(-1)
      if (!one) throw new Error('nothing was heard')
      return one
    },
    async run(params, { prepare, ...given } = {}) {
      const it = testContext({ call: outbound.call, ...given })
      prepare?.(it)
      const out = await request.run(request.input.parse(params), it.context)
      if (isEnding(out)) throw new Error('it ended in another way')
      return { ...it, ...(request.output.parse(out) as Got) }
    },
    async stop() {
      await outbound.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

async function bodyOf(asked: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of asked) parts.push(part)
  return Buffer.concat(parts)
}

/** Answers with JSON. */
export const json = (response: ServerResponse, value: unknown, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
