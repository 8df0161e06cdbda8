import type { CallToolResult } from '@modelcontextprotocol/client'
import { z } from 'zod'
import type { Context } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { namesOf } from './catalogue.ts'
import { clean, line } from './clean.ts'
import { Part, partsOf, textOf } from './content.ts'
import { CREDENTIALS } from './credentials.ts'
import { nameOf, PLACE, type Place } from './place.ts'
import { type Session, withServer } from './session.ts'

const Output = z
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
export type Outcome = z.output<typeof Output>

/** Uses a tool of an MCP server. */
export const call = defineBlock({
  id: 'mcp.call',
  version: 1,
  title: 'Use a tool of an MCP server',
  about: 'Calls one tool of a server that speaks the Model Context Protocol, and gives on what it answers.',
  group: 'ai',
  icon: 'plug-zap',
  input: z.strictObject({
    ...PLACE,
    tool: z.string().min(1).max(500).meta({ title: 'Tool', description: 'Its name, as the server lists it.' }),
    arguments: z
      .preprocess(fromText, z.record(z.string(), z.unknown()))
      .default({})
      .meta({ title: 'Arguments', description: 'What the tool is given, by name.', ui: 'json' }),
    acceptErrors: z.boolean().default(false).meta({
      title: 'Go on when the tool fails',
      description: 'Otherwise an answer that the tool marks as an error makes the node fail.',
      advanced: true,
    }),
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
  }),
  output: Output,
  effect: params => (isObject(params) && params.repeatable === true ? 'repeatable' : 'once'),
  credentials: CREDENTIALS,
  example: {
    input: { server: 'https://mcp.example.com/mcp', tool: 'get_weather', arguments: { city: 'Berlin' } },
    output: {
      content: [{ type: 'text', text: 'It is 21 °C and sunny in Berlin.' }],
      structured: { temperature: 21, sky: 'sunny' },
      text: 'It is 21 °C and sunny in Berlin.',
      isError: false,
    },
  },
  run: ({ tool, arguments: given, acceptErrors, answers, ...place }, context) =>
    withServer(place, context, session => use(session, { tool, given, acceptErrors }, place, context), answers ?? null),
})

/** A text that is an object may be given as one; models write it so. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

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
