import { z } from 'zod'
import { defineTrigger } from '#sdk/define.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const
const KINDS = ['none', 'header', 'basic', 'bearer', 'hmac', 'standard', 'github', 'stripe', 'slack'] as const

type Kind = (typeof KINDS)[number]

/** What each kind of proof needs beside the secret. */
const NEEDS: Partial<Record<Kind, readonly ('header' | 'user')[]>> = { header: ['header'], basic: ['user'], hmac: ['header'] }

const shownFor = (...is: Kind[]) => ({ when: { field: 'kind', is } })

const Verify = z
  .strictObject({
    kind: z.enum(KINDS).default('none').meta({
      title: 'Kind',
      description:
        'How a caller proves who it is: nothing, a header with a secret, name and password, a bearer token, a signature (HMAC), or the way of Standard Webhooks, GitHub, Stripe or Slack.',
    }),
    secret: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .meta({
        title: 'Secret',
        description: 'What both sides know: the value of the header, the password, the token or the key of the signature.',
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
        description: 'How many seconds old a signed call may be.',
        advanced: true,
        ...shownFor('standard', 'stripe', 'slack'),
      }),
  })
  .superRefine((it, context) => {
    const needed = it.kind === 'none' ? [] : (['secret', ...(NEEDS[it.kind] ?? [])] as const)
    for (const name of needed)
      if (it[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: `“${it.kind}” needs \`${name}\`.` })
  })

/** Another program calls. */
export const receive = defineTrigger({
  id: 'webhook.receive',
  version: 1,
  title: 'Webhook',
  about: 'Starts when another program calls the address of this node.',
  icon: 'webhook',
  start: { kind: 'webhook', by: 'call' },
  input: z.strictObject({
    reply: z.enum(['accepted', 'finished', 'respond', 'stream']).default('accepted').meta({
      title: 'Answer',
      description:
        'accepted: 202 at once. finished: the output, when the workflow has ended. respond: what the Respond node says. stream: what happens, as it happens.',
    }),
    methods: z
      .array(z.enum(METHODS))
      .min(1)
      .default(['POST'])
      .meta({ title: 'Methods', description: 'Others are refused with 405.', ui: 'list' }),
    verify: Verify.prefault({}).meta({ title: 'Who may call', description: 'Without a proof, everybody who knows the address.' }),
    schema: z.record(z.string(), z.unknown()).optional().meta({
      title: 'Schema of the body',
      description: 'A JSON Schema. What does not fit is refused with 400.',
      ui: 'json',
      advanced: true,
    }),
    dedupe: z.string().max(500).optional().meta({
      title: 'Same call',
      description:
        'What is the same in calls that are repeated, such as {{ trigger.headers["x-delivery-id"] }}: only the first of them starts the workflow.',
      advanced: true,
    }),
  }),
  output: z
    .object({
      body: z.unknown().meta({ title: 'Body', description: 'Parsed when it is JSON or a form, else a text.' }),
      headers: z.record(z.string(), z.unknown()).meta({ title: 'Headers', description: 'Their names in small letters.' }),
      query: z.record(z.string(), z.unknown()).meta({ title: 'Query' }),
      method: z.string().meta({ title: 'Method' }),
      path: z.string().meta({ title: 'Path', description: 'What follows the address of the webhook.' }),
      files: z.array(z.unknown()).meta({ title: 'Files', description: 'Files of a form.' }),
    })
    .meta({ title: 'Call' }),
  later: ['dedupe'],
  example: {
    input: { reply: 'accepted', verify: { kind: 'hmac', header: 'x-signature', secret: 'shared-secret', prefix: 'sha256=' } },
    output: {
      body: { id: 4711, event: 'order.paid' },
      headers: { 'content-type': 'application/json' },
      query: {},
      method: 'POST',
      path: '',
      files: [],
    },
  },
})
