import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { CREDENTIALS } from './credentials.ts'
import { PLACE } from './place.ts'
import { withServer } from './session.ts'
import { CALLING, effectOf, Outcome, use } from './use.ts'

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
    ...CALLING,
  }),
  output: Outcome,
  effect: effectOf,
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
