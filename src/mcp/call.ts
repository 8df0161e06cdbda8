import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  type RequestStateCodec,
  SdkError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { accept, starterOf } from '#executions/accept.ts'
import { cancel } from '#executions/cancel.ts'
import { LANES } from '#executions/execute.ts'
import { checkInput } from '#executions/input.ts'
import { demandExecution } from '#executions/show.ts'
import { startFor } from '#executions/starts.ts'
import type { Member } from '#http/caller.ts'
import { atLeast } from '#workspaces/roles.ts'
import { type Questions, questionsFor, settle } from './ask.ts'
import type { Desk } from './desk.ts'
import { follow } from './follow.ts'
import { resultOf } from './result.ts'
import { inputOf } from './schema.ts'
import { makeTeller } from './tell.ts'
import type { Tool } from './tools.ts'

/** What a client that is asked gives back with the answers: which execution it is about, and how far it was told of it. */
const STATE = z.object({
  execution: z.string(),
  seq: z.number(),
  at: z.number(),
  done: z.number(),
  notes: z.record(z.string(), z.object({ tries: z.number(), words: z.string() }).nullable()),
})

/** Where a call stands. */
export type State = z.infer<typeof STATE>

/** One call of a tool: who calls, over which connection. */
export type Calling = { desk: Desk; caller: Member; server: Server; ctx: ServerContext; states: RequestStateCodec<State> }

/** How long a person at the client may take; then the question stays open. */
const PATIENCE = 10 * 60_000

/** Calls a tool: starts its workflow, or goes on with the one whose questions are answered now, and waits for what comes of it. */
export async function callTool(
  it: Calling,
  tool: Tool,
  given: Record<string, unknown>,
): Promise<CallToolResult | InputRequiredResult> {
  const { desk, caller, ctx } = it
  if (!atLeast(caller.role, 'operator'))
    throw new Fault('role.too_small', { message: `The role of this key is ${caller.role}; running a workflow needs operator.` })
  const resumed = STATE.safeParse(ctx.mcpReq.requestState())
  if (!resumed.success) return attend(it, tool, await start(it, tool, given))
  const notes = await settle(
    desk,
    caller,
    resumed.data.execution,
    clientOf(it),
    ctx.mcpReq.inputResponses ?? {},
    resumed.data.notes,
  )
  return attend(it, tool, { ...resumed.data, notes })
}

async function start(
  { desk: { shell }, caller }: Calling,
  { ready, nodeId }: Tool,
  given: Record<string, unknown>,
): Promise<State> {
  const { workspace } = caller
  const input = inputOf(ready, nodeId, given, () => shell.world.ids.secret(16))
  const checked = checkInput(ready, nodeId, input, 'arguments')
  const lane = LANES[ready.drawn.settings.priority]
  const more = { triggerId: null, nodeId, lane, parent: null, forkedFrom: null, by: starterOf(caller) }
  const wanted = { workspace, ready, start: 'mcp', ...more }
  const { id } = await startFor(shell, { caller, reply: null }, () => accept(shell, wanted, checked))
  return { execution: id, seq: 0, at: 0, done: 0, notes: {} }
}

/** Waits for an execution, and lets a person at the client answer what it asks, as often as it does. */
async function attend(it: Calling, { ready }: Tool, begun: State): Promise<CallToolResult | InputRequiredResult> {
  const { desk, caller, server, ctx } = it
  const { shell } = desk
  const { workspace } = caller
  // At the end of the server whoever waits is told that it goes on.
  const signal = AbortSignal.any([ctx.mcpReq.signal, desk.stopping])
  const row = await demandExecution(shell, workspace, begun.execution)
  // Whoever answers goes on with the tool that asked.
  if (row.workflow_id !== ready.workflowId) throw new Fault('execution.not_found')
  const teller = makeTeller(ctx, ready, row.total, begun.done)
  const following = { workspace, id: row.id, seconds: ready.drawn.settings.tool?.wait ?? 0, signal }
  let state = begun
  for (;;) {
    const standing = await follow(shell, following, state, async (event, place) => {
      await teller.hear(event)
      state = { ...state, ...place, done: teller.done }
    })
    if (ctx.mcpReq.signal.aborted) await hungUp(it, row.id)
    const questions = standing === 'asks' && canAsk(server) ? await questionsFor(desk, caller, row.id, state.notes) : new Map()
    if (questions.size === 0 || signal.aborted) {
      if (standing === 'ended') await teller.end((await demandExecution(shell, workspace, row.id)).status === 'completed')
      return resultOf(desk, workspace, row.id)
    }
    if (isModern(ctx)) return inputRequired(await required(it, questions, state))
    const notes = await settle(desk, caller, row.id, clientOf(it), await answersOf(ctx, questions), state.notes)
    state = { ...state, notes }
  }
}

/** Since 2026-07-28 every request says what its client can do, and questions are answered by asking again. */
const isModern = ({ mcpReq }: ServerContext) => mcpReq.envelope !== undefined

/** A client that says nothing of forms has them: it is older than the other way. */
function canAsk(server: Server): boolean {
  const asks = server.getClientCapabilities()?.elicitation
  return asks !== undefined && (asks.form !== undefined || asks.url === undefined)
}

const clientOf = ({ server }: Calling) => (server.getClientVersion()?.name ?? 'a client').slice(0, 100)

async function required({ states, ctx }: Calling, questions: Questions, state: State) {
  const requests = [...questions].map(([id, question]) => [id, inputRequired.elicit({ mode: 'form', ...question })] as const)
  return { inputRequests: Object.fromEntries(requests), requestState: await states.mint(state, ctx) }
}

/** Asks the person at the client. One who does not answer, or whose client fails, leaves the question open. */
async function answersOf({ mcpReq }: ServerContext, questions: Questions): Promise<Record<string, unknown>> {
  const options = { timeout: PATIENCE, signal: mcpReq.signal }
  const answers = [...questions].map(async ([id, question]) => {
    const request = { method: 'elicitation/create' as const, params: { mode: 'form', ...question } }
    return [id, await mcpReq.send(request, options).catch(() => ({ action: 'cancel' }))]
  })
  return Object.fromEntries(await Promise.all(answers))
}

/**
 * Whoever cancels a call ends its execution. To hang up is to cancel since 2026-07-28; before, a connection that breaks says
 * nothing, and what was started goes on. Nobody cancels by our stopping.
 */
async function hungUp({ desk, caller, ctx }: Calling, id: string): Promise<void> {
  const broke = SdkError.isInstance(ctx.mcpReq.signal.reason)
  if (desk.stopping.aborted || (broke && !isModern(ctx))) return
  await cancel(desk.shell, { caller, params: { id } })
}
