import { z } from 'zod'
import { type Code, catalogue } from '#errors.ts'
import { type Contract, contract, isRaw, raw } from './contract.ts'
import { Failure } from './failure.ts'
import { type Frame, serve } from './serve.ts'

type Json = Record<string, unknown>

/** What every endpoint of its kind may answer besides what it declares. */
const ALWAYS: Code[] = ['request.invalid', 'request.too_many', 'server.fault']
const WITH_BODY: Code[] = ['request.bad_json', 'request.too_large', 'request.wrong_type']

/** Contracts as OpenAPI 3.1. The same contracts give the same text. */
function openApi(contracts: readonly Contract[], about: { version: string; server: string }): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  for (const one of contracts) {
    const path = one.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [one.method]: operation(one, schemas) }
  }
  schema(Failure, 'output', schemas)
  return {
    openapi: '3.1.0',
    info: {
      title: 'PromptPilot',
      version: about.version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The HTTP API of PromptPilot. Sign in with a session cookie, or send a session token or an API key as bearer token or as `x-api-key`. The workspace is the active one, or the one named in `x-workspace`.',
    },
    servers: [{ url: about.server }],
    tags: [...new Set(contracts.map(one => one.area))].map(name => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A session token or an API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'promptpilot.session_token' },
      },
    },
  }
}

function operation(one: Contract, schemas: Json): Json {
  return {
    operationId: operationId(one),
    tags: [one.area],
    summary: one.about.split(/(?<=\.)\s/)[0],
    description: `${one.about}\n\nNeeds: ${needs(one)}.`,
    security: one.needs === 'nobody' ? [] : [{ cookie: [] }, { bearer: [] }, ...(one.inPerson ? [] : [{ apiKey: [] }])],
    parameters: [...parameters(one.params, 'path', schemas), ...parameters(one.query, 'query', schemas), ...headers(one)],
    ...(one.body || one.upload ? { requestBody: body(one, schemas) } : {}),
    responses: responses(one, schemas),
  }
}

const needs = ({ needs: what, inPerson }: Contract) =>
  (what === 'nobody' ? 'nothing' : what === 'person' ? 'a signed-in person' : `the role ${what} or higher`) +
  (inPerson ? ', with a session' : '')

/** `POST /api/members/:id/x` becomes `postMembersIdX`: unique because method and path are. */
const operationId = ({ method, path }: Contract) =>
  method + path.replace(/^\/api/, '').replace(/[^a-zA-Z]+(\w?)/g, (_all, letter: string) => letter.toUpperCase())

function parameters(of: z.ZodType | undefined, place: 'path' | 'query', schemas: Json): Json[] {
  if (!of) return []
  const { properties = {}, required = [] } = schema(of, 'input', schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }))
}

function headers(one: Contract): Json[] {
  const list: Json[] = []
  if (!['nobody', 'person'].includes(one.needs))
    list.push({
      name: 'x-workspace',
      in: 'header',
      required: false,
      schema: { type: 'string' },
      description: 'The workspace; by default the active one.',
    })
  if (one.creates)
    list.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', maxLength: 200 },
      description: 'The same key gives the same answer for a day.',
    })
  return list
}

function body(one: Contract, schemas: Json): Json {
  const file = {
    type: 'object',
    properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
    required: ['file'],
  }
  return one.upload
    ? { required: true, content: { 'multipart/form-data': { schema: file } } }
    : { required: true, content: { 'application/json': { schema: one.body ? schema(one.body, 'input', schemas) : {} } } }
}

function responses(one: Contract, schemas: Json): Json {
  const { reply, events } = one
  const success = isRaw(reply)
    ? { description: reply.about, content: { [reply.type]: { schema: { type: 'string' } } } }
    : {
        description: 'Done.',
        content: {
          'application/json': { schema: schema(reply, 'output', schemas) },
          ...(events === undefined ? {} : { 'text/event-stream': { schema: { type: 'string', description: events } } }),
        },
      }
  const byStatus = new Map<number, Code[]>()
  for (const code of codesOf(one)) byStatus.set(catalogue[code].status, [...(byStatus.get(catalogue[code].status) ?? []), code])
  const failures = [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [status, failure(codes)])
  return { [one.status ?? 200]: success, ...Object.fromEntries(failures) }
}

/** Every code an endpoint may fail with, once. */
export function codesOf(one: Contract): Code[] {
  const codes = [...ALWAYS]
  if (one.needs !== 'nobody') codes.push('auth.required')
  if (one.inPerson) codes.push('auth.in_person')
  if (!['nobody', 'person'].includes(one.needs)) codes.push('role.too_small', 'workspace.not_found', 'workspace.none')
  if (one.body) codes.push(...WITH_BODY)
  if (one.upload) codes.push('request.bad_multipart', 'file.missing', 'request.wrong_type')
  if (one.creates) codes.push('request.key_reused', 'request.in_doubt')
  if (one.method !== 'get') codes.push('request.wrong_origin', 'storage.full')
  return [...new Set([...codes, ...(one.fails ?? []).filter(isCode)])]
}

const isCode = (code: string): code is Code => code in catalogue

const failure = (codes: Code[]): Json => ({
  description: codes.map(code => `\`${code}\`: ${catalogue[code].title}`).join('\n\n'),
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
})

/** A schema as JSON Schema; those with a name are put among the components and pointed at. */
function schema(of: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _dialect,
    $defs = {},
    ...rest
  } = z.toJSONSchema(of, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json & { $defs?: Json }
  const own = of.meta()?.id
  const point = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'))
  for (const [name, one] of Object.entries($defs)) schemas[name] = without(point(one) as Json)
  if (!own) return without(point(rest) as Json)
  if (!('$ref' in rest)) schemas[own] = without(point(rest) as Json)
  return { $ref: `#/components/schemas/${own}` }
}

/** The name is the key of the component already. */
function without({ id: _id, ...rest }: Json): Json {
  return rest
}

/** Where the reference of the API is. */
const reference = contract({
  method: 'get',
  path: '/api/openapi.json',
  area: 'health',
  needs: 'nobody',
  about: 'This document: the reference of the API in OpenAPI 3.1.',
  reply: raw('text', 'application/json', 'OpenAPI 3.1.'),
})

/** Serves the reference; call it after every other route. */
export function serveOpenApi(frame: Frame, version: string): void {
  let text: string | undefined
  serve(frame, reference, () => {
    text ??= JSON.stringify(openApi(frame.contracts, { version, server: '/' }))
    return { stream: text, headers: { 'cache-control': 'no-cache' } }
  })
}
