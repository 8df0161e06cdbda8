import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { reply } from '#sdk/ending.ts'

/** Names that belong to the server, and those by which a reply would speak for the whole site. */
const SERVERS = new Set(
  'connection content-length date keep-alive proxy-authenticate set-cookie strict-transport-security te trailer transfer-encoding upgrade clear-site-data'.split(
    ' ',
  ),
)

const Headers = z
  .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'This is no name of a header.'), z.union([z.string(), z.number()]))
  .refine(
    headers => !Object.keys(headers).some(name => SERVERS.has(name.toLowerCase())),
    `These headers are set by the server: ${[...SERVERS].join(', ')}.`,
  )
  .refine(
    headers => Object.values(headers).every(value => /^[\t -~\u0080-\u00ff]{0,8000}$/.test(String(value))),
    'A header is one line of plain characters.',
  )

/** Answers the caller. */
export const respond = defineBlock({
  id: 'core.respond',
  version: 1,
  title: 'Respond',
  about: 'Answers the one who called the webhook or the API, once; the workflow goes on. What comes first counts.',
  group: 'flow',
  icon: 'reply',
  input: z.strictObject({
    status: z.int().min(200).max(599).default(200).meta({ title: 'Status', description: 'Such as 200, 201, 400 or 404.' }),
    body: z
      .unknown()
      .optional()
      .meta({ title: 'Body', description: 'A text is sent as it is, anything else as JSON.', ui: 'json' }),
    headers: Headers.default({}).meta({
      title: 'Headers',
      description: 'Such as content-type: text/html.',
      ui: 'pairs',
      advanced: true,
    }),
    redirect: z
      .url({ protocol: /^https?$/, error: 'Give an address that begins with http:// or https://.' })
      .optional()
      .meta({
        title: 'Redirect to',
        description: 'Sends the caller to this address; with a status of 3xx, or else 302.',
        advanced: true,
      }),
  }),
  output: z
    .object({
      status: z.int().meta({ title: 'Status' }),
      headers: z.record(z.string(), z.string()).meta({ title: 'Headers' }),
      body: z.unknown().meta({ title: 'Body' }),
    })
    .meta({ title: 'Reply' }),
  effect: 'pure',
  example: {
    input: { status: 201, body: { id: 4711 } },
    output: { status: 201, headers: {}, body: { id: 4711 } },
  },
  run({ status, headers, body = null, redirect }) {
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
    const it = redirect
      ? { status: status >= 300 && status < 400 ? status : 302, headers: { ...sent, location: redirect }, body }
      : { status, headers: sent, body }
    return reply(it, it)
  },
})
