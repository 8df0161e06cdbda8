import {
  createRequestStateCodec,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server'
import { Fault } from '#errors.ts'
import { atLeast } from '#workspaces/roles.ts'
import { type Calling, callTool, type State } from './call.ts'
import { complete } from './complete.ts'
import type { Desk, Who } from './desk.ts'
import { callOwn, ownTools } from './own.ts'
import { promptOf, shownPrompt } from './prompts.ts'
import { exists, readResource, resources, TEMPLATES } from './resources.ts'
import { refusal } from './result.ts'
import { findTool, shownTool, tools } from './tools.ts'

const INSTRUCTIONS =
  'Each tool runs a workflow of this PromptPilot workspace. A call waits for the end of the workflow; where that takes too long, or a person has to decide first, it says so and names the execution: ask for its result later with promptpilot_get_execution. What a workflow did stays done, so do not repeat a call only because it takes long.'

/** Calls that wait at once; each holds a connection. */
const MOST_CALLS = 2_000

/** An answer to a question may come a day later. */
const STATE_SECONDS = 86_400

/** A server of the protocol for one caller: everything it is asked is about that caller's workspace. */
export function makeServer(desk: Desk, who: Who): Server {
  const { shell, version } = desk
  const key = shell.world.vault.secret('mcp')
  const states = createRequestStateCodec<State>({
    key,
    ttlSeconds: STATE_SECONDS,
    bind: () => `${who.caller.workspace} ${who.caller.user.id}`,
  })
  const server = new Server(
    { name: 'promptpilot', title: 'PromptPilot', version },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
      instructions: INSTRUCTIONS,
      requestState: { verify: states.verify },
    },
  )
  server.onerror = err => shell.world.log.debug({ err }, 'an MCP client was refused, or has gone')
  serveTools(server, desk, who, states)
  serveRest(server, desk, who)
  return server
}

function serveTools(server: Server, desk: Desk, who: Who, states: Calling['states']): void {
  const { shell } = desk
  server.setRequestHandler('tools/list', async ({ params }) => {
    const { workspace, role } = who.caller
    const after = placeOf(params?.cursor)
    const own = after === '' ? ownTools(role) : []
    if (!atLeast(role, 'operator')) return { tools: own }
    const { items, next } = await tools(shell, workspace, after)
    return { tools: [...own, ...items.map(shownTool)], ...nextOf(next) }
  })
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const { caller } = who
    const it: Calling = { desk, caller, server, ctx, states }
    const given = params.arguments ?? {}
    if (desk.calls.size >= MOST_CALLS) return refusal(new Fault('server.busy', { retryAfter: 5 }))
    const answer = inWords(desk, async () => {
      const own = callOwn(it, params.name, given)
      if (own) return own
      const tool = await findTool(shell, caller.workspace, params.name)
      if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool “${params.name.slice(0, 100)}” here.`)
      return callTool(it, tool, given)
    })
    desk.calls.add(answer)
    return answer.finally(() => desk.calls.delete(answer))
  })
}

/** What the model can mend is told to the model; what the protocol has an error for, is one. */
async function inWords<T>({ shell }: Desk, call: () => Promise<T>): Promise<T | ReturnType<typeof refusal>> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Fault) return refusal(error)
    if (error instanceof ProtocolError) throw error
    shell.world.log.error({ err: error }, 'a tool could not be called')
    return refusal(new Fault('server.fault'))
  }
}

function serveRest(server: Server, desk: Desk, who: Who): void {
  const workspace = () => who.caller.workspace
  server.setRequestHandler('resources/list', async ({ params }) => {
    const { next, ...page } = await resources(
      desk,
      workspace(),
      params?.cursor === undefined ? undefined : placeOf(params.cursor),
    )
    return { ...page, ...nextOf(next) }
  })
  server.setRequestHandler('resources/templates/list', async () => ({ resourceTemplates: [...TEMPLATES] }))
  server.setRequestHandler('resources/read', ({ params }) => asError(desk, () => readResource(desk, workspace(), params.uri)))
  server.setRequestHandler('prompts/list', async () => ({ prompts: (await desk.prompts(workspace())).map(shownPrompt) }))
  server.setRequestHandler('prompts/get', ({ params }) =>
    asError(desk, () => promptOf(desk.prompts, workspace(), params.name, params.arguments ?? {})),
  )
  server.setRequestHandler('completion/complete', ({ params }) =>
    asError(desk, () => complete(desk, workspace(), params.ref, params.argument)),
  )
}

/** Lets a session be told of what changes. Answers with what ends that. */
export function serveNews(server: Server, desk: Desk, { caller }: Who): () => void {
  const { workspace } = caller
  const watched = new Map<string, () => void>()
  const quietly = (going: Promise<void>) => void going.catch(() => {})
  const deaf = desk.news.listen(workspace, () => quietly(server.sendToolListChanged()))
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    if (!(await exists(desk, workspace, uri))) throw new ResourceNotFoundError(uri)
    if (!watched.has(uri) && watched.size >= MOST_WATCHED)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `A session has at most ${MOST_WATCHED} subscriptions. End one first.`,
      )
    watched.get(uri)?.()
    watched.set(
      uri,
      desk.news.watch(uri, () => quietly(server.sendResourceUpdated({ uri }))),
    )
    return {}
  })
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
    watched.get(uri)?.()
    watched.delete(uri)
    return {}
  })
  return () => {
    deaf()
    for (const stop of watched.values()) stop()
  }
}

const MOST_WATCHED = 100

/** Our faults as errors of the protocol. */
async function asError<T>({ shell }: Desk, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    if (error instanceof Fault && error.status < 500)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { code: error.code })
    shell.world.log.error({ err: error }, 'an MCP request failed')
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'Something went wrong on the server.')
  }
}

/** Cursors say nothing to clients, and need not be kept. */
const nextOf = (place: string | null) => (place === null ? {} : { nextCursor: Buffer.from(place).toString('base64url') })

function placeOf(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const place = Buffer.from(cursor, 'base64url').toString()
  if (!/^[\w-]{1,64}$/.test(place))
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one of this list.')
  return place
}
