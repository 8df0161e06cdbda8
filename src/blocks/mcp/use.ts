import type { CallToolResult } from '@modelcontextprotocol/client'
import { z } from 'zod'
import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { namesOf } from './catalogue.ts'
import { clean, line } from './clean.ts'
import { Part, partsOf, textOf } from './content.ts'
import { nameOf, type Place } from './place.ts'
import type { Session } from './session.ts'

/** What comes of a tool. */
export const Outcome = z
  .object({
    content: z
      .array(Part)
      .meta({ title: 'Parts', description: 'What the tool answered, part by part; pictures, sounds and files are files.' }),
    structured: z.unknown().meta({ title: 'Data', description: 'What the tool answered as data; null where it did not.' }),
    text: z.string().meta({ title: 'Text', description: 'All texts of it.' }),
    isError: z.boolean().meta({ title: 'Is an error' }),
  })
  .meta({ title: 'Answer of the tool' })

/** What comes of a tool. */
export type Outcome = z.output<typeof Outcome>

/** How a tool may be called: fields of every block that calls one. */
export const CALLING = {
  repeatable: z.boolean().default(false).meta({
    title: 'May be repeated',
    description:
      'Does it do no harm to call it twice with the same arguments? Then it is tried again when it fails, and after a crash.',
    advanced: true,
  }),
  answers: z.record(z.string(), z.unknown()).optional().meta({
    title: 'Answers to questions',
    description:
      'Some tools ask something while they work. Filled in, questions are answered with these values, by name, and with what the server proposes; {} takes its proposals. Left out, it cannot ask.',
    ui: 'json',
    advanced: true,
  }),
}

/** Nobody but who draws the workflow knows what a tool does. */
export const effectOf = (params: unknown): 'repeatable' | 'once' =>
  isObject(params) && params.repeatable === true ? 'repeatable' : 'once'

type Wanted = { tool: string; given: Record<string, unknown>; acceptErrors: boolean }

/** Calls the tool, and says it in words when it fails. */
export async function use(
  session: Session,
  { tool, given, acceptErrors }: Wanted,
  place: Place,
  context: Context,
): Promise<Outcome> {
  const result = await asked(session, tool, given, place)
  const content = await partsOf(result.content, context.files)
  const { structuredContent: structured = null, isError = false } = result
  const text = textOf(content)
  if (isError && !acceptErrors)
    throw new Refused('mcp.tool_failed', `The tool ${line(tool, 100)} failed. ${saying(text)}`, { content, structured })
  return { content, structured, text, isError }
}

const saying = (text: string) => (text.trim() === '' ? 'It does not say why.' : `It says: ${clean(text)}`)

async function asked(session: Session, tool: string, given: Record<string, unknown>, place: Place): Promise<CallToolResult> {
  try {
    return await session.ask(options => session.client.callTool({ name: tool, arguments: given, ...session.loud }, options))
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'mcp.refused') throw error
    const names = await namesOf(session)
    if (names === null || names.includes(tool)) throw error
    const shown = names
      .slice(0, 50)
      .map(name => line(name, 100))
      .join(', ')
    throw new Refused(
      'mcp.no_tool',
      `${nameOf(place)} has no tool ${line(tool, 100)}. ${names.length > 0 ? `It has: ${shown}.` : 'It has none at all.'}`,
    )
  }
}
