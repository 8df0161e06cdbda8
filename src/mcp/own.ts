import type { CallToolResult, Tool as Shown } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { cancel } from '#executions/cancel.ts'
import { demandExecution } from '#executions/show.ts'
import { detailsOf } from '#http/failure.ts'
import { OWN } from '#workflows/check/tool.ts'
import { atLeast } from '#workspaces/roles.ts'
import type { Calling } from './call.ts'
import { follow } from './follow.ts'
import { resultOf } from './result.ts'
import type { ObjectSchema } from './schema.ts'
import { allTools, shownTool } from './tools.ts'

/** A tool that is always there. */
type Own = {
  shown: Shown
  needs: 'viewer' | 'operator'
  run(it: Calling, given: Record<string, unknown>): Promise<CallToolResult>
}

/** Nobody waits longer than most clients do. */
const LONGEST_WAIT = 55

const None = z.strictObject({})
const One = z.strictObject({
  executionId: z.string().max(64).meta({ description: 'The id of the execution, such as exe_…' }),
})
const Looked = One.extend({
  wait: z
    .number()
    .min(0)
    .max(LONGEST_WAIT)
    .default(0)
    .meta({ description: 'How many seconds to wait for its end, where it has not ended yet.' }),
})

function own<S extends z.ZodObject>(
  name: string,
  about: { title: string; description: string; hints: Shown['annotations']; needs: Own['needs'] },
  input: S,
  run: (it: Calling, given: z.output<S>) => Promise<CallToolResult>,
): Own {
  const { title, description, hints, needs } = about
  const inputSchema: ObjectSchema = { ...z.toJSONSchema(input, { io: 'input' }), type: 'object' }
  return {
    shown: { name: `${OWN}${name}`, title, description, inputSchema, annotations: { title, ...hints } },
    needs,
    run(it, given) {
      const parsed = input.safeParse(given)
      if (parsed.success) return run(it, parsed.data)
      throw new Fault('request.invalid', { details: detailsOf(parsed.error, 'arguments') })
    },
  }
}

const READS = { readOnlyHint: true, openWorldHint: false }

const OWNS: readonly Own[] = [
  own(
    'list_workflows',
    {
      title: 'List workflows',
      description: 'Lists the workflows that can be run as tools, with what each does and what it takes.',
      hints: READS,
      needs: 'viewer',
    },
    None,
    async ({ desk, caller }) => {
      const found = await allTools(desk.shell, caller.workspace)
      const items = found.map(tool => {
        const { name, title, description, inputSchema } = shownTool(tool)
        return { tool: name, name: title, description, workflowId: tool.ready.workflowId, inputSchema }
      })
      return answer({ items })
    },
  ),
  own(
    'get_execution',
    {
      title: 'Get an execution',
      description: 'Tells how an execution of a workflow stands, and what came of it when it has ended.',
      hints: READS,
      needs: 'viewer',
    },
    Looked,
    async ({ desk, caller, ctx }, { executionId, wait }) => {
      const { workspace } = caller
      await demandExecution(desk.shell, workspace, executionId)
      const following = { workspace, id: executionId, seconds: wait, signal: AbortSignal.any([ctx.mcpReq.signal, desk.stopping]) }
      if (wait > 0) await follow(desk.shell, following, { seq: 0, at: 0 }, async () => {})
      return resultOf(desk, workspace, executionId)
    },
  ),
  own(
    'cancel_execution',
    {
      title: 'Cancel an execution',
      description: 'Stops an execution of a workflow that has not ended. What was done stays done.',
      hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
      needs: 'operator',
    },
    One,
    async ({ desk, caller }, { executionId }) => {
      const { status } = await cancel(desk.shell, { caller, params: { id: executionId } })
      return answer({ executionId, status })
    },
  ),
]

const answer = (value: Record<string, unknown>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value, null, 2) }],
  structuredContent: value,
})

/** The tools of our own that somebody with this role may call. */
export const ownTools = (role: Parameters<typeof atLeast>[0]): Shown[] =>
  OWNS.filter(({ needs }) => atLeast(role, needs)).map(({ shown }) => shown)

/** Calls a tool of our own; null for a name that none of them has. */
export function callOwn(it: Calling, name: string, given: Record<string, unknown>): Promise<CallToolResult> | null {
  const found = OWNS.find(({ shown }) => shown.name === name)
  if (!found) return null
  if (!atLeast(it.caller.role, found.needs))
    throw new Fault('role.too_small', { message: `The role of this key is ${it.caller.role}; this needs ${found.needs}.` })
  return found.run(it, given)
}
