import { z } from 'zod'
import type { Call, Event, Held } from '#engine/events.ts'

/** A turn of something that calls for nodes: what it said, what it called for, and what came of that. */
export type Turn = { at: number; said: Held; calls: { call: Call; result: Held | null }[] }

/** The turns of a container that calls, such as an agent. */
export function turnsOf(events: readonly Event[], path: string): Turn[] {
  const turns: Turn[] = []
  const begun: { call: Call; result: Held | null }[] = []
  for (const event of events) {
    if (event.type === 'called' && event.path === path) {
      const calls = event.calls.map(call => ({ call, result: null }))
      turns.push({ at: event.at, said: event.said, calls })
      begun.push(...calls)
    }
    if (event.type !== 'turned' || !event.path.startsWith(`${path}[`)) continue
    const [, number] = /^\[(\d+)\]$/.exec(event.path.slice(path.length)) ?? []
    const one = begun[Number(number ?? -1)]
    if (one) one.result = event.result
  }
  return turns
}

const PART = z.discriminatedUnion('is', [
  z.looseObject({ is: z.literal('text'), text: z.string() }),
  z.looseObject({ is: z.literal('call'), id: z.string(), tool: z.string(), input: z.unknown(), broken: z.string().optional() }),
])
const MESSAGE = z.looseObject({ role: z.string(), parts: z.array(z.unknown()) })
const SAID = z.looseObject({
  text: z.string().default(''),
  parts: z.array(z.unknown()).default([]),
  refused: z.record(z.string(), z.string()).default({}),
  model: z.string().default(''),
  opening: z.looseObject({ system: z.string().default(''), messages: z.array(MESSAGE).default([]) }).optional(),
})

/** A line of a conversation. */
export type Line =
  | { is: 'system' | 'user' | 'assistant'; text: string }
  | { is: 'call'; tool: string; input: unknown; refused: string | null; order: number | null }

/** What was said in a turn, as lines to read; null for what is not a conversation. `order` counts the calls that were made. */
export function linesOf(said: unknown): Line[] | null {
  const read = SAID.safeParse(said)
  if (!read.success || (read.data.parts.length === 0 && read.data.text === '' && !read.data.opening)) return null
  const { text, parts, refused, opening } = read.data
  const lines: Line[] = []
  if (opening?.system) lines.push({ is: 'system', text: opening.system })
  for (const { role, parts: all } of opening?.messages ?? []) {
    const words = wordsOf(all)
    if (words) lines.push({ is: role === 'user' ? 'user' : 'assistant', text: words })
  }
  const words = wordsOf(parts) || text
  if (words) lines.push({ is: 'assistant', text: words })
  let order = 0
  for (const part of parts) {
    const it = PART.safeParse(part)
    if (!it.success || it.data.is !== 'call') continue
    const why = it.data.broken === undefined ? (refused[it.data.id] ?? null) : (refused[it.data.id] ?? it.data.broken)
    lines.push({ is: 'call', tool: it.data.tool, input: it.data.input, refused: why, order: why === null ? order++ : null })
  }
  return lines
}

const wordsOf = (parts: readonly unknown[]): string =>
  parts
    .flatMap(part => {
      const it = PART.safeParse(part)
      return it.success && it.data.is === 'text' ? [it.data.text] : []
    })
    .join('\n')
