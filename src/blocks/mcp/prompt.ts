import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { clean } from './clean.ts'
import { Part, partsOf, textOf } from './content.ts'
import { CREDENTIALS } from './credentials.ts'
import { PLACE } from './place.ts'
import { withServer } from './session.ts'

/** Gets a prompt of an MCP server. */
export const prompt = defineBlock({
  id: 'mcp.prompt',
  version: 1,
  title: 'Get a prompt of an MCP server',
  about: 'Lets a server that speaks the Model Context Protocol write one of its prompts, to be given to a model.',
  group: 'ai',
  icon: 'message-square-quote',
  input: z.strictObject({
    ...PLACE,
    name: z.string().min(1).max(500).meta({ title: 'Prompt', description: 'Its name, as the server lists it.' }),
    arguments: z
      .record(z.string(), z.string())
      .default({})
      .meta({ title: 'Arguments', description: 'Texts, by name.', ui: 'pairs' }),
  }),
  output: z
    .object({
      description: z.string().meta({ title: 'Description' }),
      messages: z
        .array(
          z
            .object({ role: z.enum(['user', 'assistant']).meta({ title: 'Who says it' }), content: Part })
            .meta({ title: 'Message' }),
        )
        .meta({ title: 'Messages' }),
      text: z.string().meta({ title: 'Text', description: 'All texts of it.' }),
    })
    .meta({ title: 'Prompt' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { server: 'https://mcp.example.com/mcp', name: 'review', arguments: { language: 'TypeScript' } },
    output: {
      description: 'Reviews code.',
      messages: [{ role: 'user', content: { type: 'text', text: 'Review this TypeScript.' } }],
      text: 'Review this TypeScript.',
    },
  },
  run: ({ name, arguments: given, ...place }, context) =>
    withServer(place, context, async ({ client, ask }) => {
      const { description, messages } = await ask(options => client.getPrompt({ name, arguments: given }, options))
      const parts = await partsOf(
        messages.map(one => one.content),
        context.files,
      )
      const said = parts.map((content, at) => ({ role: messages[at]?.role ?? ('user' as const), content }))
      return { description: clean(description), messages: said, text: textOf(parts) }
    }),
})
