import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { databases, type Where } from './db/testing.ts'
import { catalogue } from './errors.ts'
import { ROLES, type Role } from './http/caller.ts'
import { type Contract, isRaw } from './http/contract.ts'
import { codesOf } from './http/openapi.ts'
import { type Got, join, PASSWORD, register, startServer, type TestServer } from './testing.ts'
import { atLeast } from './workspaces/roles.ts'

/** Makes one object of the kind that a path is about, and answers with its id. */
type Make = (server: TestServer, token: string) => Promise<string>

const made =
  (path: string, body: () => unknown): Make =>
  async (server, token) => {
    const { status, body: got } = await server.send(path, { token, body: body() })
    assert.equal(status, 201, JSON.stringify(got))
    return got.id
  }

const aFile = () => {
  const form = new FormData()
  form.append('file', new Blob(['hello']), 'hello.txt')
  return form
}

type Boxes = { key: string; block: string; params?: unknown }[]

/** A workflow of nodes one behind the other. */
const workflowOf =
  (...boxes: Boxes): Make =>
  (server, token) =>
    made('/api/workflows', () => ({
      name: 'a workflow',
      nodes: boxes.map(box => ({ id: box.key, ...box })),
      edges: boxes.slice(1).map(({ key }, at) => ({ source: boxes[at]?.key, target: key })),
    }))(server, token)

const START = { key: 'start', block: 'manual.start' }

/** An execution of such a workflow, accepted. */
const executionOf =
  (...boxes: Boxes): Make =>
  async (server, token) => {
    const id = await workflowOf(START, ...boxes)(server, token)
    const { status, body } = await server.send(`/api/workflows/${id}/execute`, { token, body: { wait: boxes.length === 0 } })
    assert.ok(status < 300, JSON.stringify(body))
    return body.executionId
  }

const anApproval: Make = async (server, token) => {
  const id = await executionOf({ key: 'ask', block: 'core.approve', params: { title: 'May it go on?' } })(server, token)
  for (;;) {
    const { body } = await server.send(`/api/approvals?executionId=${id}`, { token })
    if (body.items.length > 0) return body.items[0].id
  }
}

const aTrigger: Make = async (server, token) => {
  const id = await workflowOf({ key: 'hook', block: 'webhook.receive' })(server, token)
  await server.send(`/api/workflows/${id}/publish`, { token, body: {} })
  return (await server.send(`/api/triggers?workflowId=${id}`, { token })).body.items[0].id
}

/** A test call of a webhook that was heard, so that its stream ends. */
const aRehearsal: Make = async (server, token) => {
  const id = await workflowOf({ key: 'hook', block: 'webhook.receive' })(server, token)
  const key = await made(`/api/workflows/${id}/rehearse`, () => ({}))(server, token)
  await server.send(`/hooks/${key}`, { body: {} })
  return key
}

/** What can be asked of an execution, and of a workflow. */
const EXECUTION_PATHS = ['', '/logs', '/events', '/workflow', '/values/:hash', '/cancel', '/retry', '/fork']
const WORKFLOW_PATHS = [
  ...['/validate', '/publish', '/versions', '/versions/:n', '/versions/:n/restore', '/versions/:n/publish', '/diff', '/export'],
  ...['/archive', '/unarchive', '/activate', '/deactivate', '/duplicate', '/move'],
]

/** Every kind of object that belongs to a workspace. A new path with an id must have its line here. */
const OBJECTS: Record<string, Make> = {
  '/api/members/:id': async (server, token) => (await server.send('/api/me', { token })).body.user.id,
  '/api/invitations/:id': made('/api/invitations', () => ({ email: `x${process.hrtime.bigint()}@example.org` })),
  '/api/keys/:id': made('/api/keys', () => ({ name: 'a key' })),
  '/api/credentials/:id': made('/api/credentials', () => ({
    name: 'a credential',
    kind: 'bearer',
    values: { token: 'very secret' },
  })),
  '/api/credentials/:id/test': made('/api/credentials', () => ({ name: 'a key', kind: 'openai', values: { apiKey: 'x' } })),
  ...Object.fromEntries(
    ['', ...WORKFLOW_PATHS].map(rest => [`/api/workflows/:id${rest}`, made('/api/workflows', () => ({ name: 'a workflow' }))]),
  ),
  ...Object.fromEntries(EXECUTION_PATHS.map(rest => [`/api/executions/:id${rest}`, executionOf()])),
  '/api/logs/:id': executionOf(),
  '/api/workflows/:id/execute': workflowOf(START),
  '/api/approvals/:id': anApproval,
  ...Object.fromEntries(['', '/activity', '/activity/:line/replay', '/fire'].map(rest => [`/api/triggers/:id${rest}`, aTrigger])),
  '/api/triggers/:id/secret': aTrigger,
  '/api/workflows/:id/rehearse': workflowOf({ key: 'hook', block: 'webhook.receive' }),
  '/api/rehearsals/:id': aRehearsal,
  '/api/rehearsals/:id/events': aRehearsal,
  '/api/budgets/:id': made('/api/budgets', () => ({ scope: 'workspace', period: 'day', dollars: 1_000 })),
  '/api/folders/:id': made('/api/folders', () => ({ name: 'a folder' })),
  '/api/files/:id': made('/api/files', aFile),
  '/api/files/:id/info': made('/api/files', aFile),
}

for (const kind of databases()) {
  describe(`every contract, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let contracts: Contract[]
    const tokens = {} as Record<Role, string>
    let stranger: string

    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true' })
      contracts = server.frame.contracts
      tokens.owner = await register(server, 'owner@example.org')
      for (const role of ROLES) if (role !== 'owner') tokens[role] = await join(server, tokens.owner, `${role}@example.org`, role)
      stranger = await register(server, 'elsewhere@example.org')
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const call = (
      one: Contract,
      token: string | undefined,
      {
        id = 'nothing_here',
        body,
        query = '',
        headers = {},
      }: { id?: string; body?: unknown; query?: string; headers?: Record<string, string> } = {},
    ) =>
      server.send(addressOf(one.path, id) + query, {
        token,
        method: one.method.toUpperCase(),
        headers,
        ...(body === undefined ? {} : { body }),
      })
    const name = (one: Contract) => `${one.method.toUpperCase()} ${one.path}`
    const ofRole = () => contracts.filter(one => one.needs !== 'nobody' && one.needs !== 'person')

    test('every route of the API but the door of Better Auth has a contract', () => {
      const routes = server.frame.app.printRoutes({ commonPrefix: false, includeHooks: false })
      const paths = routes.split('\n').flatMap(line => /\/(?:api|metrics)\S*/.exec(line)?.[0] ?? [])
      const known = new Set(contracts.map(one => one.path))
      assert.deepEqual(
        paths.filter(path => !known.has(path) && !['/api/auth/*', '/api/docs'].includes(path)),
        [],
      )
      assert.ok(contracts.length > 40)
    })

    test('a stranger gets 401 wherever somebody is needed', async () => {
      for (const one of contracts.filter(one => one.needs !== 'nobody')) {
        for (const token of [undefined, 'forged', 'pp_forged', `${tokens.owner}x`]) {
          const got = await call(one, token)
          assert.deepEqual([got.status, got.body.code], [401, 'auth.required'], `${name(one)} with ${token}`)
        }
      }
    })

    test('a role that is too small gets 403', async () => {
      for (const one of ofRole()) {
        for (const role of ROLES.filter(role => !atLeast(role, one.needs as Role))) {
          const got = await call(one, tokens[role])
          assert.deepEqual([got.status, got.body.code], [403, 'role.too_small'], `${name(one)} as ${role}`)
        }
      }
    })

    test('a member of another workspace gets 404 for an object of this one, and it is untouched', async () => {
      for (const one of ofRole().filter(one => one.path.includes(':id'))) {
        const make = OBJECTS[one.path]
        assert.ok(make, `${name(one)} has no line in OBJECTS`)
        const id = await make(server, tokens.owner)
        const got = await call(one, stranger, { id, ...(one.body ? { body: sample(one) } : {}) })
        assert.equal(got.status, 404, `${name(one)}: ${got.text}`)
        assert.match(got.body.code, /not_found$/)
      }
      assert.equal((await server.send('/api/members', { token: tokens.owner })).body.items.length, 5)
    })

    test('naming a workspace one is not in gives 404', async () => {
      const foreign = (await server.send('/api/me', { token: stranger })).body.workspace
      for (const one of ofRole()) {
        const got = await call(one, tokens.owner, { headers: { 'x-workspace': foreign } })
        assert.deepEqual([got.status, got.body.code], [404, 'workspace.not_found'], name(one))
      }
    })

    test('an API key is refused where a person is needed', async () => {
      const { body } = await server.send('/api/keys', { token: tokens.owner, body: { name: 'all' } })
      for (const one of contracts.filter(one => one.inPerson)) {
        const got = await call(one, body.key)
        assert.deepEqual([got.status, got.body.code], [403, 'auth.in_person'], name(one))
      }
    })

    test('a body that is nonsense gets 400 with a code of the catalogue and a list of what is wrong', async () => {
      for (const one of contracts.filter(one => one.body)) {
        const token = one.needs === 'nobody' ? undefined : tokens.owner
        for (const body of [null, [], 'text', 42, { nonsense: true }, { ...sample(one), surplus: 1 }]) {
          const got = await call(one, token, {
            id: 'x',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          })
          assert.equal(got.status, 400, `${name(one)} with ${JSON.stringify(body)}: ${got.text}`)
          assert.equal(got.body.code, 'request.invalid')
          assert.ok(
            got.body.details.length > 0 && got.body.details.every((detail: { path: string }) => detail.path.startsWith('body')),
            got.text,
          )
        }
        const broken = await call(one, token, { id: 'x', body: '{"a":', headers: { 'content-type': 'application/json' } })
        assert.deepEqual([broken.status, broken.body.code], [400, 'request.bad_json'], name(one))
        const typed = await call(one, token, {
          id: 'x',
          body: 'a=1',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
        assert.deepEqual([typed.status, typed.body.code], [415, 'request.wrong_type'], name(one))
      }
    })

    test('unknown fields of a query are refused where a query is declared', async () => {
      for (const one of contracts.filter(one => one.query)) {
        const got = await call(one, tokens.owner, { query: '?surplus=1' })
        assert.deepEqual([got.status, got.body.code], [400, 'request.invalid'], name(one))
      }
    })

    test('whatever is sent, nothing answers 5xx, and every refusal has a code of the catalogue', {
      timeout: 300_000,
    }, async () => {
      const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
      for (const one of contracts.filter(one => !isEndless(one) && one.path !== '/api/auth/logout')) {
        const make = one.path.startsWith('/api/members') ? undefined : OBJECTS[one.path]
        const anything = fc.record({
          id: fc.oneof(
            ...(make ? [fc.constant(await make(server, tokens.owner))] : []),
            fc.string({ unit: 'binary', maxLength: 80 }),
            fc.constantFrom('../../etc', "'; drop table users; --", '💥', 'a'.repeat(400)),
          ),
          query: fc.dictionary(
            fc.constantFrom('limit', 'cursor', 'action', 'actor', 'from', 'format', 'bucket', 'q', 'name', 'x'),
            fc.string({ unit: 'binary', maxLength: 30 }),
          ),
          body: one.body ? fc.oneof(fc.jsonValue(), bodyLike(one, make !== undefined)) : fc.constant(undefined),
        })
        await fc.assert(
          fc.asyncProperty(anything, async ({ id, query, body }) => {
            const got = await call(one, one.needs === 'nobody' ? undefined : tokens.owner, {
              id: id.toWellFormed(),
              query: `?${new URLSearchParams(query)}`,
              body: body === undefined ? undefined : JSON.stringify(body),
              ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
            })
            assertSound(one, got, seed)
          }),
          { numRuns: 25, seed },
        )
      }
    })
  })
}

/** The path with its names filled in. */
const addressOf = (path: string, id: string) =>
  path
    .replace(/:(id|block)/, encodeURIComponent(id))
    .replace(':n', '1')
    .replace(':line', 'fir_x')
    .replace(':hash', '0'.repeat(64))

/** A stream that goes on for as long as one listens. */
const isEndless = ({ path, reply }: Contract) => isRaw(reply) && reply.type === 'text/event-stream' && !path.includes(':id')

/** A refusal names a code that its contract declares. */
function assertSound(one: Contract, got: Got, seed: number): void {
  const where = `${one.method} ${one.path} answered ${got.status} ${got.text.slice(0, 300)} (seed ${seed})`
  assert.ok(got.status < 500, where)
  if (got.status < 400) return
  assert.ok(got.body.code in catalogue, where)
  assert.ok([...codesOf(one), 'request.not_found', 'request.invalid'].includes(got.body.code), `not declared: ${where}`)
}

/** A body that the contract would take, as far as types go. */
function sample(one: Contract): Record<string, unknown> {
  const samples: Record<string, unknown> = {
    email: 'some@example.org',
    password: PASSWORD,
    current: PASSWORD,
    name: 'a name',
    token: 'x',
    role: 'viewer',
    code: '000000',
    provider: 'github',
    kind: 'bearer',
    values: { token: 'secret' },
    rev: 1,
    folderId: null,
    note: 'a note',
    input: { a: 1 },
    wait: false,
    version: 'live',
    from: 'start',
    changes: {},
    decision: 'approved',
    fields: {},
    comment: 'a comment',
    enabled: true,
    block: 'manual.start',
    params: {},
    event: 'order.paid',
    data: { total: 1 },
    scope: 'workspace',
    period: 'day',
    dollars: 1_000,
    onExhausted: 'ask',
    prompt: 'Every morning fetch https://example.org and mail it to me',
  }
  const { properties = {} } = z.toJSONSchema(one.body ?? z.any(), { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, unknown>
  }
  return Object.fromEntries(
    Object.keys(properties)
      .filter(key => key in samples)
      .map(key => [key, samples[key]]),
  )
}

/** Bodies with some of the right keys, and anything at all as values; right ones only where nobody is locked out by it. */
function bodyLike(one: Contract, mayBeRight: boolean): fc.Arbitrary<unknown> {
  const right = Object.entries(sample(one))
  const wrong = [fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'binary' }), fc.constant('x'.repeat(20_000))]
  return fc.record(
    Object.fromEntries(
      right.map(([key, value]) => [key, fc.oneof({ weight: mayBeRight ? 3 : 0, arbitrary: fc.constant(value) }, ...wrong)]),
    ),
    { requiredKeys: [] },
  )
}
