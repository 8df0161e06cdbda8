import { z } from 'zod'

/** The part of JSON Schema that our API is described with. */
export type Schema = {
  $ref?: string | undefined
  type?: string | string[] | undefined
  description?: string | undefined
  format?: string | undefined
  enum?: unknown[] | undefined
  const?: unknown
  default?: unknown
  properties?: Record<string, Schema> | undefined
  required?: string[] | undefined
  items?: Schema | undefined
  additionalProperties?: boolean | Schema | undefined
  anyOf?: Schema[] | undefined
  oneOf?: Schema[] | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  minimum?: number | undefined
  maximum?: number | undefined
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
)
const Content = z.record(z.string(), z.object({ schema: Schema.optional() })).optional()
const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: Schema.optional(),
  description: z.string().optional(),
})
const Operation = z.object({
  operationId: z.string(),
  tags: z.array(z.string()).default([]),
  summary: z.string().default(''),
  description: z.string().default(''),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().default(''), content: Content })).default({}),
})
const Document = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema).default({}) }).default({ schemas: {} }),
})

/** A parameter of a call. */
export type Parameter = z.output<typeof Parameter>

/** One failure a call can answer with. */
export type Fails = { status: string; code: string; title: string }

/** One call, ready to be shown. */
export type Call = {
  id: string
  tag: string
  method: string
  path: string
  summary: string
  about: string
  needs: string
  open: boolean
  parameters: Parameter[]
  body: { type: string; schema: Schema } | null
  reply: { status: string; about: string; type: string; schema: Schema | null }
  fails: Fails[]
}

/** The description of the API, ready to be shown. */
export type Reference = { version: string; about: string; calls: Call[]; schemas: Record<string, Schema> }

/** Reads the description of the API. */
export function referenceOf(document: unknown): Reference {
  const { info, paths, components } = Document.parse(document)
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => callOf(method, path, operation)),
  )
  return { version: info.version, about: info.description, calls, schemas: components.schemas }
}

function callOf(method: string, path: string, operation: z.output<typeof Operation>): Call {
  const [about = '', needs = ''] = operation.description.split(/\n\nNeeds: /)
  const [status, success] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [
    '200',
    { description: '', content: undefined },
  ]
  const [type, content] = first(success.content)
  const [bodyType, bodyContent] = first(operation.requestBody?.content)
  return {
    id: operation.operationId,
    tag: operation.tags[0] ?? '',
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    about: about.slice(operation.summary.length).trim(),
    needs: needs.replace(/\.$/, ''),
    open: operation.security?.length === 0,
    parameters: operation.parameters,
    body: bodyContent?.schema ? { type: bodyType, schema: bodyContent.schema } : null,
    reply: { status, about: success.description, type, schema: content?.schema ?? null },
    fails: Object.entries(operation.responses).flatMap(([code, { description }]) =>
      code.startsWith('2') ? [] : failsOf(code, description),
    ),
  }
}

const first = (content: z.output<typeof Content>): [string, { schema?: Schema | undefined } | undefined] =>
  Object.entries(content ?? {})[0] ?? ['', undefined]

/** A description lists its codes as "`code`: title" in paragraphs. */
const failsOf = (status: string, description: string): Fails[] =>
  [...description.matchAll(/`([\w.]+)`: ([^\n]*)/g)].map(([, code = '', title = '']) => ({ status, code, title }))

/** The calls that have every word of a search in what is shown of them. */
export function found(calls: readonly Call[], search: string): Call[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return calls.filter(call => {
    const text = [
      call.tag,
      call.method,
      call.path,
      call.summary,
      call.about,
      call.needs,
      ...call.parameters.map(one => one.name),
      ...call.fails.map(one => one.code),
    ]
      .join(' ')
      .toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** The calls of each area, in the order they come. */
export function byTag(calls: readonly Call[]): [string, Call[]][] {
  const groups = new Map<string, Call[]>()
  for (const call of calls) groups.set(call.tag, [...(groups.get(call.tag) ?? []), call])
  return [...groups]
}
