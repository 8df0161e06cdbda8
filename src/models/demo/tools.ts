import { isObject } from '#sdk/given.ts'
import type { Ask, Message, Part, Tool, ToolCall } from '#sdk/model.ts'
import { same } from './check.ts'
import { isKin } from './kin.ts'
import { LABEL, textOf } from './request.ts'
import { shapeFrom } from './shape.ts'
import { clip, isStop, matter, wordsOfName } from './words.ts'

type Result = Extract<Part, { is: 'result' }>

/** Where a request names one step after the other. */
const STEPS =
  /(?:^|\s)(?:\d{1,2}[.)]|[-*•])\s{1,5}|[,;.]?\s{1,5}(?:and then|then|after that|afterwards|und dann|dann|danach|anschließend)\s{1,5}|\n+/i

/** The next tool to be called, with what it is given; null where none is left. */
export function nextCall({ tools = [], choose = 'auto', messages }: Ask): ToolCall | null {
  if (choose === 'none' || tools.length === 0) return null
  const { text, called } = turnOf(messages)
  const wanted = plannedFor(text, tools)
  const first = tools[0]
  // Who must call something calls the first where nothing speaks for any.
  const planned = wanted.length === 0 && choose === 'required' && first ? [{ tool: first, step: text }] : wanted
  for (const { tool, step } of planned) {
    if (called.some(call => call.tool === tool.name)) continue
    const input = inputFor(tool, step, text, resultsOf(messages))
    if (!failedBefore(messages, tool.name, input)) return { id: `demo-${messages.length}-1`, tool: tool.name, input }
  }
  return null
}

/** What came of the tools of this turn; null where none was called. */
export function reportOf(messages: readonly Message[]): string | null {
  const results = resultsOf(messages)
  if (results.length === 0) return null
  const lines = results.map(({ tool, output, failed }) =>
    failed ? `${tool} failed: ${short(output)}` : `${tool}: ${short(output)}`,
  )
  return `${LABEL} ${lines.join('\n')}`
}

/** What the tools of this turn put out, as text to find things in. */
export const outputsOf = (messages: readonly Message[]): string =>
  resultsOf(messages)
    .filter(({ failed }) => !failed)
    .map(({ output }) => rows(output))
    .join('\n')

/** The turn begins with what the person said last. */
function turnOf(messages: readonly Message[]): { text: string; called: ToolCall[]; since: readonly Message[] } {
  const at = messages.findLastIndex(message => message.role === 'user')
  const since = messages.slice(at + 1)
  return { text: textOf(messages[at]), called: callsOf(since), since }
}

const callsOf = (messages: readonly Message[]) => messages.flatMap(({ parts }) => parts.filter(part => part.is === 'call'))
const resultsOf = (messages: readonly Message[]): Result[] =>
  turnOf(messages).since.flatMap(({ parts }) => parts.filter(part => part.is === 'result'))

/** For each step the tool that shares most words with it; no tool twice. */
function plannedFor(text: string, tools: readonly Tool[]): { tool: Tool; step: string }[] {
  const steps = text.split(STEPS).filter(step => step.trim() !== '')
  const planned: { tool: Tool; step: string }[] = []
  for (const step of steps) {
    const said = matter(step)
    const scored = tools
      .filter(tool => !planned.some(one => one.tool === tool))
      .map(tool => ({ tool, score: shared(tool, said) }))
    const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { tool: tools[0], score: 0 })
    if (best.tool && best.score > 0) planned.push({ tool: best.tool, step })
  }
  // Lines that are only the text to be worked on name no steps.
  return steps.length > 1 && planned.length === 0 ? [] : planned
}

/** The words of a name count twice as much as those of what is said about it. */
function shared({ name, about }: Tool, said: readonly string[]): number {
  const names = wordsOfName(name).filter(word => !isStop(word))
  const abouts = [...new Set(matter(about))].filter(word => !names.includes(word))
  const met = (words: readonly string[]) => words.filter(word => said.some(one => isKin(one, word))).length
  return 2 * met(names) + met(abouts)
}

/** What the step says comes first, then the rest of the request, then what earlier tools found. */
function inputFor({ input }: Tool, step: string, text: string, results: readonly Result[]): unknown {
  const found = results.filter(({ failed }) => !failed).map(({ output }) => rows(output))
  const said = [...new Set([step.trim(), text.trim(), ...found])].join('\n')
  return shapeFrom(input, said, () => clip(step.trim(), 2000))
}

const failedBefore = (messages: readonly Message[], tool: string, input: unknown): boolean => {
  const calls = callsOf(messages)
  const failed = messages.flatMap(({ parts }) => parts.filter(part => part.is === 'result' && part.failed))
  return failed.some(
    part => part.is === 'result' && part.tool === tool && calls.some(call => call.id === part.id && same(call.input, input)),
  )
}

/** `name: value` for each of its values, so that they are found again. */
function rows(output: unknown): string {
  if (typeof output === 'string') return output
  if (!isObject(output)) return JSON.stringify(output) ?? ''
  return Object.entries(output)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
}

const short = (output: unknown): string => {
  const text = (typeof output === 'string' ? output : (JSON.stringify(output) ?? 'nothing')).replace(/\s+/g, ' ').trim()
  return text.length > 300 ? `${clip(text, 299)}…` : text === '' ? 'nothing' : text
}
