import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Part, resourceOf, textOf } from './content.ts'
import { CREDENTIALS } from './credentials.ts'
import { PLACE } from './place.ts'
import { withServer } from './session.ts'

/** Reads a resource of an MCP server. */
export const read = defineBlock({
  id: 'mcp.read',
  version: 1,
  title: 'Read a resource of an MCP server',
  about: 'Reads what stands at an address of a server that speaks the Model Context Protocol; what is not text becomes a file.',
  group: 'ai',
  icon: 'book-open',
  input: z.strictObject({
    ...PLACE,
    uri: z
      .string()
      .min(1)
      .max(10_000)
      .meta({ title: 'Address of the resource', description: 'Such as file:///readme.md, as the server lists it.' }),
  }),
  output: z
    .object({
      content: z.array(Part).meta({ title: 'Parts' }),
      text: z.string().meta({ title: 'Text', description: 'All texts of it.' }),
    })
    .meta({ title: 'Resource' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { server: 'https://mcp.example.com/mcp', uri: 'docs://rules' },
    output: { content: [{ type: 'resource', uri: 'docs://rules', mimeType: 'text/plain', text: 'Be kind.' }], text: 'Be kind.' },
  },
  run: ({ uri, ...place }, context) =>
    withServer(place, context, async ({ client, ask }) => {
      const { contents } = await ask(options => client.readResource({ uri }, options))
      const content: Part[] = []
      for (const one of contents) content.push(await resourceOf(one, context.files))
      return { content, text: textOf(content) }
    }),
})
