import { z } from 'zod'

const KINDS = ['none', 'header', 'basic', 'bearer', 'hmac', 'standard', 'github', 'stripe', 'slack'] as const

type Kind = (typeof KINDS)[number]

/** What each kind of proof needs beside the secret. */
const NEEDS: Partial<Record<Kind, readonly ('header' | 'user')[]>> = { header: ['header'], basic: ['user'], hmac: ['header'] }

const shownFor = (...is: Kind[]) => ({ when: { field: 'kind', is } })

/** How a caller proves who it is. */
export const Verify = z
  .strictObject({
    kind: z.enum(KINDS).default('none').meta({
      title: 'Kind',
      description:
        'How a caller proves who it is: nothing, a header with a secret, name and password, a token (as Authorization: Bearer or as X-Api-Key), a signature of the body (HMAC), or the way of Standard Webhooks, GitHub, Stripe or Slack.',
    }),
    secret: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .meta({
        title: 'Secret',
        description:
          'What both sides know: the value of the header, the password, the token or the key of the signature. Better kept in the credential of the node, which takes its place.',
        ui: 'secret',
        ...shownFor('header', 'basic', 'bearer', 'hmac', 'standard', 'github', 'stripe', 'slack'),
      }),
    header: z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'This is no name of a header.')
      .optional()
      .meta({
        title: 'Header',
        description: 'The header with the secret or the signature, such as x-signature.',
        ...shownFor('header', 'hmac'),
      }),
    user: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ title: 'User name', ...shownFor('basic') }),
    algorithm: z
      .enum(['sha256', 'sha1', 'sha512'])
      .default('sha256')
      .meta({ title: 'Hash', advanced: true, ...shownFor('hmac') }),
    encoding: z
      .enum(['hex', 'base64'])
      .default('hex')
      .meta({ title: 'Written as', advanced: true, ...shownFor('hmac') }),
    prefix: z
      .string()
      .max(40)
      .default('')
      .meta({
        title: 'Prefix',
        description: 'What stands before the signature, such as sha256=.',
        advanced: true,
        ...shownFor('hmac'),
      }),
    tolerance: z
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .meta({
        title: 'Tolerance',
        description: 'How many seconds old a signed call may be. Within them the same signed call counts once.',
        advanced: true,
        ...shownFor('standard', 'stripe', 'slack'),
      }),
  })
  .superRefine((it, context) => {
    for (const name of NEEDS[it.kind] ?? [])
      if (it[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: `“${it.kind}” needs \`${name}\`.` })
  })

/** Do these parameters ask for a proof without saying what is to be proved? Then the secret must come from a credential. */
export function lacksSecret(params: unknown): boolean {
  const { kind = 'none', secret } = Object(Object(params).verify)
  return kind !== 'none' && secret === undefined
}
