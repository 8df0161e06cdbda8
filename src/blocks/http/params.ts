import { z } from 'zod'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
const BODIES = ['none', 'json', 'form', 'multipart', 'text', 'file'] as const

const Simple = z.union([z.string(), z.number(), z.boolean(), z.null()])
const Pairs = z.record(z.string(), z.union([Simple, z.array(Simple)]))
const File = z.union([z.string().min(1), z.looseObject({ id: z.string().min(1) })])

const Part = z.strictObject({
  name: z.string().min(1).meta({ title: 'Name' }),
  value: Simple.optional().meta({ title: 'Value', description: 'The text of the field.' }),
  file: File.optional().meta({ title: 'File', description: 'A file instead of a text.', ui: 'file' }),
  fileName: z.string().optional().meta({ title: 'File name', description: 'That of the file unless said.' }),
  type: z.string().optional().meta({ title: 'Type', description: 'That of the file unless said, such as text/csv.' }),
})

const path = (title: string, description: string) => z.string().meta({ title, description })
const parameter = (name: string) =>
  z.string().min(1).default(name).meta({ title: 'Parameter', description: 'What the service calls it.' })
const place = z.enum(['query', 'body']).default('query').meta({
  title: 'Where the parameter goes',
  description: 'query: into the address. body: into the JSON that is sent.',
  advanced: true,
})
const size = z.int().min(1).max(100_000)
const common = {
  items: path('Where the entries are', 'Such as body.items; left empty, the body itself or the only list in it.').default(''),
  maxPages: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ title: 'Most pages', description: 'It stops there, whatever follows.' }),
  more: path('Go on while', 'A field that is true while there is more, such as body.has_more.').optional(),
  pause: z
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .meta({ title: 'Pause (ms)', description: 'Milliseconds between two pages.', advanced: true }),
}

const Pagination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).meta({ title: 'One page' }),
  z
    .strictObject({
      kind: z.literal('page'),
      parameter: parameter('page'),
      start: z.int().min(0).default(1).meta({ title: 'First page' }),
      sizeParameter: z.string().optional().meta({ title: 'Parameter for the size' }),
      size: size.optional().meta({ title: 'Entries per page', description: 'A page with fewer is the last one.' }),
      place,
      ...common,
    })
    .meta({ title: 'Page numbers' }),
  z
    .strictObject({
      kind: z.literal('offset'),
      parameter: parameter('offset'),
      start: z.int().min(0).default(0).meta({ title: 'First entry' }),
      sizeParameter: z.string().default('limit').meta({ title: 'Parameter for the size' }),
      size: size.default(100).meta({ title: 'Entries per page', description: 'A page with fewer is the last one.' }),
      place,
      ...common,
    })
    .meta({ title: 'Number of entries to skip' }),
  z
    .strictObject({
      kind: z.literal('cursor'),
      parameter: parameter('cursor'),
      from: path('Where the cursor is', 'Such as body.next_cursor; where it is empty, that was the last page.').default(
        'body.next_cursor',
      ),
      place,
      ...common,
    })
    .meta({ title: 'Cursor of the last answer' }),
  z
    .strictObject({
      kind: z.literal('next'),
      from: path('Where the next address is', 'Such as body.next; left out, it is taken from the header Link.').optional(),
      ...common,
    })
    .meta({ title: 'Address of the next page' }),
])

/** How pages are asked for. */
export type Paging = z.output<typeof Pagination>

const sends = (...is: (typeof BODIES)[number][]) => ({ when: { field: 'bodyKind', is } })

/** What one fills in. */
export const Input = z.strictObject({
  method: z
    .preprocess(value => (typeof value === 'string' ? value.trim().toUpperCase() : value), z.enum(METHODS))
    .default('GET')
    .meta({ title: 'Method', description: 'GET reads, POST creates or sends, PUT and PATCH change, DELETE removes.' }),
  url: z.string().trim().min(1).meta({ title: 'Address', description: 'Begins with https:// or http://.' }),
  query: Pairs.default({}).meta({
    title: 'Parameters of the address',
    description: 'Added behind the ?. A list gives one parameter for each entry; what is empty (null) is left out.',
    ui: 'pairs',
  }),
  headers: z
    .record(z.string(), Simple)
    .default({})
    .meta({ title: 'Headers', description: 'Such as Accept: application/json. Secrets belong into a credential.', ui: 'pairs' }),
  bodyKind: z.enum(BODIES).optional().meta({
    title: 'Send',
    description: 'What the body is; left out, it follows from what is filled in below.',
  }),
  body: z
    .unknown()
    .optional()
    .meta({ title: 'JSON', description: 'Sent as JSON.', ui: 'json', ...sends('json') }),
  form: Pairs.optional().meta({ title: 'Form', description: 'Sent like a form of a web page.', ui: 'pairs', ...sends('form') }),
  multipart: z
    .array(Part)
    .max(1_000)
    .optional()
    .meta({ title: 'Parts', description: 'Fields and files, sent like a form with uploads.', ui: 'list', ...sends('multipart') }),
  text: z
    .string()
    .optional()
    .meta({ title: 'Text', description: 'Sent as it is.', ui: 'longtext', ...sends('text') }),
  file: File.optional().meta({ title: 'File', description: 'Its bytes are the body.', ui: 'file', ...sends('file') }),
  contentType: z
    .string()
    .optional()
    .meta({ title: 'Content type', description: 'Such as application/xml.', ...sends('text', 'file') }),
  response: z.enum(['auto', 'json', 'text', 'file']).default('auto').meta({
    title: 'Answer',
    description: 'auto: JSON and text as such, anything else as a file.',
  }),
  pagination: Pagination.default({ kind: 'none' }).meta({ title: 'Pages', description: 'Fetches all pages of a list.' }),
  acceptAnyStatus: z.boolean().default(false).meta({
    title: 'Accept any status',
    description: 'Otherwise a status of 400 or more makes the node fail.',
    advanced: true,
  }),
  followRedirects: z.boolean().default(true).meta({ title: 'Follow redirects', advanced: true }),
  redirects: z
    .int()
    .min(0)
    .max(20)
    .default(5)
    .meta({ title: 'Most redirects', advanced: true, when: { field: 'followRedirects', is: [true] } }),
  timeout: z.int().min(1).max(3_600_000).default(60_000).meta({
    title: 'Time limit (ms)',
    description: 'Milliseconds for one call, until the last byte of the answer.',
    advanced: true,
  }),
  maxBytes: z
    .int()
    .min(1)
    .max(2 ** 30)
    .default(25 * 2 ** 20)
    .meta({ title: 'Largest answer (bytes)', description: 'Counted after unpacking.', advanced: true }),
  proxy: z.string().optional().meta({
    title: 'Proxy',
    description: 'The address of an HTTP proxy to go through, such as http://proxy.example.org:3128.',
    advanced: true,
  }),
  idempotencyHeader: z.string().optional().meta({
    title: 'Header for the idempotency key',
    description: 'Such as Idempotency-Key. The service then does it only once, and we may try again safely.',
    advanced: true,
  }),
})

/** What one filled in. */
export type Params = z.output<typeof Input>

/** What comes out. */
export const Output = z
  .object({
    status: z.int().meta({ title: 'Status' }),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).meta({ title: 'Headers' }),
    body: z.unknown().meta({ title: 'Body', description: 'JSON as a value, text as text, anything else as a file.' }),
    url: z.string().meta({ title: 'Address', description: 'Where it ended, after redirects.' }),
    items: z.array(z.unknown()).optional().meta({ title: 'Entries', description: 'Of all pages.' }),
    pages: z.int().optional().meta({ title: 'Pages', description: 'How many were fetched.' }),
  })
  .meta({ title: 'Answer' })
