import { z } from 'zod'
import { contract, Id } from '#http/contract.ts'
import { DOCUMENT_LIMIT, given, Problem, unread, WorkflowDocument } from '#workflows/contract.ts'
import { Changes } from '#workflows/versions/contract.ts'

const isZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

/** How long the whole of it may take, in milliseconds: a slow model and three repairs. */
export const TIME = 5 * 60_000

const Made = z
  .object({
    workflow: WorkflowDocument,
    workflowId: z.string().nullable(),
    rev: z.int().nullable().meta({ description: 'Of the draft that was changed; send it along when you save.' }),
    explanation: z.string().meta({ description: 'In the language of the request.' }),
    problems: z.array(Problem),
    changes: Changes,
    model: z.string(),
    demo: z.boolean().meta({ description: 'No AI has made it: the demo knows a few patterns.' }),
    repairs: z.int().meta({ description: 'How often the model was asked to mend what it had made.' }),
    usage: z.object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      cost: z.number().nullable().meta({ description: 'Dollars; null where the price is not known.' }),
    }),
  })
  .meta({ id: 'MadeWorkflow' })

/** Makes a workflow of a sentence. */
export const generateWorkflow = contract({
  method: 'post',
  path: '/api/ai/generate-workflow',
  area: 'ai',
  needs: 'editor',
  about:
    'Make a workflow of a sentence, or change one: that of `workflowId`, or the unsaved one in `document`. Nothing is saved; what is answered can be sent to `POST /api/workflows` or `PUT /api/workflows/:id`. What is left of `problems` a person must mend. Without `model` the first model that can write is asked, and where there is none the demo.',
  body: z.strictObject({
    prompt: z.string().trim().min(1, { error: 'must not be empty' }).max(8_000),
    workflowId: Id.shape.id.optional(),
    document: z.strictObject({ ...given, ...unread, rev: z.unknown().optional(), folderId: z.unknown().optional() }).optional(),
    model: z
      .string()
      .max(300)
      .regex(/^[\w.-]+\/\S+$/, { error: 'must be provider/model' })
      .optional(),
    timezone: z
      .string()
      .max(64)
      .refine(isZone, { error: 'is no time zone such as Europe/Berlin' })
      .optional()
      .meta({ description: 'Where the person is; that of the workflow, or UTC, unless said.' }),
  }),
  reply: Made,
  limit: DOCUMENT_LIMIT,
  time: TIME + 5_000,
  share: 20,
  events:
    '`thinking` (a model was asked), `draft` (a node it has designed, as it writes), `problems` (what is wrong with what it made), `repair` (it is asked again), and at the end `done` with the whole answer, or `error`.',
  fails: [
    'workflow.not_found',
    'ai.refused',
    'ai.busy',
    'ai.too_slow',
    'ai.no_workflow',
    'outbound.blocked',
    'outbound.unknown_host',
    'outbound.unreachable',
    'outbound.timeout',
  ],
})
