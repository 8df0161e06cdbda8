import { z } from 'zod'
import { defineCredential } from '#sdk/define.ts'

const secret = (title: string, description: string) => z.string().min(1).meta({ title, description, ui: 'secret' })
const word = (title: string, description: string) => z.string().min(1).meta({ title, description })

const scope = z.string().optional().meta({
  title: 'Scope',
  description: 'What the token is for, several with blanks between them; left out, what the server asks for.',
})
const issuer = word(
  'Issuer',
  'The address of the authorization server that this client belongs to. Whatever an MCP server names, only this one is shown the secret.',
)

const bearer = defineCredential({
  id: 'mcp.bearer',
  title: 'Token',
  about: 'Signs in at an MCP server with a token in the header Authorization (Bearer).',
  fields: z.strictObject({ token: secret('Token', 'Without the word Bearer.') }),
})

const header = defineCredential({
  id: 'mcp.header',
  title: 'Key in a header',
  about: 'Signs in at an MCP server with a key in a header that it names, such as X-Api-Key.',
  fields: z.strictObject({
    name: word('Header', 'Such as X-Api-Key.'),
    value: secret('Key', 'The whole value of the header.'),
  }),
})

const oauth = defineCredential({
  id: 'mcp.oauth',
  title: 'OAuth client with a secret',
  about: 'Gets a token with the id and the secret of a client (client credentials), where the MCP server says.',
  fields: z.strictObject({
    clientId: word('Client id', 'As the authorization server shows it.'),
    clientSecret: secret('Client secret', 'As the authorization server shows it.'),
    scope,
    issuer,
  }),
})

const jwt = defineCredential({
  id: 'mcp.jwt',
  title: 'OAuth client with a private key',
  about: 'Gets a token with an assertion that is signed by a private key (private_key_jwt), where the MCP server says.',
  fields: z.strictObject({
    clientId: word('Client id', 'As the authorization server shows it.'),
    privateKey: secret('Private key', 'In PEM (PKCS 8), with its first and last line.'),
    algorithm: z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']).default('ES256').meta({
      title: 'Algorithm',
      description: 'What the key is for.',
    }),
    scope,
    issuer,
  }),
})

const more = (which: string) =>
  ({
    name: z
      .string()
      .optional()
      .meta({ title: `${which} variable`, advanced: true }),
    value: z
      .string()
      .optional()
      .meta({ title: `${which} value`, ui: 'secret', advanced: true }),
  }) as const

const second = more('Second')
const third = more('Third')

const env = defineCredential({
  id: 'mcp.env',
  title: 'Variables of a program',
  about: 'Secrets for an MCP server that is started as a program, in variables of its environment.',
  fields: z.strictObject({
    name: word('Variable', 'Such as GITHUB_TOKEN.'),
    value: secret('Value', 'What it is set to.'),
    name2: second.name,
    value2: second.value,
    name3: third.name,
    value3: third.value,
  }),
})

/** The ways to sign in at an MCP server. */
export const CREDENTIALS = [bearer, header, oauth, jwt, env]
