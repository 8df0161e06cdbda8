import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Held } from '#engine/events.ts'
import { lastOf } from '#engine/state.ts'
import type { Accepted } from '#executions/accept.ts'
import { awaitRow } from '#executions/execute.ts'
import { readJournal } from '#executions/own.ts'
import type { End, Run } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import { demandExecution, history } from '#executions/show.ts'
import { happening } from '#executions/stream.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { eventStream } from '#http/stream.ts'
import type { Door } from './doors.ts'

/** A caller waits at most so long for the end of an execution. */
const PATIENCE = 60_000

const REPLY = z.object({
  status: z.number().int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
})

/** Answers a call whose execution is on disk, as the node of the webhook says. */
export async function answer(runner: Runner, door: Door, taken: Accepted, knock: Knock): Promise<DoorAnswer> {
  if (taken.run) knock.keep(taken.run.left.promise)
  if (door.reply === 'accepted') return accepted(taken.id)
  if (door.reply === 'stream') return streamed(runner, door, taken.id, knock)
  // Most have ended by now: what is pure ends in the write that accepts it.
  const end = taken.run?.end
  if (end && door.reply === 'finished') return answerOf({ runner, workspace: door.workspace, id: taken.id }, end)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), PATIENCE)
  try {
    const waiting = { runner, workspace: door.workspace, ...taken, late: late.signal }
    return await (door.reply === 'respond' ? asReplied(waiting) : whenFinished(waiting))
  } finally {
    clearTimeout(timer)
  }
}

/** What happens, as it happens. */
function streamed(runner: Runner, door: Door, id: string, knock: Knock): DoorAnswer {
  const gone = new AbortController()
  knock.request.raw.socket.once('close', () => gone.abort())
  const { stream, headers } = eventStream(
    happening(runner.shell, door.workspace, id, { seq: 0, at: 0 }, gone.signal),
    gone.signal,
  )
  if (stream instanceof Readable) stream.once('close', () => gone.abort())
  const type = { 'content-type': 'text/event-stream; charset=utf-8', 'x-execution-id': id }
  return { status: 200, headers: { ...headers, ...type }, body: stream }
}

const accepted = (id: string): DoorAnswer => json(202, { executionId: id }, id)

/** A caller who waits for an execution. `run` is there while it goes on in this process for the first time. */
type Waiting = { runner: Runner; workspace: string; id: string; run: Run | null; late: AbortSignal }

/** What came of it; after too long a time where it can be looked up. */
async function whenFinished(it: Waiting): Promise<DoorAnswer> {
  const end = (await inTime(it.run?.ended.promise, it.late)) ?? (await laterEnd(it))
  return end === null ? accepted(it.id) : answerOf(it, end)
}

async function answerOf(it: Pick<Waiting, 'runner' | 'workspace' | 'id'>, end: End): Promise<DoorAnswer> {
  if (end.status !== 'completed') return failed(it.id, end)
  if (end.reply) return replied(it, end.reply)
  if ('ref' in end.output) return passedOn(it, end.output)
  return json(200, await it.runner.shell.values.read(it.workspace, end.output), it.id)
}

/** A large output goes from its file to the caller as it stands there. */
async function passedOn(
  { runner, workspace, id }: Pick<Waiting, 'runner' | 'workspace' | 'id'>,
  { ref, bytes }: { ref: string; bytes: number },
): Promise<DoorAnswer> {
  const { headers, status } = json(200, null, id)
  return {
    status,
    headers: { ...headers, 'content-length': String(bytes) },
    body: await runner.shell.world.files.get(workspace, ref),
  }
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
  const { status, reply, failure } = state
  return status === 'running' ? null : { status, output: lastOf(state, state.frames.get('')), reply, failure }
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

async function replied({ runner, workspace, id }: Pick<Waiting, 'runner' | 'workspace' | 'id'>, held: Held): Promise<DoorAnswer> {
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

/** An answer in JSON that names the execution. */
export const json = (status: number, value: unknown, id: string | null): DoorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...(id === null ? {} : { 'x-execution-id': id }) },
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
