import { models, settingsOf } from '#blocks/ai/ask.ts'
import { fence } from '#blocks/ai/fence.ts'
import { asObject, checkOf, jsonIn } from '#blocks/ai/json.ts'
import { heldOf, savedOf } from '#blocks/ai/material.ts'
import { askShaped } from '#blocks/ai/shape.ts'
import { together } from '#blocks/ai/subject.ts'
import type { Context, NodeTool } from '#sdk/context.ts'
import { call, type Ending, type NodeCall } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import type { KeptMessage, KeptPart, Message, Reply, ToolCall } from '#sdk/model.ts'
import { looksLikeOrders } from './clip.ts'
import { openingOf, remember } from './opening.ts'
import type { AgentInput, AgentOutput } from './params.ts'
import { callsIn, messagesOf, type Opening, outcomesOf, type Said, type Turn, turnsOf } from './rounds.ts'
import { refusalOf } from './tools.ts'
import { sumOf, usedBy } from './used.ts'

/** What a turn knows: what it was given, how the conversation began, and what was said since. */
type Here = { input: AgentInput; context: Context; opening: Opening; turns: readonly Turn[] }

const ANSWER_NOW = 'Use no more tools. Answer now with what you have found, and say what is missing.'
const AS_JSON = 'Put this answer into JSON that fits the schema. Change nothing of what it says, and write nothing else.'

/** One turn of an agent: asks the model what to do next, and calls the tools it wants, or ends with its answer. */
export async function takeTurn(input: AgentInput, context: Context): Promise<AgentOutput | Ending> {
  const turns = turnsOf(await context.rounds())
  const known = turns[0]?.said.opening
  const { opening, summed } = known ? { opening: known, summed: null } : await openingOf(input, context)
  // What was summed up is written down before anything is built on it.
  if (summed) return call({ ...summed, opening }, [])
  const here = { input, context, opening, turns }
  const last = turns.at(-1)
  if (last) tellOf(context, last)
  return last && isAnswer(last.said) ? inForm(here, last.said) : goOn(here)
}

/** It has said all it has to say; only the form of it is missing. */
const isAnswer = (said: Said) => said.parts.length > 0 && callsIn(said).length === 0

async function goOn(here: Here): Promise<AgentOutput | Ending> {
  const { input, context, opening, turns } = here
  const stoppedBy = limitOf(here)
  if (stoppedBy && input.atLimit === 'fail') throw tooLong(input, stoppedBy)
  const tools = await context.tools()
  if (turns.length === 0) warnOf(context, tools)
  const messages = await said(here, ...(stoppedBy ? [user(ANSWER_NOW)] : []))
  const { first, outcome } = models(context, input)
  // Where tools were used before, providers want to know of them also when none may be used.
  const choose = stoppedBy ? ('none' as const) : ('auto' as const)
  const question = { system: opening.system, messages, tools, choose, ...settingsOf(input) }
  const reply = await first(one => one.ask(question, { live: true }))
  const turn = { ...(await saidOf(reply, outcome(), context)), ...(turns.length === 0 ? { opening } : {}) }
  if (reply.calls.length > 0 && !stoppedBy) return callTools(here, turn, reply.calls, tools)
  const object = objectOf(input, reply.text)
  // An answer that is not in its form yet is kept before it is asked for.
  return object === undefined ? call(turn, []) : ended(here, turn, object, stoppedBy)
}

function callTools({ input, turns }: Here, turn: Said, wanted: readonly ToolCall[], tools: readonly NodeTool[]): Ending {
  const calls: NodeCall[] = []
  const refused: Record<string, string> = {}
  for (const one of wanted) {
    const tool = tools.find(({ name }) => name === one.tool)
    const why = refusalOf(one, tool, tools, turns)
    if (why !== null || !tool) refused[one.id] = why ?? ''
    else calls.push({ node: tool.node, item: tool.offered === null ? one.input : { tool: tool.offered, input: one.input } })
  }
  return call({ ...turn, refused }, calls, input.atOnce)
}

/** Asks for the answer once more, in the form of the schema. */
async function inForm(here: Here, answer: Said): Promise<AgentOutput> {
  const { input, context } = here
  const { text, rule } = fence(answer.text)
  const { schema, inside } = asObject(input.schema ?? {})
  const check = checkOf(schema)
  const messages: Message[] = [{ role: 'user', parts: [{ is: 'text', text }] }]
  const { first, outcome } = models(context, input)
  const made = await first(one =>
    askShaped(
      one,
      { system: together(AS_JSON, rule), messages, ...settingsOf(input) },
      { schema, check, repairs: input.repairs },
      context,
    ),
  )
  const { model, ...spent } = outcome()
  const turn = { ...answer, parts: [], model, used: usedBy(spent), finish: made.finish, files: [] }
  return ended(here, turn, inside(made.value), null)
}

/** The value in an answer; null where none is wanted, undefined where it does not fit. */
function objectOf({ schema }: AgentInput, text: string): unknown {
  if (!schema) return null
  const value = jsonIn(text)
  return value !== undefined && checkOf(schema)(value).length === 0 ? value : undefined
}

function ended({ input, context, opening, turns }: Here, last: Said, object: unknown, stoppedBy: AgentOutput['stoppedBy']) {
  const all = [...turns.map(turn => turn.said), last]
  remember(input, context, opening, last.text)
  if (last.finish === 'length') context.log('The answer ends because no more tokens were allowed.')
  const { cost, ...usage } = sumOf(all.map(one => one.used))
  return {
    text: last.text,
    object: object ?? null,
    turns: all.filter(one => one.parts.length > 0).length,
    calls: turns.flatMap(outcomesOf).map(({ call: { tool, input: given }, failed }) => ({ tool, input: given ?? null, failed })),
    stoppedBy,
    files: all.flatMap(one => one.files),
    model: last.model,
    usage,
    cost,
    finishReason: last.finish,
  }
}

function limitOf({ input, context, opening, turns }: Here): AgentOutput['stoppedBy'] {
  if (turns.filter(turn => callsIn(turn.said).length > 0).length >= input.maxTurns) return 'turns'
  return context.now - opening.at > input.maxTime ? 'time' : null
}

const tooLong = ({ maxTurns, maxTime }: AgentInput, by: 'turns' | 'time') =>
  new Refused(
    'agent.too_long',
    by === 'turns'
      ? `It was not done after ${maxTurns} turns with tools. Allow more turns, or make the task smaller.`
      : `It was not done after ${maxTime / 1000} s. Allow more time, or make the task smaller.`,
  )

const user = (text: string): KeptMessage => ({ role: 'user', parts: [{ is: 'text', text }] })

/** The conversation so far, with its files read. */
const said = ({ context, opening, turns }: Here, ...more: KeptMessage[]): Promise<Message[]> =>
  Promise.all([...messagesOf(opening, turns), ...more].map(one => heldOf(one, context)))

type Asked = ReturnType<ReturnType<typeof models>['outcome']>

/** What a model said, in the form in which it can be written down. */
async function saidOf(reply: Reply, { model, ...spent }: Asked, context: Context): Promise<Said> {
  const files = await savedOf(reply, context)
  let file = 0
  const parts = reply.parts.map((part): KeptPart => {
    if (part.is !== 'file') return part
    const kept = {
      is: 'file' as const,
      file: { id: files[file]?.id ?? '' },
      ...(part.kept === undefined ? {} : { kept: part.kept }),
    }
    file += 1
    return kept
  })
  return { text: reply.text, parts, refused: {}, model, used: usedBy(spent), finish: reply.finish, files }
}

/** Says of which tools the description looks like orders: those of a server are written by strangers. */
function warnOf(context: Context, tools: readonly NodeTool[]): void {
  for (const { name, about } of tools)
    if (looksLikeOrders(about))
      context.log(
        `The description of the tool “${name}” looks like instructions to the agent. Look whether you trust who wrote it.`,
      )
}

/** Says of what tools have put out where it looks like orders: the model is told to take it for data, and a person should know. */
function tellOf(context: Context, turn: Turn): void {
  for (const { call: made, output } of outcomesOf(turn))
    if (looksLikeOrders(output))
      context.log(
        `What “${made.tool}” answered looks like instructions. It was passed on as data, which the agent must not obey.`,
      )
}
