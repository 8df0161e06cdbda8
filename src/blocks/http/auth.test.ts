import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Refused, TryLater } from '#sdk/fail.ts'
import { CREDENTIALS } from './credentials.ts'
import { json, type TestService, testService } from './testing.ts'

const SECRET = 'sehr-ge"heim/1'

describe('signing in at a service', () => {
  let it: TestService
  let issued = 0
  let good = 'token-1'
  let life: number | undefined
  let tokenStatus = 200
  before(async () => {
    it = await testService({
      '/echo': ({ headers, query }, response) => {
        response.setHeader('x-echo', encodeURIComponent(String(headers.authorization ?? headers['x-api-key'] ?? '')))
        json(response, { auth: headers.authorization, key: headers['x-api-key'], query: Object.fromEntries(query) })
      },
      '/deny': ({ headers, query }, response) =>
        json(response, { message: `no ${headers.authorization} ${query.get('k')}` }, 403),
      '/token': async ({ body, headers }, response) => {
        issued += 1
        const asked = { ...Object.fromEntries(new URLSearchParams(body.toString())), basic: headers.authorization }
        tokenAsked = asked
        if (tokenStatus !== 200)
          return json(response, { error: 'invalid_client', error_description: `bad ${SECRET}` }, tokenStatus)
        good = `token-${issued}`
        json(response, { access_token: good, token_type: 'Bearer', ...(life === undefined ? {} : { expires_in: life }) })
      },
      '/elsewhere': (_heard, response) => response.writeHead(307, { location: '/token' }).end(),
      '/nothing': (_heard, response) => json(response, { hello: 1 }),
      '/guarded': ({ headers }, response) =>
        headers.authorization === `Bearer ${good}` ? json(response, { ok: true }) : json(response, {}, 401),
      '/always-denied': (_heard, response) => json(response, {}, 401),
    })
  })
  let tokenAsked: Record<string, string | undefined> = {}
  after(() => it.stop())
  beforeEach(() => {
    issued = 0
    tokenStatus = 200
    life = 3600
    it.heard.length = 0
  })
  const call = (path: string, kind: string, values: Record<string, string>, more = {}) =>
    it.run({ url: it.base + path }, { credential: { kind, values }, ...more })
  let clients = 0
  /** Tokens are kept by their values, so each test has a client of its own. */
  const client = (more: Record<string, string> = {}) => {
    clients += 1
    return { tokenUrl: `${it.base}/token`, clientId: `client ${clients}`, clientSecret: SECRET, ...more }
  }

  test('each kind shows itself in its own place', async () => {
    await call('/echo', 'http.basic', { user: 'ännie', password: SECRET })
    assert.equal(it.last().headers.authorization, `Basic ${Buffer.from(`ännie:${SECRET}`).toString('base64')}`)
    for (const token of ['abc.def', ' Bearer abc.def\n']) {
      await call('/echo', 'http.bearer', { token })
      assert.equal(it.last().headers.authorization, 'Bearer abc.def')
    }
    await call('/echo', 'http.header', { name: 'X-Api-Key', value: 'k-12345' })
    assert.equal(it.last().headers['x-api-key'], 'k-12345')
    await call('/echo?k=mine&a=1', 'http.query', { name: 'k', value: 'k-12345&x' })
    assert.deepEqual(
      [...it.last().query],
      [
        ['a', '1'],
        ['k', 'k-12345&x'],
      ],
    )
  })

  test('no secret is in what comes back, wherever the service repeats it', async () => {
    const seen = async (kind: string, values: Record<string, string>, ...secrets: string[]) => {
      const { status, headers, body, url } = await call('/echo', kind, values)
      const denied = await call('/deny', kind, values).catch(error => error)
      assert.ok(denied instanceof Refused && denied.code === 'credential.rejected')
      const all = JSON.stringify([status, headers, body, url, denied.message, denied.details])
      for (const secret of secrets)
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
          assert.ok(!all.includes(form), `${form} in ${all}`)
      assert.match(all, /•••/)
    }
    await seen('http.basic', { user: 'me', password: SECRET }, SECRET, Buffer.from(`me:${SECRET}`).toString('base64'))
    await seen('http.bearer', { token: SECRET }, SECRET)
    await seen('http.header', { name: 'X-Api-Key', value: SECRET }, SECRET)
    await seen('http.query', { name: 'k', value: SECRET }, SECRET)
    await seen('http.oauth2', client(), SECRET, 'token-1')
  })

  test('a credential that would break the request is refused without being shown', async () => {
    for (const [kind, values] of [
      ['http.bearer', { token: `a\r\nX-Evil: ${SECRET}` }],
      ['http.header', { name: 'X-Key', value: `a\nb ${SECRET}` }],
      ['http.header', { name: 'Host', value: SECRET }],
      ['smtp', { password: SECRET }],
    ] as const)
      await assert.rejects(call('/echo', kind, values), (error: Refused) => {
        assert.ok(error instanceof Refused)
        assert.ok(!JSON.stringify([error.message, error.details]).includes(SECRET))
        return true
      })
    assert.deepEqual(it.heard, [])
  })

  test('a token is asked for once and used until shortly before its end', async () => {
    const values = client({ scope: 'read write', audience: 'https://api.example' })
    const now = 1_800_000_000_000
    for (const at of [now, now + 1000, now + 3_500_000]) await call('/guarded', 'http.oauth2', values, { now: at })
    assert.equal(issued, 1)
    assert.deepEqual(tokenAsked, {
      grant_type: 'client_credentials',
      scope: 'read write',
      audience: 'https://api.example',
      basic: `Basic ${Buffer.from(`${encodeURIComponent(values.clientId)}:${encodeURIComponent(SECRET)}`).toString('base64')}`,
    })
    await call('/guarded', 'http.oauth2', values, { now: now + 3_541_000 })
    assert.equal(issued, 2)
  })

  test('the client may sign in with the form', async () => {
    const values = client({ authentication: 'body' })
    await call('/guarded', 'http.oauth2', values)
    assert.deepEqual(tokenAsked, {
      grant_type: 'client_credentials',
      client_id: values.clientId,
      client_secret: SECRET,
      basic: undefined,
    })
  })

  test('many nodes at once ask for one token', async () => {
    const values = client()
    await Promise.all(Array.from({ length: 20 }, () => call('/guarded', 'http.oauth2', values)))
    assert.equal(issued, 1)
  })

  test('a token that is not taken any more is renewed once', async () => {
    const values = client()
    await call('/guarded', 'http.oauth2', values)
    good = 'revoked by somebody'
    assert.deepEqual((await call('/guarded', 'http.oauth2', values)).body, { ok: true })
    assert.equal(issued, 2)
    await assert.rejects(call('/always-denied', 'http.oauth2', values), (error: Refused) => error.code === 'credential.rejected')
    assert.equal(issued, 3)
    await assert.rejects(
      call('/always-denied', 'http.bearer', { token: 'abcd' }),
      (error: Refused) => error.code === 'credential.rejected',
    )
  })

  test('who is cancelled while asking does not take the others along', async () => {
    const values = client()
    const own = new AbortController()
    const first = call('/guarded', 'http.oauth2', values, { signal: own.signal })
    const second = call('/guarded', 'http.oauth2', values)
    own.abort(new Error('cancelled'))
    await assert.rejects(first, /cancelled/)
    assert.deepEqual((await second).body, { ok: true })
  })

  test('a service that gives no token says why, and never the secret', async () => {
    tokenStatus = 401
    await assert.rejects(call('/guarded', 'http.oauth2', client()), (error: Refused) => {
      assert.ok(error instanceof Refused && error.code === 'credential.rejected')
      assert.match(error.message, /401 \(invalid_client: bad •••\)/)
      return true
    })
    tokenStatus = 503
    await assert.rejects(call('/guarded', 'http.oauth2', client()), (error: Error) => error instanceof TryLater)
    tokenStatus = 200
    for (const path of ['/nothing', '/elsewhere'])
      await assert.rejects(
        call('/guarded', 'http.oauth2', client({ tokenUrl: it.base + path })),
        (error: Refused) => error instanceof Refused && error.code.startsWith('credential.'),
      )
    assert.ok(!it.heard.some(one => one.path === '/guarded'))
  })

  test('every secret is a field that is never shown again', () => {
    const secrets = CREDENTIALS.flatMap(({ id, fields }) =>
      Object.entries(fields.shape)
        .filter(([, field]) => field.meta()?.ui === 'secret')
        .map(([name]) => `${id} ${name}`),
    )
    assert.deepEqual(secrets, [
      'http.basic password',
      'http.bearer token',
      'http.header value',
      'http.query value',
      'http.oauth2 clientSecret',
    ])
  })
})
