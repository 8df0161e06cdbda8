import { z } from 'zod'
import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import { LANES } from '#executions/execute.ts'
import type { End, Run } from '#executions/run.ts'
import type { Runner } from '#executions/runner.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { bodyOf } from './body.ts'
import { findDoor } from './doors.ts'
import { verify } from './verify.ts'

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
  const input = {
    body: bodyOf(knock),
    headers: shownHeaders(knock.headers),
    query: knock.query,
    method: knock.method,
    path: knock.request.url.split('?', 1)[0] ?? '',
    files: [],
  }
  const { id, run } = await runner.accept(
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
  if (door.reply === 'accepted' || run === null) return accepted(id)
  return door.reply === 'respond' ? asReplied(runner, id, run) : whenFinished(runner, id, run)
}

const accepted = (id: string): DoorAnswer => json(202, { executionId: id }, id)

/** What came of it; after too long a time where it can be looked up. */
async function whenFinished(runner: Runner, id: string, run: Run): Promise<DoorAnswer> {
  const end = await inTime(run.ended.promise)
  if (end === null) return accepted(id)
  if (end.status !== 'completed') return failed(id, end)
  const output = await runner.shell.values.read(run.workspace, end.output)
  if (end.reply) return replied(runner, run, end.reply, id)
  return json(200, output, id)
}

async function asReplied(runner: Runner, id: string, run: Run): Promise<DoorAnswer> {
  const reply = await inTime(run.replied.promise)
  return reply ? replied(runner, run, reply, id) : whenFinished(runner, id, run)
}

async function replied(runner: Runner, run: Run, held: Held, id: string): Promise<DoorAnswer> {
  const { status, headers, body } = REPLY.parse(await runner.shell.values.read(run.workspace, held))
  const own = { ...Object.fromEntries(Object.entries(headers).filter(([name]) => !FORBIDDEN.test(name))), 'x-execution-id': id }
  if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...own }, body }
  return { status, headers: { ...own, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body ?? null) }
}

/** What an answer of a workflow may not say: it would change what our own address means to a browser. */
const FORBIDDEN =
  /^(set-cookie|content-length|transfer-encoding|connection|content-security-policy|strict-transport-security|access-control-.*)$/i

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

async function inTime<T>(going: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), PATIENCE)
  })
  try {
    return await Promise.race([going, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Secrets of the sender do not belong into a journal. */
function shownHeaders(headers: Record<string, string>): Record<string, string> {
  const shown = { ...headers }
  for (const name of ['authorization', 'cookie', 'proxy-authorization', 'x-api-key']) if (name in shown) shown[name] = '•••'
  return shown
}
