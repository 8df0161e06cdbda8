import { z } from 'zod'
import { Refused } from '#sdk/fail.ts'

const http = { when: { field: 'via', is: ['http', 'sse'] } }
const program = { when: { field: 'via', is: ['program'] } }

/** Where an MCP server is, and how long one waits for it: fields of every block that uses one. */
export const PLACE = {
  via: z.enum(['http', 'sse', 'program']).default('http').meta({
    title: 'Reached by',
    description:
      'http: an address (Streamable HTTP). sse: an address of an older server, which often ends in /sse. program: a program that is started here, if the operator allowed it.',
  }),
  server: z
    .string()
    .trim()
    .default('')
    .meta({ title: 'Address', description: 'Such as https://mcp.example.com/mcp.', ...http }),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta({
      title: 'Headers',
      description: 'Sent along. Secrets belong into a credential.',
      ui: 'pairs',
      advanced: true,
      ...http,
    }),
  command: z
    .string()
    .trim()
    .default('')
    .meta({
      title: 'Program',
      description: 'Such as npx. MCP_COMMANDS on the server says which programs may be started, and with which arguments.',
      ...program,
    }),
  args: z
    .array(z.string())
    .max(100)
    .default([])
    .meta({ title: 'Arguments', description: 'Each is one word for the program.', ui: 'list', ...program }),
  env: z
    .record(z.string(), z.string())
    .default({})
    .meta({
      title: 'Variables',
      description: 'Of its environment, as far as MCP_COMMANDS names them. Secrets belong into a credential.',
      ui: 'pairs',
      ...program,
    }),
  timeout: z.int().min(1).max(3_600_000).default(60_000).meta({
    title: 'Time limit (ms)',
    description: 'Milliseconds for one question to the server.',
    advanced: true,
  }),
  maxBytes: z
    .int()
    .min(1)
    .max(2 ** 28)
    .default(25 * 2 ** 20)
    .meta({ title: 'Largest answer (bytes)', advanced: true, ...http }),
}

/** Where a server is, filled in. */
export type Place = z.output<z.ZodObject<typeof PLACE>>

/** The address of a server that speaks HTTP. */
export function addressOf({ server }: Place): URL {
  if (server === '')
    throw new Refused('mcp.no_server', 'No MCP server is named: fill in `server`, such as https://mcp.example.com/mcp.')
  const url = URL.parse(server)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Refused(
      'mcp.bad_address',
      `${server.slice(0, 200)} is no address of an MCP server; it begins with https:// or http://.`,
    )
  if (url.username !== '' || url.password !== '')
    throw new Refused(
      'mcp.bad_address',
      'The address of the MCP server has a name or a password in it; use a credential instead.',
    )
  return url
}

/** What the server is called in messages. */
export const nameOf = ({ via, server, command }: Place): string =>
  via === 'program' ? `The program ${command.slice(0, 100)}` : `The MCP server ${URL.parse(server)?.host ?? server.slice(0, 100)}`
