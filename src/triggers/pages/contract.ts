import { z } from 'zod'
import { contract, raw } from '#http/contract.ts'

/** A part of an address that opens something; what does not open anything is not found. */
const Token = z.string().max(500)
const Key = z.strictObject({ key: Token })
const Follow = z.strictObject({ follow: Token })

/** Calls per minute and address: looking, trying passwords, sending, following. */
const RATES = { look: 120, unlock: 10, send: 30, follow: 600 }

/** A field as a page draws it. */
const Field = z.object({
  name: z.string(),
  title: z.string(),
  type: z.enum(['text', 'longtext', 'number', 'boolean', 'choice', 'multichoice', 'date', 'email', 'url', 'file', 'files']),
  required: z.boolean(),
  default: z.unknown().optional(),
  options: z.array(z.string()).optional(),
  placeholder: z.string().optional(),
  help: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

/** What is shared: a form or a chat, and what it asks for. */
const Form = z
  .object({
    locked: z.literal(false),
    as: z.enum(['form', 'chat']),
    title: z.string().nullable(),
    description: z.string().nullable(),
    submit: z.string().nullable().meta({ description: 'The words on the button.' }),
    result: z.enum(['message', 'output', 'stream']),
    message: z.string().nullable().meta({ description: 'What is to be shown after sending.' }),
    fields: z.array(Field),
  })
  .meta({ id: 'PublicForm' })

/** Nothing else is said before the password is shown. */
const Locked = z.object({ locked: z.literal(true) })

/** Looks at a shared form. */
export const form = contract({
  method: 'get',
  path: '/api/public/forms/:key',
  area: 'forms',
  needs: 'nobody',
  about:
    'A form or chat that was shared by its link. With a password only `locked` is said, until `token` is what `unlock` answered.',
  params: Key,
  query: z.strictObject({ token: Token.optional() }),
  reply: z.union([Form, Locked]),
  rate: RATES.look,
  fails: ['form.not_found'],
})

/** Shows the password. */
export const unlock = contract({
  method: 'post',
  path: '/api/public/forms/:key/unlock',
  area: 'forms',
  needs: 'nobody',
  about: 'Show the password of a form; the token opens it for an hour.',
  params: Key,
  body: z.strictObject({ password: z.string().min(1).max(200) }),
  reply: z.object({ token: z.string() }),
  rate: RATES.unlock,
  limit: 4096,
  fails: ['form.not_found', 'form.wrong_password'],
})

/** Sends what was filled in. */
export const submit = contract({
  method: 'post',
  path: '/api/public/forms/:key',
  area: 'forms',
  needs: 'nobody',
  status: 202,
  about:
    'Fill in a form, or say something in a chat (`values.message`, and if there are any `values.files` and `values.history`, a list of `{ from: "me" | "you", text }`). The answer comes when it is on disk; `follow` tells what becomes of it. The same `submission` with the same values starts once.',
  params: Key,
  body: z.strictObject({
    values: z.record(z.string(), z.unknown()),
    token: Token.optional().meta({ description: 'What `unlock` answered, where there is a password.' }),
    conversation: z
      .string()
      .regex(/^[\w-]{8,64}$/, { error: 'must have 8 to 64 letters, digits, _ or -' })
      .optional(),
    submission: z
      .string()
      .regex(/^[\w-]{16,64}$/, { error: 'must have 16 to 64 letters, digits, _ or -' })
      .optional()
      .meta({ description: 'A name by chance for this attempt, so that sending it again is safe.' }),
  }),
  reply: z.object({ id: z.string(), follow: z.string(), conversation: z.string().nullable() }),
  rate: RATES.send,
  limit: 512 * 1024,
  fails: ['form.not_found', 'form.locked', 'execution.bad_input', 'execution.backlog', 'execution.quota', 'storage.full'],
})

/** Sends a file for a field. */
export const submitFile = contract({
  method: 'post',
  path: '/api/public/forms/:key/files',
  area: 'forms',
  needs: 'nobody',
  status: 201,
  upload: true,
  about:
    'Send one file as multipart/form-data for a field of a form; `file` of the answer is what stands for it in `values`. With a password `token` is a field before the file.',
  params: Key,
  reply: z.object({ file: z.string(), name: z.string(), type: z.string(), size: z.number() }),
  rate: RATES.send,
  fails: [
    'form.not_found',
    'form.locked',
    'form.no_files',
    'file.missing',
    'file.too_large',
    'request.bad_multipart',
    'request.wrong_type',
    'request.too_slow',
    'storage.full',
  ],
})

/** What became of it. */
const Result = z
  .object({
    status: z.enum(['queued', 'running', 'paused', 'completed', 'failed', 'cancelled']),
    output: z.unknown().optional().meta({ description: 'What came of it, where the form shows that.' }),
    text: z.string().optional().meta({ description: 'The answer of a chat.' }),
    message: z.string().optional().meta({ description: 'What the form says after sending.' }),
    error: z.string().optional(),
    id: z.string().meta({ description: 'What to name when asking about it.' }),
  })
  .meta({ id: 'PublicResult' })

/** Follows what was sent. */
export const result = contract({
  method: 'get',
  path: '/api/public/runs/:follow',
  area: 'forms',
  needs: 'nobody',
  about:
    'What became of what was sent: for a day, and only for the one who sent it. Files of an output have links that are signed.',
  params: Follow,
  reply: Result,
  rate: RATES.follow,
  fails: ['form.not_found'],
})

/** The same, as it happens. */
export const resultEvents = contract({
  method: 'get',
  path: '/api/public/runs/:follow/events',
  area: 'forms',
  needs: 'nobody',
  about:
    'Server-sent events: `status` when that changes, and `end` with the result. Where the form streams also `text` with a piece of what is said meanwhile: `{ part, at, text }`, `at` being its place in that part.',
  params: Follow,
  reply: raw('stream', 'text/event-stream', 'The events `status`, `text` and `end`.'),
  rate: RATES.follow,
  fails: ['form.not_found'],
})

/** The bytes of a file that an output names. */
export const resultFile = contract({
  method: 'get',
  path: '/api/public/files/:file',
  area: 'forms',
  needs: 'nobody',
  about: 'A file of an output, as an attachment; its link is signed and ends.',
  params: z.strictObject({ file: Token }),
  reply: raw('file', 'application/octet-stream', 'The bytes.'),
  rate: RATES.follow,
  fails: ['form.not_found', 'file.not_found'],
})
