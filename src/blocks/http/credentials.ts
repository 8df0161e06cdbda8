import { z } from 'zod'
import { defineCredential } from '#sdk/define.ts'

const secret = (title: string, description: string) => z.string().min(1).meta({ title, description, ui: 'secret' })
const word = (title: string, description: string) => z.string().min(1).meta({ title, description })

const basic = defineCredential({
  id: 'http.basic',
  title: 'User name and password',
  about: 'Signs in with a user name and a password (basic authentication).',
  fields: z.strictObject({
    user: word('User name', 'As the service knows it.'),
    password: z.string().meta({ title: 'Password', description: 'May be empty where the service says so.', ui: 'secret' }),
  }),
})

const bearer = defineCredential({
  id: 'http.bearer',
  title: 'Token',
  about: 'Signs in with a token in the header Authorization (Bearer).',
  fields: z.strictObject({ token: secret('Token', 'Without the word Bearer.') }),
})

const header = defineCredential({
  id: 'http.header',
  title: 'Key in a header',
  about: 'Signs in with a key in a header that the service names, such as X-Api-Key.',
  fields: z.strictObject({
    name: word('Header', 'Such as X-Api-Key.'),
    value: secret('Key', 'The whole value of the header.'),
  }),
})

const query = defineCredential({
  id: 'http.query',
  title: 'Key in the address',
  about: 'Signs in with a key that stands in the address, such as ?api_key=….',
  fields: z.strictObject({ name: word('Parameter', 'Such as api_key.'), value: secret('Key', 'The value of the parameter.') }),
})

const oauth2 = defineCredential({
  id: 'http.oauth2',
  title: 'OAuth 2 (client credentials)',
  about: 'Gets a token with the id and the secret of a client, and gets a new one when it has expired.',
  fields: z.strictObject({
    tokenUrl: z.url().meta({ title: 'Token address', description: 'Where the service gives out tokens.' }),
    clientId: word('Client id', 'As the service shows it.'),
    clientSecret: secret('Client secret', 'As the service shows it.'),
    scope: z
      .string()
      .optional()
      .meta({ title: 'Scope', description: 'What the token is for; several with blanks between them.' }),
    audience: z.string().optional().meta({ title: 'Audience', description: 'Some services ask for it.', advanced: true }),
    authentication: z.enum(['header', 'body']).default('header').meta({
      title: 'How the client signs in',
      description: 'header: as user name and password. body: in the form that is sent.',
      advanced: true,
    }),
  }),
})

/** The ways to sign in at a service. */
export const CREDENTIALS = [basic, bearer, header, query, oauth2]
