import { Fault } from '#errors.ts'
import type { Knock } from '#http/door.ts'
import type { Line } from '#triggers/ledger.ts'
import type { World } from '#world.ts'
import { bodyOf } from './body.ts'
import type { Gate } from './doors.ts'
import { readForm } from './form.ts'
import { unpack } from './unpack.ts'
import { secretHeaders } from './verify.ts'

/** No webhook takes more bytes. */
export const LIMIT = 16 * 2 ** 20

/** A call as the workflow sees it. */
export type Call = {
  body: unknown
  headers: Record<string, string>
  query: Knock['query']
  method: string
  path: string
  files: unknown[]
}

const NOTHING = Buffer.alloc(0)

/** Takes the encoding off the body; after this it is no more what was signed. */
export async function unpackBody(gate: Gate, knock: Knock): Promise<void> {
  const encoding = knock.headers['content-encoding']
  if (encoding !== undefined) knock.body = await unpack(knock.body, encoding, Math.min(gate.size, LIMIT))
}

/** Reads a call, and lets go of its bytes. */
export async function readCall(world: World, workspace: string, gate: Gate, knock: Knock): Promise<Call> {
  const form = knock.type === 'multipart/form-data' ? await readForm(world, workspace, knock) : null
  const body = form ? form.body : bodyOf(knock)
  knock.body = NOTHING
  return {
    body,
    headers: shownHeaders(knock.headers, secretHeaders(gate.verify)),
    query: knock.query,
    method: knock.method,
    path: pathOf(knock),
    files: form?.files ?? [],
  }
}

/** What follows the address, as it was sent. */
const pathOf = ({ request }: Knock) => /^\/[^/?]*\/[^/?]*([^?]*)/.exec(request.url)?.[1]?.replace(/^\/$/, '') ?? ''

/** The longest path that the ledger shows. */
const LONGEST = 200

/** A call as the ledger shows it. */
export const shownCall = (knock: Knock): NonNullable<Line['call']> => ({
  method: knock.method,
  path: pathOf(knock).slice(0, LONGEST),
  address: knock.address,
  bytes: knock.size,
})

/** Secrets of the sender do not belong into a journal. */
function shownHeaders(headers: Record<string, string>, secret: string[]): Record<string, string> {
  const shown = { ...headers }
  for (const name of ['authorization', 'cookie', 'proxy-authorization', 'x-api-key', ...secret])
    if (Object.hasOwn(shown, name)) shown[name] = '•••'
  return shown
}

/** A call whose body does not fit the schema, with what it would have started. */
export class Unfit extends Fault {
  readonly input: unknown

  constructor(details: Fault['details'], input: unknown, cause: Fault) {
    const first = details[0]
    const message = first ? `The body does not fit the schema: ${first.path}: ${first.message}` : cause.message
    super('hook.unfit', { message, details, cause })
    this.input = input
  }
}
