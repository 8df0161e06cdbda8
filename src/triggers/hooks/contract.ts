import { z } from 'zod'
import { contract, Id, raw, Time } from '#http/contract.ts'

const MONTH = 30 * 86_400

/** Changes the secret of a webhook. */
export const changeSecret = contract({
  method: 'post',
  path: '/api/triggers/:id/secret',
  area: 'triggers',
  needs: 'editor',
  creates: true,
  about:
    'Change the secret in the credential of a webhook. The one before is still taken for `keepPrevious` seconds, a day unless said. The new one, given or made by chance, is answered this once.',
  params: Id,
  body: z.strictObject({
    secret: z.string().min(1).max(1000).optional().meta({ description: 'Without it one is made.' }),
    keepPrevious: z.int().min(0).max(MONTH).default(86_400),
  }),
  reply: z.object({ secret: z.string(), previousUntil: Time.nullable() }),
  fails: ['trigger.not_found', 'trigger.no_secret', 'credential.unreadable'],
})

/** An address that waits for one call. */
const Rehearsal = z
  .object({
    id: z.string().meta({ description: 'The last part of the address.' }),
    url: z.string(),
    workflowId: z.string(),
    nodeId: z.string(),
    state: z.enum(['waiting', 'heard', 'expired']),
    until: Time.meta({ description: 'Until when it takes a call.' }),
    heardAt: Time.nullable(),
    refused: z
      .object({ at: Time, code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why the last call was not taken. It goes on waiting.' }),
    sample: z.unknown().meta({ description: 'What `{{ trigger }}` would have been.' }),
  })
  .meta({ id: 'Rehearsal' })

/** Makes an address for a test call. */
export const rehearse = contract({
  method: 'post',
  path: '/api/workflows/:id/rehearse',
  area: 'triggers',
  needs: 'editor',
  status: 201,
  creates: true,
  about:
    'Make an address for one test call of a webhook of the draft, which need not be published: for ten minutes, verified as the node says. Nothing is started.',
  params: Id,
  body: z.strictObject({
    node: z.string().min(1).max(100).optional().meta({ description: 'Its id or key; without it the only webhook there is.' }),
  }),
  reply: z.object({ id: z.string(), url: z.string(), until: Time }),
  fails: ['workflow.not_found', 'workflow.archived', 'node.not_found', 'trigger.not_a_trigger'],
})

/** How a test call stands. */
export const rehearsal = contract({
  method: 'get',
  path: '/api/rehearsals/:id',
  area: 'triggers',
  needs: 'editor',
  about: 'How an address for a test call stands, and what came.',
  params: Id,
  reply: Rehearsal,
  fails: ['rehearsal.not_found'],
})

/** A test call as it comes. */
export const rehearsalEvents = contract({
  method: 'get',
  path: '/api/rehearsals/:id/events',
  area: 'triggers',
  needs: 'editor',
  about:
    'What happens at an address for a test call, as server-sent events: `waiting`, `refused` as often as it happens, and at the end `heard` with the sample, or `expired`.',
  params: Id,
  reply: raw('stream', 'text/event-stream', 'Each event is how the test call stands.'),
  fails: ['rehearsal.not_found'],
})
