import { z } from 'zod'
import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import { awaitRow, LANES } from '#executions/execute.ts'
import { readJournal } from '#executions/own.ts'
import type { End, Run } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import { demandExecution, history } from '#executions/show.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { bodyOf } from './body.ts'
import { findDoor } from './doors.ts'
import { secretHeaders, verify } from './verify.ts'

const NOTHING = Buffer.alloc(0)

/** A caller waits at most so long for the end of an execution. */
const PATIENCE = 60_000

const REPLY = z.object({
  status: z.number().int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
})

/** Takes a call of a webhook: starts its workflow and answers as its node says. */
export async function hook(runner: Runner, knock: Knock): Promise<DoorAnswer> {
  const door = await findDoor(runner.shell, knock.params.key ?? '')
  if (!door.methods.includes(knock.method))
    throw new Fault('hook.wrong_method', { message: `This webhook takes ${door.methods.join(', ')}, not ${knock.method}.` })
  verify(door.verify, knock)
  const body = bodyOf(knock)
  knock.body = NOTHING
  const input = {
    body,
    headers: shownHeaders(knock.headers, secretHeaders(door.verify)),
    query: knock.query,
    method: knock.method,
    path: knock.request.url.split('?', 1)[0] ?? '',
    files: [],
  }
  const taken = await runner.accept(
    {
      workspace: door.workspace,
      ready: door.ready,
      start: 'webhook',
      triggerId: door.id,
      nodeId: door.nodeId,
      lane: LANES[door.ready.drawn.settings.priority],
      parent: null,
      forkedFrom: null,
    },
    input,
  )
  if (taken.run) knock.keep(taken.run.left.promise)
  if (door.reply === 'accepted') return accepted(taken.id)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), PATIENCE)
  try {
    const waiting = { runner, workspace: door.workspace, ...taken, late: late.signal }
    return await (door.reply === 'respond' ? asReplied(waiting) : whenFinished(waiting))
  } finally {
    clearTimeout(timer)
  }
}

const accepted = (id: string): DoorAnswer => json(202, { executionId: id }, id)

/** A caller who waits for an execution. `run` is there while it goes on in this process for the first time. */
type Waiting = { runner: Runner; workspace: string; id: string; run: Run | null; late: AbortSignal }

/** What came of it; after too long a time where it can be looked up. */
async function whenFinished(it: Waiting): Promise<DoorAnswer> {
  const end = (await inTime(it.run?.ended.promise, it.late)) ?? (await laterEnd(it))
  if (end === null) return accepted(it.id)
  if (end.status !== 'completed') return failed(it.id, end)
  if (end.reply) return replied(it, end.reply)
  return json(200, await it.runner.shell.values.read(it.workspace, end.output), it.id)
}

async function asReplied(it: Waiting): Promise<DoorAnswer> {
  const reply = (await inTime(it.run?.replied.promise, it.late)) ?? (await laterReply(it))
  return reply ? replied(it, reply) : whenFinished(it)
}

/** An execution that had to wait for its turn, or rested in between, ends in another life or another process. */
async function laterEnd({ runner, workspace, id, late }: Waiting): Promise<End | null> {
  const { shell } = runner
  if (!(await awaitRow(shell, workspace, id, late, row => row.ended_at !== null))) return null
  const { state } = await history(shell, await demandExecution(shell, workspace, id))
  const { status, last, reply, failure } = state
  return status === 'running' ? null : { status, output: last, reply, failure }
}

/** Null where it ended without an answer, or has none in time. */
async function laterReply({ runner, workspace, id, late, run }: Waiting): Promise<Held | null> {
  const { shell } = runner
  if (run?.state.status === 'completed') return null
  let reply: Held | null = null
  let seen = 0
  await awaitRow(shell, workspace, id, late, async row => {
    for (const event of row.seq > seen ? await readJournal(shell, id, seen) : [])
      if (event.type === 'done' && event.reply) reply = event.reply
    seen = row.seq
    return reply !== null || row.ended_at !== null
  })
  return reply
}

async function replied({ runner, workspace, id }: Waiting, held: Held): Promise<DoorAnswer> {
  const { status, headers, body } = REPLY.parse(await runner.shell.values.read(workspace, held))
  const own = { ...Object.fromEntries(Object.entries(headers).filter(([name]) => !FORBIDDEN.test(name))), 'x-execution-id': id }
  if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...own }, body }
  return { status, headers: { ...own, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body ?? null) }
}

/** What an answer of a workflow may not say: it would change what our own address means to a browser. */
const FORBIDDEN =
  /^(set-cookie|content-length|content-encoding|transfer-encoding|connection|keep-alive|upgrade|trailer|te|alt-svc|clear-site-data|service-worker-allowed|content-security-policy.*|cross-origin-.*|x-content-type-options|x-frame-options|strict-transport-security|proxy-.*|access-control-.*)$/i

const failed = (id: string, { failure, status }: End): DoorAnswer =>
  json(
    500,
    { error: failure?.message ?? `The execution was ${status}.`, code: failure?.code ?? `execution.${status}`, executionId: id },
    id,
  )

const json = (status: number, value: unknown, id: string): DoorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-execution-id': id },
  body: JSON.stringify(value ?? null),
})

/** Null where there is nothing to wait for here, or it takes too long. */
function inTime<T>(going: Promise<T> | undefined, late: AbortSignal): Promise<T | null> {
  if (!going || late.aborted) return Promise.resolve(null)
  return new Promise(resolve => {
    late.addEventListener('abort', () => resolve(null), { once: true })
    going.then(resolve, () => resolve(null))
  })
}

/** Secrets of the sender do not belong into a journal. */
function shownHeaders(headers: Record<string, string>, secret: string[]): Record<string, string> {
  const shown = { ...headers }
  for (const name of ['authorization', 'cookie', 'proxy-authorization', 'x-api-key', ...secret])
    if (Object.hasOwn(shown, name)) shown[name] = '•••'
  return shown
}
