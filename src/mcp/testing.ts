import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Where } from '#db/testing.ts'
import { type Drawing, type Stage, setStage } from '#executions/testing.ts'
import type { Instead } from '#testing.ts'

/** The two manners of speaking: with a session, and with every request by itself. */
export const MANNERS = ['legacy', '2026-07-28'] as const
type Manner = (typeof MANNERS)[number]

type Options = ConstructorParameters<typeof Client>[1]

/** The whole product with somebody who has a key, for tests of MCP. */
export type McpStage = Stage & {
  key: string
  url: string
  /** A key with a role of the same person. */
  keyOf(role: string): Promise<string>
  /** Publishes a workflow that is a tool of this name. */
  offer(name: string, drawing: Drawing, tool?: Record<string, unknown>): Promise<string>
  /** The official client, connected. It is closed with the stage. */
  connect(manner: Manner, options?: Options, key?: string): Promise<Client>
  /** One message, and what is answered to it. */
  ask(message: unknown, headers?: Record<string, string>): Promise<Response>
}

/** Sets the stage, with a key. */
export async function setMcp(where: Where, settings: Record<string, string> = {}, instead: Instead = {}): Promise<McpStage> {
  const stage = await setStage(where, settings, instead)
  const clients: Client[] = []
  const keyOf = async (role: string) => String((await stage.post('/api/keys', { name: role, role })).key)
  const key = await keyOf('owner')
  const url = () => `${stage.server.url}/mcp`
  return {
    ...stage,
    get server() {
      return stage.server
    },
    key,
    get url() {
      return url()
    },
    keyOf,
    offer: (name, drawing, tool = {}) =>
      stage.publish({
        name,
        description: `Does ${name}.`,
        ...drawing,
        settings: { ...Object(drawing.settings), tool: { name, ...tool } },
      }),
    async connect(manner, options = {}, withKey = key) {
      const mode = manner === 'legacy' ? manner : { pin: manner }
      const client = new Client({ name: 'tester', version: '1' }, { ...options, versionNegotiation: { mode } })
      await client.connect(
        new StreamableHTTPClientTransport(new URL(url()), { requestInit: { headers: { authorization: `Bearer ${withKey}` } } }),
      )
      clients.push(client)
      return client
    },
    ask: (message, headers = {}) =>
      fetch(url(), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${key}`,
          ...headers,
        },
        body: typeof message === 'string' ? message : JSON.stringify(message),
      }),
    async close() {
      await Promise.all(clients.map(client => client.close()))
      await stage.close()
    },
  }
}

/** A workflow that begins with a form and puts out what the last node makes of it. */
export const chain = (fields: unknown[], ...nodes: Drawing['nodes']): Drawing => ({
  nodes: [{ key: 'start', block: 'manual.start', params: { fields } }, ...nodes],
  edges: nodes.map((node, at) => `${at === 0 ? 'start' : nodes[at - 1]?.key} -> ${node.key}`),
})

/** All that a result says in words. */
export const wordsOf = ({ content }: { content: { type: string; text?: string }[] }): string =>
  content.flatMap(one => (one.type === 'text' ? [one.text ?? ''] : [])).join('\n')
