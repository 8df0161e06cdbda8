import type { Tool as Listed } from '@modelcontextprotocol/client'
import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import type { Tool } from '#sdk/model.ts'
import { toolsOf } from './catalogue.ts'
import { clean, line } from './clean.ts'
import { nameOf, type Place } from './place.ts'
import { withServer } from './session.ts'

/** No vendor's model takes more tools, and few choose well among so many. */
const MOST = 128
/** What a model reads of a tool in each turn is paid for in each turn. */
const LONGEST = { about: 1_000, word: 300, schema: 20_000 }
/** What was listed counts for this long in one execution: an agent asks before each turn, and its tools must not change under its hands. */
const KEPT = 5 * 60_000
const MOST_KEPT = 100

type Kept = { until: number; tools: readonly Tool[] }
const kept = new Map<string, Kept>()

/** The tools of a server as a model sees them: those that are allowed, in words that are cut and cleaned. */
export async function offered(place: Place, allow: readonly string[], context: Context): Promise<readonly Tool[]> {
  const key = JSON.stringify([context.execution.id, place, allow, context.credential])
  const found = kept.get(key)
  if (found && found.until > context.now) return found.tools
  const listed = await withServer(place, context, toolsOf)
  for (const name of allow)
    if (!listed.some(tool => tool.name === name)) context.log(`${nameOf(place)} has no tool ${line(name, 100)}.`)
  const chosen = listed.filter(tool => allow.length === 0 || allow.includes(tool.name))
  if (chosen.length > MOST)
    throw new Refused(
      'mcp.too_many_tools',
      `${nameOf(place)} has ${chosen.length} tools, and a model takes at most ${MOST}. Choose some of them in \`allow\`.`,
    )
  const tools = chosen.map(tool => toolOf(tool, context))
  for (const [other, { until }] of kept) if (until <= context.now || kept.size >= MOST_KEPT) kept.delete(other)
  kept.set(key, { until: context.now + KEPT, tools })
  return tools
}

function toolOf({ name, title, description, annotations, inputSchema }: Listed, context: Context): Tool {
  const about = [line(title ?? annotations?.title, LONGEST.word), clean(description, LONGEST.about)].filter(Boolean).join('. ')
  const input = tame(inputSchema, 12)
  if (isObject(input) && JSON.stringify(input).length <= LONGEST.schema) return { name, about, input }
  context.log(
    `What the tool ${line(name, 100)} takes is described at too great a length; the model is told only that it is an object.`,
  )
  return { name, about, input: { type: 'object', additionalProperties: true } }
}

/** What people say in a schema is as tame as what they say of the tool; what is too deep is cut off. What is no such word stays as it is. */
function tame(value: unknown, deep: number, name = ''): unknown {
  if (typeof value === 'string') return /^(description|title|\$comment)$/.test(name) ? clean(value, LONGEST.word) : value
  if (deep === 0) return Array.isArray(value) ? [] : isObject(value) ? {} : value
  if (Array.isArray(value)) return value.map(one => tame(one, deep - 1))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tame(one, deep - 1, key)]))
}
