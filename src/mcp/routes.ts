import type { Runner } from '#executions/runner.ts'
import { type DoorAnswer, type Knock, serveDoor } from '#http/door.ts'
import type { Frame } from '#http/serve.ts'
import type { World } from '#world.ts'
import { admit } from './admit.ts'
import type { Hub } from './hub.ts'

/** Calls per minute and address, and the most bytes of one. */
const RATE = 6_000
const LIMIT = 4 * 2 ** 20

/** Serves the workflows and files of a workspace to other AI programs, by the Model Context Protocol. */
export async function routes(frame: Frame, world: World, { shell }: Runner, version: string): Promise<void> {
  let opened: Promise<Hub> | null = null
  // Loaded when the first program asks: it takes 14 MB, which many never need.
  const hub = () => {
    opened ??= import('./hub.ts').then(({ openHub }) => openHub(shell, version, frame.stopping.signal))
    return opened
  }
  await serveDoor(frame, { path: '/mcp', limit: LIMIT, rate: RATE }, async knock => {
    const caller = await admit(frame, world, knock)
    const { body } = knock
    knock.body = Buffer.alloc(0)
    const answer = (await hub()).answer(requestOf(knock), body, caller)
    // A large body makes room for the next when it is read, not when the workflow has ended.
    knock.keep(answer)
    return withSession(knock, await answer)
  })
}

/** What the package reads of a request: its method, its headers, and where it was sent. The body is given beside it. */
function requestOf({ method, headers, request }: Knock): Request {
  const { host: _host, connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers
  return new Request(`http://${request.host}${request.url}`, { method, headers: rest })
}

/** A page that may call must be able to read its session. */
function withSession({ reply }: Knock, { headers, ...answer }: DoorAnswer): DoorAnswer {
  const exposed = reply.getHeader('access-control-expose-headers')
  return {
    ...answer,
    headers: {
      ...headers,
      ...(exposed === undefined ? {} : { 'access-control-expose-headers': `${exposed}, mcp-session-id` }),
    },
  }
}
