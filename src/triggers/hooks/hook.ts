import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Held } from '#engine/events.ts'
import { lastOf } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import type { Accepted } from '#executions/accept.ts'
import { awaitRow } from '#executions/execute.ts'
import { checkInput } from '#executions/input.ts'
import { readJournal } from '#executions/own.ts'
import type { End, Run } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import { demandExecution, history } from '#executions/show.ts'
import { happening } from '#executions/stream.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { eventStream } from '#http/stream.ts'
import { type Line, note } from '#triggers/ledger.ts'
import { type Firing, fire, fireOnce } from '#triggers/origin.ts'
import { bodyOf } from './body.ts'
import { type Door, findDoor } from './doors.ts'
import { readForm } from './form.ts'
import { secretHeaders, verify } from './verify.ts'

const NOTHING = Buffer.alloc(0)

/** A sender that repeats a call does so within days. */
const WINDOW = 7 * 86_400_000

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
  verify(door.verify, knock, runner.shell.world.clock.now())
  const form = knock.type === 'multipart/form-data' ? await readForm(runner.shell.world, door.workspace, knock) : null
  const body = form ? form.body : bodyOf(knock)
  knock.body = NOTHING
  checkInput(door.ready, door.nodeId, body, 'body')
  const input = {
    body,
    headers: shownHeaders(knock.headers, secretHeaders(door.verify)),
    query: knock.query,
    method: knock.method,
    path: knock.request.url.split('?', 1)[0] ?? '',
    files: form?.files ?? [],
  }
  const key = sameOf(door, input)
  const call = { method: knock.method, path: input.path, address: knock.address, bytes: knock.size }
  const taken = await takeOnce(runner, door, key, { input, line: { outcome: 'fired', call } })
  if (!taken) return again(runner, door, key ?? '', call)
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

/** What is the same in repeated calls, as a hash; null where every call counts. */
function sameOf({ dedupe }: Door, input: unknown): string | null {
  const text = dedupe?.fill({ trigger: input }) ?? ''
  return text === ''
    ? null
    : createHash('sha256')
        .update(typeof text === 'string' ? text : JSON.stringify(text))
        .digest('hex')
}

/** Null for a call that was taken before. */
function takeOnce({ shell }: Runner, door: Door, key: string | null, firing: Firing): Promise<Accepted | null> {
  const now = shell.world.clock.now()
  if (key === null) return fire(shell, door, firing)
  return fireOnce(shell, door, { ...firing, guard: id => shell.sentences.once(door.id, key, id, now, now - WINDOW) })
}

/** The first of them counted. */
async function again({ shell }: Runner, door: Door, key: string, call: Line['call']): Promise<DoorAnswer> {
  const row = await shell.world.db
    .selectFrom('hook_calls')
    .select('execution_id')
    .where('trigger_id', '=', door.id)
    .where('key_hash', '=', key)
    .executeTakeFirst()
  const id = row?.execution_id ?? ''
  await note(shell, [{ trigger: door.id, outcome: 'duplicate', executionId: id, ...(call ? { call } : {}) }])
  return json(200, { executionId: id, duplicate: true }, id)
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
