import type { Client, Prompt, Resource, Tool } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { toolsOf } from './catalogue.ts'
import { clean, line } from './clean.ts'
import { CREDENTIALS } from './credentials.ts'
import { PLACE } from './place.ts'
import { type Session, withServer } from './session.ts'

const text = (title: string, description?: string) => z.string().meta({ title, ...(description ? { description } : {}) })
const Schema = z.record(z.string(), z.unknown())

const Output = z
  .object({
    server: z
      .object({
        name: text('Name'),
        version: text('Version'),
        protocol: text('Protocol', 'The version that is spoken with it.'),
        instructions: text('Instructions', 'What it says of how it is to be used.'),
      })
      .meta({ title: 'Server' }),
    tools: z
      .array(
        z
          .object({
            name: text('Name'),
            title: text('Title'),
            description: text('Description'),
            input: Schema.meta({ title: 'Arguments', description: 'As JSON Schema.' }),
            output: Schema.nullable().meta({
              title: 'Data',
              description: 'What its data looks like, as JSON Schema; null where it does not say.',
            }),
            annotations: Schema.meta({ title: 'Hints', description: 'Such as readOnlyHint; nobody checks them.' }),
          })
          .meta({ title: 'Tool' }),
      )
      .meta({ title: 'Tools' }),
    resources: z
      .array(
        z
          .object({ uri: text('Address'), name: text('Name'), description: text('Description'), mimeType: text('Type') })
          .meta({ title: 'Resource' }),
      )
      .optional()
      .meta({ title: 'Resources' }),
    prompts: z
      .array(
        z
          .object({
            name: text('Name'),
            description: text('Description'),
            arguments: z
              .array(
                z
                  .object({
                    name: text('Name'),
                    description: text('Description'),
                    required: z.boolean().meta({ title: 'Required' }),
                  })
                  .meta({ title: 'Argument' }),
              )
              .meta({ title: 'Arguments' }),
          })
          .meta({ title: 'Prompt' }),
      )
      .optional()
      .meta({ title: 'Prompts' }),
  })
  .meta({ title: 'What the server offers' })

/** Lists what an MCP server offers. */
export const tools = defineBlock({
  id: 'mcp.tools',
  version: 1,
  title: 'List the tools of an MCP server',
  about: 'Asks a server that speaks the Model Context Protocol what it offers: tools, and if wanted resources and prompts.',
  group: 'ai',
  icon: 'list-tree',
  input: z.strictObject({
    ...PLACE,
    resources: z.boolean().default(false).meta({ title: 'Its resources too' }),
    prompts: z.boolean().default(false).meta({ title: 'Its prompts too' }),
  }),
  output: Output,
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { server: 'https://mcp.example.com/mcp' },
    output: {
      server: { name: 'weather', version: '1.0.0', protocol: '2025-11-25', instructions: '' },
      tools: [
        {
          name: 'get_weather',
          title: 'Weather',
          description: 'The weather of a city now.',
          input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          output: null,
          annotations: { readOnlyHint: true },
        },
      ],
    },
  },
  run: ({ resources, prompts, ...place }, context) =>
    withServer(place, context, async session => {
      const { client } = session
      const offers = client.getServerCapabilities() ?? {}
      return {
        server: serverOf(client),
        tools: offers.tools ? (await toolsOf(session)).map(toolOf) : [],
        ...(resources ? { resources: offers.resources ? await resourcesOf(session) : [] } : {}),
        ...(prompts ? { prompts: offers.prompts ? await promptsOf(session) : [] } : {}),
      }
    }),
})

function serverOf(client: Client) {
  const { name, version } = client.getServerVersion() ?? { name: '', version: '' }
  return {
    name: line(name, 200),
    version: line(version, 100),
    protocol: client.getNegotiatedProtocolVersion() ?? '',
    instructions: clean(client.getInstructions(), 10_000),
  }
}

const toolOf = ({ name, title, description, inputSchema, outputSchema, annotations }: Tool) => ({
  name: clean(name, 500),
  title: line(title ?? annotations?.title),
  description: clean(description),
  input: inputSchema,
  output: outputSchema ?? null,
  annotations: annotations ?? {},
})

async function resourcesOf({ client, ask }: Session) {
  const { resources } = await ask(options => client.listResources(undefined, options))
  return resources.map(({ uri, name, title, description, mimeType }: Resource) => ({
    uri,
    name: line(title ?? name),
    description: clean(description),
    mimeType: line(mimeType, 100),
  }))
}

async function promptsOf({ client, ask }: Session) {
  const { prompts } = await ask(options => client.listPrompts(undefined, options))
  return prompts.map(({ name, description, arguments: taken = [] }: Prompt) => ({
    name: clean(name, 500),
    description: clean(description),
    arguments: taken.map(one => ({ name: line(one.name), description: clean(one.description), required: one.required ?? false })),
  }))
}
