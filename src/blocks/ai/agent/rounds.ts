import { z } from 'zod'
import type { Round } from '#sdk/context.ts'
import { isObject } from '#sdk/given.ts'
import type { KeptMessage, KeptPart, ToolCall } from '#sdk/model.ts'
import { clipped } from './clip.ts'

const PARTS = z.array(z.custom<KeptPart>(isObject)).readonly()
const MESSAGES = z.array(z.object({ role: z.enum(['user', 'assistant', 'tool']), parts: PARTS }))

/** What calls of models took together; the cost in dollars, null where a price is not known. */
const Used = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().nullable(),
  reasoningTokens: z.number().nullable(),
  cost: z.number().nullable(),
})

/** How a conversation began: what was remembered, and what is asked now. */
const Opening = z.object({
  at: z.number(),
  system: z.string(),
  messages: MESSAGES,
  summary: z.object({ text: z.string(), kept: z.number() }).optional(),
})

/** What an agent writes down of each of its turns. `refused` says of calls that were not made why. */
const Said = z.object({
  opening: Opening.optional(),
  text: z.string(),
  parts: PARTS,
  refused: z.record(z.string(), z.string()),
  model: z.string(),
  used: Used,
  finish: z.enum(['stop', 'length', 'tools', 'filtered', 'other']),
  files: z.array(z.unknown()),
})

/** How a conversation began. */
export type Opening = z.output<typeof Opening>
/** What an agent writes down of a turn. */
export type Said = z.output<typeof Said>
/** A turn with what its tools came to. */
export type Turn = { said: Said; results: readonly unknown[] }

/** The turns of an agent so far. */
export const turnsOf = (rounds: readonly Round[]): Turn[] =>
  rounds.map(({ said, results }) => ({ said: Said.parse(said), results }))

/** The tools that a turn called for. */
export const callsIn = ({ parts }: Said): ToolCall[] => parts.flatMap(part => (part.is === 'call' ? [part] : []))

/** What came of a call. */
export type Outcome = { call: ToolCall; output: unknown; failed: boolean }

/** What came of the calls of a turn, in their order. */
export function outcomesOf({ said, results }: Turn): Outcome[] {
  let next = 0
  return callsIn(said).map(call => {
    const refused = said.refused[call.id]
    if (refused !== undefined) return { call, output: refused, failed: true }
    const output = results[next]
    next += 1
    const error = errorIn(output)
    return error === null ? { call, output, failed: false } : { call, output: error, failed: true }
  })
}

const FAILED = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

function errorIn(output: unknown): string | null {
  const failed = FAILED.safeParse(output)
  return failed.success ? `${failed.data.error.message} (${failed.data.error.code})` : null
}

/** The conversation as a model is given it. */
export function messagesOf(opening: Opening, turns: readonly Turn[]): KeptMessage[] {
  return [...opening.messages, ...turns.flatMap(turn => [...spoken(turn.said), ...answered(turn)])]
}

const spoken = ({ parts }: Said): KeptMessage[] => (parts.length > 0 ? [{ role: 'assistant', parts }] : [])

function answered(turn: Turn): KeptMessage[] {
  const parts = outcomesOf(turn).map(
    ({ call, output, failed }): KeptPart => ({ is: 'result', id: call.id, tool: call.tool, output: clipped(output), failed }),
  )
  return parts.length > 0 ? [{ role: 'tool', parts }] : []
}
