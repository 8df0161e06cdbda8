import { z } from 'zod'
import type { NodeTool } from '#sdk/context.ts'
import type { ToolCall } from '#sdk/model.ts'
import { callsIn, type Turn } from './rounds.ts'

/** The same call may be made so often in a row; whoever makes it again has learnt nothing from it. */
const SAME = 3

/** Why a call is not made, in words for the model; null where it is. */
export function refusalOf(
  call: ToolCall,
  tool: NodeTool | undefined,
  tools: readonly NodeTool[],
  turns: readonly Turn[],
): string | null {
  if (!tool) {
    const names = tools.map(({ name }) => name).join(', ')
    return `There is no tool “${call.tool}”. ${names === '' ? 'There are no tools.' : `There are: ${names}.`}`
  }
  if (call.broken !== undefined) return 'What you gave it is not JSON. Call it again with valid JSON.'
  const wrong = misfitOf(tool, call.input)
  if (wrong !== null) return `What you gave it does not fit: ${wrong}`
  const before = turns.slice(-SAME)
  const again = before.length === SAME && before.every(({ said }) => callsIn(said).some(one => isSame(one, call)))
  return again ? `You have made this call ${SAME} times with the same input. Use what it answered, or try something else.` : null
}

const isSame = (one: ToolCall, other: ToolCall) =>
  one.tool === other.tool && JSON.stringify(one.input) === JSON.stringify(other.input)

function misfitOf({ input }: NodeTool, given: unknown): string | null {
  let schema: z.ZodType
  try {
    schema = z.fromJSONSchema(input)
  } catch {
    // Whoever is called judges it.
    return null
  }
  const issues = schema.safeParse(given ?? {}).error?.issues ?? []
  if (issues.length === 0) return null
  return issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'all of it'}: ${message}`)
    .join('; ')
}
