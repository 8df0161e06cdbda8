import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { type Heard, json, type McpTestServer, oddServer, runOn, words } from './testing.ts'

let stage: Stage
const open: McpTestServer[] = []
before(async () => {
  const [kind] = databases()
  assert.ok(kind)
  stage = await setStage(await kind.place(), { RATE_LIMIT: 'off' })
})
after(() => stage.close())
afterEach(async () => {
  for (const it of open.splice(0)) await it.close()
})

type Guarded = McpTestServer & { origin: string; tokens: string[]; revoke(): void }

/** A server that wants a token, and the authorization server that gives them out, at one address. `named` is whom it names instead. */
async function guarded({
  named,
  life = 3600,
  status = 200,
}: {
  named?: string
  life?: number
  status?: number
} = {}): Promise<Guarded> {
  const tokens: string[] = []
  const good = new Set<string>()
  let origin = ''
  const server = await oddServer((heard: Heard, response: ServerResponse) => {
    const { path, body, headers } = heard
    if (path.startsWith('/.well-known/oauth-protected-resource'))
      return json(response, { resource: `${origin}/mcp`, authorization_servers: [named ?? origin], scopes_supported: ['tools'] })
    if (path.startsWith('/.well-known/oauth-authorization-server'))
      return json(response, {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      })
    if (path === '/token') {
      if (status !== 200) return json(response, { error: 'invalid_client', error_description: 'Who are you?' }, status)
      const token = `token-number-${tokens.length + 1}`
      tokens.push(token)
      good.add(token)
      return json(response, { access_token: token, token_type: 'Bearer', expires_in: life })
    }
    const shown = headers.authorization?.replace('Bearer ', '') ?? ''
    if (!good.has(shown))
      return json(response, { error: 'no token' }, 401, {
        'www-authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`,
      })
    return body?.method === 'tools/call' ? json(response, words(body, 'come in')) : undefined
  })
  open.push(server)
  origin = new URL(server.url).origin
  return Object.assign(server, { origin, tokens, revoke: () => good.clear() })
}

const use = (server: McpTestServer, issuer: string) =>
  runOn(
    stage,
    'mcp.call',
    { server: server.url, tool: 'x' },
    { credential: { kind: 'mcp.oauth', values: { clientId: 'me', clientSecret: 'secret-of-mine', issuer } } },
  )

test('a token is got where the server says, kept for the next node, and renewed when it is not taken any more', async () => {
  const server = await guarded()
  const first = await use(server, server.origin)
  assert.equal(first.output?.text, 'come in', JSON.stringify(first.error))
  assert.equal((await use(server, server.origin)).output.text, 'come in')
  assert.equal(server.tokens.length, 1)
  const asked = server.heard.find(({ path }) => path === '/token')
  assert.equal(asked?.headers.authorization, `Basic ${Buffer.from('me:secret-of-mine').toString('base64')}`)
  server.revoke()
  assert.equal((await use(server, server.origin)).output.text, 'come in')
  assert.equal(server.tokens.length, 2)
})

test('the secret is shown to its own issuer and to nobody else whom a server names', async () => {
  const thief = await guarded()
  const server = await guarded({ named: thief.origin })
  const { status, error } = await use(server, 'https://auth.example.com')
  assert.deepEqual([status, error.code], ['failed', 'credential.rejected'])
  assert.match(error.message, /could not be signed in at: .*Check the credential\.$/)
  for (const { heard } of [thief, server]) assert.ok(heard.every(({ path }) => path !== '/token'))
})

test('a client that is refused its token is told why', async () => {
  const server = await guarded({ status: 401 })
  const { error } = await use(server, server.origin)
  assert.equal(error.code, 'credential.rejected')
  assert.match(error.message, /Who are you\?/)
})

test('an authorization server that is down may be there the next time', async () => {
  const server = await guarded({ status: 503 })
  const { error } = await use(server, server.origin)
  assert.equal(error.code, 'mcp.not_now')
})
