import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'

const SUITE = fileURLToPath(new URL('../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url))
const CLIENT = fileURLToPath(new URL('../../../tools/mcp.ts', import.meta.url))

/** What the suite asks of clients that our blocks are, with how many of its checks must be good at least. */
const OURS: Record<string, number> = {
  initialize: 1,
  tools_call: 1,
  'elicitation-sep1034-client-defaults': 5,
  'sse-retry': 3,
  'auth/client-credentials-basic': 12,
  'auth/client-credentials-jwt': 12,
  'auth/pre-registration': 12,
  'auth/resource-mismatch': 4,
}

const PERSON =
  'a person has to agree in a browser, and workflows run without one: clients sign in by themselves, with their own credentials'
const ENTERPRISE = 'exchanges the token of a signed-in person for another, and workflows have no such person'

/** What does not apply, each with the reason. */
const OTHERS: Record<string, string> = {
  'auth/metadata-default': PERSON,
  'auth/metadata-var1': PERSON,
  'auth/metadata-var2': PERSON,
  'auth/metadata-var3': PERSON,
  'auth/basic-cimd': PERSON,
  'auth/scope-from-www-authenticate': PERSON,
  'auth/scope-from-scopes-supported': PERSON,
  'auth/scope-omitted-when-undefined': PERSON,
  'auth/scope-step-up': PERSON,
  'auth/scope-retry-limit': PERSON,
  'auth/token-endpoint-auth-basic': PERSON,
  'auth/token-endpoint-auth-post': PERSON,
  'auth/token-endpoint-auth-none': PERSON,
  'auth/2025-03-26-oauth-metadata-backcompat': PERSON,
  'auth/2025-03-26-oauth-endpoint-fallback': PERSON,
  'auth/offline-access-scope': PERSON,
  'auth/offline-access-not-supported': PERSON,
  'auth/cross-app-access-complete-flow': ENTERPRISE,
}

/** How late it was depends on what else the machine does; that it waited as told is another check. */
const TIMING = 'client-sse-retry-timing'

type Check = { id: string; status: string; description: string; errorMessage?: string }

let stage: Stage
let folder: string
before(async () => {
  const [kind] = databases()
  assert.ok(kind)
  stage = await setStage(await kind.place(), { OUTBOUND_ALLOW: '127.0.0.0/8,::1/128', RATE_LIMIT: 'off' })
  folder = await mkdtemp(join(tmpdir(), 'promptpilot-conformance-'))
})
after(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

function suite(...words: string[]): Promise<string> {
  const env = { ...process.env, PILOT_URL: stage.server.url, PILOT_TOKEN: stage.token, NO_COLOR: '1' }
  return new Promise(resolve => {
    // Its exit code counts warnings, too; its checks say more.
    execFile(process.execPath, [SUITE, ...words], { env, cwd: folder, timeout: 50_000 }, (_error, out, err) => resolve(out + err))
  })
}

test('every scenario of the suite for clients is one of ours, or is named with a reason', async () => {
  const listed = (await suite('list')).split('Client scenarios')[1] ?? ''
  const names = [...listed.matchAll(/^ {2}- (\S+)/gm)].map(match => match[1])
  assert.deepEqual(names.toSorted(), [...Object.keys(OURS), ...Object.keys(OTHERS)].toSorted())
})

for (const [scenario, least] of Object.entries(OURS))
  test(`the suite is content with our blocks: ${scenario}`, async () => {
    const out = join(folder, scenario.replace('/', '-'))
    const said = await suite('client', '--command', `${process.execPath} ${CLIENT}`, '--scenario', scenario, '-o', out)
    const found = (await readdir(out, { recursive: true })).find(name => name.endsWith('checks.json'))
    assert.ok(found, said)
    const checks: Check[] = JSON.parse(await readFile(join(out, found), 'utf8'))
    const bad = checks.filter(({ id, status }) => status === 'FAILURE' || (status === 'WARNING' && id !== TIMING))
    assert.deepEqual(bad, [], said)
    const good = checks.filter(({ id, status }) => status === 'SUCCESS' || (status === 'WARNING' && id === TIMING))
    assert.ok(good.length >= least, `${good.length} checks\n${said}`)
    assert.doesNotMatch(said, /TIMED OUT|EXITED WITH ERROR/)
  })
