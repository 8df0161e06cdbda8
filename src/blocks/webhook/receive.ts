import { z } from 'zod'
import { defineTrigger } from '#sdk/define.ts'
import { Dedupe, Origin, Range, Rate } from './limits.ts'
import { secret } from './secret.ts'
import { lacksSecret, Verify } from './verify.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

/** No webhook takes more than this. */
const LARGEST = 16 * 2 ** 20

/** Another program calls. */
export const receive = defineTrigger({
  id: 'webhook.receive',
  version: 1,
  title: 'Webhook',
  about: 'Starts when another program calls the address of this node.',
  icon: 'webhook',
  start: { kind: 'webhook', by: 'call' },
  credentials: [secret],
  credentialNeeded: lacksSecret,
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
      description: 'A JSON Schema. What does not fit is refused with 422, and kept so that it can be started all the same.',
      ui: 'json',
      advanced: true,
    }),
    dedupe: Dedupe.optional().meta({
      title: 'Same call',
      description:
        'What is the same in calls that are repeated: only the first of them starts the workflow. A text with expressions, such as {{ trigger.headers["x-delivery-id"] }}, or by a header, an expression or the body.',
      advanced: true,
    }),
    allow: z.array(Range).min(1).max(200).optional().meta({
      title: 'Allowed addresses',
      description:
        'Addresses and ranges such as 10.0.0.0/8 or 2001:db8::/32. Others are refused with 403. Without a list, all may call.',
      ui: 'list',
      advanced: true,
    }),
    rate: Rate.optional().meta({
      title: 'Most calls',
      description: 'More than so many in that time are refused with 429. Each server counts for itself.',
      advanced: true,
    }),
    size: z.int().min(1).max(LARGEST).optional().meta({
      title: 'Largest body',
      description:
        'In bytes, as it comes and unpacked; a larger one is refused with 413. At most 16 MiB, which is also what counts without it.',
      advanced: true,
    }),
    origins: z.array(Origin).min(1).max(50).optional().meta({
      title: 'Pages that may call',
      description:
        'Origins of web pages such as https://shop.example, or * for any. Without them no page of another site may call.',
      ui: 'list',
      advanced: true,
    }),
  }),
  output: z
    .object({
      body: z.unknown().meta({ title: 'Body', description: 'Parsed when it is JSON or a form, else a text.' }),
      headers: z.record(z.string(), z.unknown()).meta({ title: 'Headers', description: 'Their names in small letters.' }),
      query: z.record(z.string(), z.unknown()).meta({ title: 'Query' }),
      method: z.string().meta({ title: 'Method' }),
      path: z.string().meta({
        title: 'Path',
        description: 'What follows the address of the webhook, as it was sent: nothing, or such as /orders/7.',
      }),
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
