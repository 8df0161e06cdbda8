import { z } from 'zod'
import { defineCredential } from '#sdk/define.ts'

/** What both sides of a webhook know. While it is changed there are two of them. */
export const secret = defineCredential({
  id: 'webhook.secret',
  title: 'Secret of a webhook',
  about: 'What callers of a webhook prove that they know: a value of a header, a password, a token or the key of a signature.',
  fields: z.strictObject({
    secret: z.string().min(1).meta({ title: 'Secret', description: 'As the service that calls has it.', ui: 'secret' }),
    previous: z.string().optional().meta({
      title: 'Previous secret',
      description: 'Still taken for a while, so that both sides need not change at the same moment.',
      ui: 'secret',
      advanced: true,
    }),
    previousUntil: z.string().optional().meta({
      title: 'Previous until',
      description:
        'Until when the previous one is taken, such as 2026-05-01T08:30:00Z. Without a time: for as long as it stands here.',
      ui: 'datetime',
      advanced: true,
    }),
  }),
})
