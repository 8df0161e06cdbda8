/**
 * The client that the conformance suite of MCP starts: it runs the blocks `mcp.*` on the server that the environment names,
 * with the address of a server of the suite as its last word.
 */
const { PILOT_URL = '', PILOT_TOKEN = '', MCP_CONFORMANCE_SCENARIO: scenario = '', MCP_CONFORMANCE_CONTEXT } = process.env
const server = process.argv.at(-1) ?? ''
const context = MCP_CONFORMANCE_CONTEXT ? JSON.parse(MCP_CONFORMANCE_CONTEXT) : {}

async function ask(path: string, body?: unknown) {
  const answer = await fetch(PILOT_URL + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${PILOT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

/** Where clients of this server belong: a person would read it in its handbook. */
async function issuerOf(): Promise<string> {
  const refused = await fetch(server, { method: 'POST' })
  const named = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1]
  const about = await fetch(named ?? new URL('/.well-known/oauth-protected-resource', server))
  return about.ok ? (await about.json()).authorization_servers[0] : new URL(server).origin
}

/** What the suite tells of a client, as a credential. */
async function signIn(): Promise<{ kind: string; values: Record<string, string> } | null> {
  if (!scenario.startsWith('auth/')) return null
  const issuer = await issuerOf()
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey, signing_algorithm: algorithm } = context
  if (privateKey) return { kind: 'mcp.jwt', values: { clientId, privateKey, algorithm, issuer } }
  if (clientId && clientSecret) return { kind: 'mcp.oauth', values: { clientId, clientSecret, issuer } }
  return { kind: 'mcp.oauth', values: { clientId: 'nobody', clientSecret: 'nothing', issuer } }
}

const made = await signIn()
const credential = made && (await ask('/api/credentials', { name: `${scenario} ${server}`, ...made })).id
const place = { server, timeout: 20_000 }
const tool = { tool: '{{ list.tools[0].name }}', arguments: { a: 5, b: 3 }, answers: {} }
const node = (key: string, block: string, params: object) => ({
  id: key,
  key,
  block,
  params,
  ...(credential ? { credential } : {}),
})
const { id } = await ask('/api/workflows', {
  name: scenario,
  nodes: [
    { id: 'start', key: 'start', block: 'manual.start' },
    node('list', 'mcp.tools', place),
    { id: 'some', key: 'some', block: 'core.if', params: { all: [{ left: '{{ list.tools }}', op: 'isNotEmpty' }] } },
    node('use', 'mcp.call', { ...place, ...tool }),
  ],
  edges: [
    { source: 'start', target: 'list' },
    { source: 'list', target: 'some' },
    { source: 'some', sourceHandle: 'yes', target: 'use' },
  ],
})
await ask(`/api/workflows/${id}/publish`, {})
const execution = await ask(`/api/workflows/${id}/execute`, { wait: 25 })
console.log(JSON.stringify({ status: execution.status, output: execution.output, error: execution.error }))
process.exitCode = execution.status === 'completed' ? 0 : 1
