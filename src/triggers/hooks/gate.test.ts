import assert from 'node:assert/strict'
import { test } from 'node:test'
import { echoing, onBoth } from './testing.ts'

const SETTINGS = { TRUSTED_PROXIES: '127.0.0.1', CORS_ORIGINS: 'https://panel.example' }

onBoth(
  'a webhook that is not for everybody',
  yard => {
    const send = (path: string, headers: Record<string, string> = {}, body: string | undefined = '{}', method = 'POST') =>
      yard.stage.server.send(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'POST' ? { body } : {}),
      })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const page = (origin: string, more: Record<string, string> = {}) => ({ origin, ...more })
    const asking = (origin: string) =>
      page(origin, { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type, x-own' })
    const corsOf = (headers: Headers) => [...headers.keys()].filter(name => name.startsWith('access-control-'))

    test('takes calls of the addresses it names, and refuses others before anything else is looked at', async () => {
      const { path, id } = await yard.open({
        allow: ['10.0.0.0/8', '2001:db8::/32'],
        verify: { kind: 'bearer', secret: 'tell nobody' },
      })
      const right = { authorization: 'Bearer tell nobody' }
      for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::7'])
        assert.equal((await send(path, { ...from(address), ...right })).status, 200, address)
      for (const address of ['110.1.2.3', '2001:db9::7', '127.0.0.1', 'nonsense'])
        for (const proof of [right, {}]) {
          const { status, body } = await send(path, { ...from(address), ...proof })
          assert.deepEqual([status, body.code], [403, 'hook.not_allowed'], address)
        }
      assert.equal(await yard.count(id), 3)
    })

    test('bad addresses, origins, rates and windows are refused when it is published, each with its place', async () => {
      const wrong: [Record<string, unknown>, string][] = [
        [{ allow: ['10.0.0.0/8', '10.0.0.0/33'] }, 'params.allow[1]'],
        [{ allow: ['localhost'] }, 'params.allow[0]'],
        [{ allow: ['10.1'] }, 'params.allow[0]'],
        [{ allow: ['2001:db8::/129'] }, 'params.allow[0]'],
        [{ origins: ['shop.example'] }, 'params.origins[0]'],
        [{ origins: ['https://shop.example/'] }, 'params.origins[0]'],
        [{ rate: { calls: 0, per: '1m' } }, 'params.rate.calls'],
        [{ rate: { calls: 1, per: '2d' } }, 'params.rate.per'],
        [{ rate: { calls: 1, per: 'soon' } }, 'params.rate.per'],
        [{ size: 16 * 2 ** 20 + 1 }, 'params.size'],
        [{ dedupe: { by: 'header' } }, 'params.dedupe.header'],
        [{ dedupe: { by: 'body', window: '31d' } }, 'params.dedupe.window'],
        [{ methods: ['TRACE'] }, 'params.methods[0]'],
      ]
      for (const [params, field] of wrong) {
        const { nodes, edges } = echoing(params)
        const document = { name: 'x', nodes: nodes.map(({ key, ...node }) => ({ id: key, key, ...node })) }
        const [source, target] = edges[0]?.split(' -> ') ?? []
        const { id } = await yard.stage.post('/api/workflows', { ...document, edges: [{ source, target }] })
        const { problems } = await yard.stage.post(`/api/workflows/${id}/validate`)
        const found = problems.filter((one: { severity: string }) => one.severity === 'error')
        assert.deepEqual(
          found.map((one: { field: string }) => one.field),
          [field],
          JSON.stringify(problems),
        )
      }
    })

    test('takes so many calls in a time and says when to come again; those that are not verified count for nothing', async () => {
      const { path } = await yard.open({ rate: { calls: 3, per: '1h' }, verify: { kind: 'bearer', secret: 'tell nobody' } })
      for (let times = 0; times < 5; times += 1) assert.equal((await send(path)).status, 401)
      const right = { authorization: 'Bearer tell nobody' }
      for (let times = 0; times < 3; times += 1) assert.equal((await send(path, right)).status, 200)
      const { status, body, headers } = await send(path, right)
      assert.deepEqual([status, body.code], [429, 'request.too_many'])
      const wait = Number(headers.get('retry-after'))
      assert.ok(wait > 0 && wait <= 3600, `${wait}`)
      const other = await yard.open({ rate: { calls: 3, per: '1h' } })
      assert.equal((await send(other.path)).status, 200, 'each counts for itself')
    })

    test('takes bodies of a size', async () => {
      const { path } = await yard.open({ size: 100 })
      assert.equal((await send(path, {}, `"${'x'.repeat(98)}"`)).status, 200)
      const { status, body } = await send(path, {}, `"${'x'.repeat(99)}"`)
      assert.deepEqual([status, body.code], [413, 'request.too_large'])
    })

    test('lets pages of the origins it names ask, send and read, and no others', async () => {
      const { path, id } = await yard.open({
        origins: ['https://shop.example'],
        verify: { kind: 'header', header: 'x-own', secret: 's' },
      })
      const asked = await send(path, asking('https://shop.example'), undefined, 'OPTIONS')
      assert.deepEqual(
        ['origin', 'methods', 'headers', 'max-age', 'credentials'].map(name =>
          asked.headers.get(`access-control-${name === 'max-age' ? name : `allow-${name}`}`),
        ),
        ['https://shop.example', 'POST', 'content-type, x-own', '600', null],
      )
      assert.deepEqual([asked.status, asked.text], [204, ''])
      assert.match(asked.headers.get('vary') ?? '', /origin/)
      const sent = await send(path, page('https://shop.example', { 'x-own': 's' }))
      assert.deepEqual([sent.status, sent.headers.get('access-control-allow-origin')], [200, 'https://shop.example'])
      const refused = await send(path, page('https://shop.example'))
      assert.deepEqual(
        [refused.status, refused.headers.get('access-control-allow-origin')],
        [401, 'https://shop.example'],
        'a page reads why',
      )
      for (const origin of ['https://evil.example', 'http://shop.example', 'https://shop.example.evil.example', 'null']) {
        const no = await send(path, asking(origin), undefined, 'OPTIONS')
        assert.deepEqual([no.status, corsOf(no.headers)], [403, []], origin)
        const not = await send(path, page(origin, { 'x-own': 's' }))
        assert.deepEqual([not.status, not.body.code, corsOf(not.headers)], [403, 'request.wrong_origin', []], origin)
      }
      assert.equal(await yard.count(id), 1)
    })

    test('lets any page in where it says so, and then answers none with a name', async () => {
      const { path } = await yard.open({ origins: ['*'] })
      for (const origin of ['https://any.example', 'null']) {
        const asked = await send(path, asking(origin), undefined, 'OPTIONS')
        assert.deepEqual([asked.status, asked.headers.get('access-control-allow-origin')], [204, '*'])
        const sent = await send(path, page(origin))
        assert.deepEqual([sent.status, sent.headers.get('access-control-allow-origin')], [200, '*'])
      }
    })

    test('without origins no page is told anything, whatever pages the operator trusts, and OPTIONS is a method like others', async () => {
      const { path } = await yard.open({})
      for (const origin of ['https://shop.example', 'https://panel.example']) {
        const { status, body, headers } = await send(path, asking(origin), undefined, 'OPTIONS')
        assert.deepEqual([status, body.code, corsOf(headers)], [405, 'hook.wrong_method', []])
        assert.deepEqual(corsOf((await send(path, page(origin))).headers), [])
      }
      assert.equal((await send(path, page('https://shop.example'))).body.code, 'request.wrong_origin')
      const taking = await yard.open({ methods: ['OPTIONS'] })
      for (const headers of [asking('https://shop.example'), {}]) {
        const got = await send(taking.path, headers, undefined, 'OPTIONS')
        assert.deepEqual([got.status, got.body.got?.method, corsOf(got.headers)], [200, 'OPTIONS', []], got.text)
      }
    })
  },
  SETTINGS,
)
