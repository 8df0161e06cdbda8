import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Fault } from '#errors.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { makeLibrary } from '#sdk/library.ts'
import connector from './http.ts'
import { request } from './request.ts'
import { json, type TestService, testService } from './testing.ts'

const refused = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refused && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}

describe('an HTTP request', () => {
  let it: TestService
  before(async () => {
    it = await testService({
      '/echo': ({ method, headers, body }, response) => json(response, { method, headers, body: body.toString() }),
      '/text': (_heard, response) => response.setHeader('content-type', 'text/csv; charset=utf-8').end('a;b'),
      '/problem': (_heard, response) => response.setHeader('content-type', 'application/problem+json').end('{"a":1}'),
      '/lines': (_heard, response) => response.setHeader('content-type', 'application/x-ndjson').end('{"a":1}\n{"a":2}'),
      '/image': (_heard, response) =>
        response
          .setHeader('content-type', 'image/png')
          .setHeader('content-disposition', `attachment; filename="x.png"; filename*=UTF-8''f%C3%BCchse.png`)
          .end(Buffer.alloc(200_000, 7)),
      '/plain-text': (_heard, response) => response.end('Grüße'),
      '/plain-bytes': (_heard, response) => response.end(Buffer.from([0xff, 0xfe, 0, 1])),
      '/empty': (_heard, response) => response.setHeader('content-type', 'application/json').end(),
      '/no-content': (_heard, response) => response.writeHead(204).end(),
      '/bad-json': (_heard, response) => response.setHeader('content-type', 'application/json').end('<html>Sorry</html>'),
      '/moved': (_heard, response) => response.writeHead(302, { location: '/text' }).end(),
      '/packed': (_heard, response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('[1]')),
      '/fails': ({ query }, response) => {
        const status = Number(query.get('status'))
        if (query.has('after')) response.setHeader('retry-after', query.get('after') ?? '')
        response.setHeader('x-request-id', 'r1').setHeader('x-other', 'o')
        json(response, { error: { message: 'No more left' }, long: 'x'.repeat(9_000) }, status)
      },
      '/slow': () => {},
    })
  })
  after(() => it.stop())
  const sent = async (params: Record<string, unknown>, given = {}) => {
    const { body } = await it.run({ url: `${it.base}/echo`, ...params }, given)
    return body as { method: string; headers: Record<string, string>; body: string }
  }

  test('reads JSON and says where it ended', async () => {
    const { status, headers, body, url } = await it.run({ url: `${it.base}/problem?x=1` })
    assert.deepEqual([status, body, url], [200, { a: 1 }, `${it.base}/problem?x=1`])
    assert.equal(headers['content-type'], 'application/problem+json')
    assert.deepEqual((await it.run({ url: `${it.base}/packed` })).body, [1])
  })

  test('parameters are added to those of the address, lists several times, nothing for null', async () => {
    await it.run({
      url: `${it.base}/echo?a=1&b=x%20y#part`,
      query: { c: 'ä&=', d: [1, true, null, 'z'], e: null, f: '', 'g[]': 5 },
    })
    const { query } = it.last()
    assert.deepEqual(
      [...query],
      [
        ['a', '1'],
        ['b', 'x y'],
        ['c', 'ä&='],
        ['d', '1'],
        ['d', 'true'],
        ['d', 'z'],
        ['f', ''],
        ['g[]', '5'],
      ],
    )
  })

  test('the method may be written small, and every usual one is sent', async () => {
    for (const method of ['get', 'POST', 'Put', 'PATCH', 'DELETE', 'OPTIONS'])
      assert.equal((await sent({ method })).method, method.toUpperCase())
    assert.equal((await it.run({ method: 'HEAD', url: `${it.base}/image` })).body, null)
    assert.equal(request.input.safeParse({ method: 'BREW', url: 'https://a.example' }).success, false)
  })

  test('what is filled in is sent, as the kind that is said or that follows from it', async () => {
    const cases: [Record<string, unknown>, string | undefined, string][] = [
      [{ body: { a: 'ü' } }, 'application/json', '{"a":"ü"}'],
      [{ body: [1] }, 'application/json', '[1]'],
      [{ body: '{"a": 1}' }, 'application/json', '{"a": 1}'],
      [{ body: 'Hello' }, 'text/plain; charset=utf-8', 'Hello'],
      [{ bodyKind: 'json', body: 'Hello' }, 'application/json', '"Hello"'],
      [{ bodyKind: 'json', body: null }, 'application/json', 'null'],
      [{ bodyKind: 'json', body: '{"a": 1}' }, 'application/json', '{"a": 1}'],
      [{ form: { a: 'x y', b: [1, 2], c: null } }, 'application/x-www-form-urlencoded', 'a=x%20y&b=1&b=2'],
      [{ text: '<a/>', contentType: 'application/xml' }, 'application/xml', '<a/>'],
      [{ body: { a: 1 }, headers: { 'Content-Type': 'application/vnd.x+json' } }, 'application/vnd.x+json', '{"a":1}'],
      [{ bodyKind: 'none', body: { a: 1 } }, undefined, ''],
      [{}, undefined, ''],
    ]
    for (const [params, type, body] of cases) {
      const got = await sent({ method: 'POST', ...params })
      assert.deepEqual([got.headers['content-type'], got.body], [type, body], JSON.stringify(params))
    }
    await assert.rejects(sent({ method: 'POST', bodyKind: 'json' }), refused('input.invalid', /`body`/))
    await assert.rejects(sent({ method: 'POST', bodyKind: 'file' }), refused('input.invalid', /`file`/))
  })

  test('a file is sent as it is, with its length', async () => {
    const given = {
      prepare: (one: { store(name: string, content: string, type: string): unknown }) =>
        one.store('a.csv', 'x'.repeat(150_000), 'text/csv'),
    }
    const got = await sent({ method: 'PUT', file: 'file_1' }, given)
    assert.deepEqual(
      [got.headers['content-type'], got.headers['content-length'], got.body.length],
      ['text/csv', '150000', 150_000],
    )
    assert.equal((await sent({ method: 'PUT', file: { id: 'file_1', name: 'a.csv' } }, given)).body.length, 150_000)
    await assert.rejects(sent({ method: 'PUT', file: 'file_9' }), refused('file.not_found', /file_9/))
  })

  test('a form with uploads is what a server can read, and nothing in it begins another part', async () => {
    const got = await it.run(
      {
        method: 'POST',
        url: `${it.base}/echo`,
        headers: { 'content-type': 'multipart/form-data' },
        multipart: [
          { name: 'a', value: 'Grüße' },
          { name: 'x"\r\ny', value: 7 },
          { name: 'doc', file: 'file_1', fileName: 'ü.txt' },
        ],
      },
      { prepare: one => void one.store('a.txt', 'content', 'text/plain') },
    )
    assert.equal(got.status, 200)
    const { headers, body } = it.last()
    assert.equal(headers['content-length'], String(body.length))
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': String(headers['content-type']) },
    }).formData()
    assert.deepEqual([form.get('a'), [...form.keys()].length], ['Grüße', 3])
    const file = form.get('doc')
    assert.ok(file instanceof File)
    assert.deepEqual([file.name, file.type, await file.text()], ['ü.txt', 'text/plain', 'content'])
    await assert.rejects(
      sent({ method: 'POST', multipart: [{ name: 'a', value: 'b', type: 'text/plain\r\nx: y' }] }),
      refused('input.invalid', /multipart\[0\]\.type/),
    )
  })

  test('an answer is a value, a text or a file, by its type or as one says', async () => {
    const got = async (path: string, response?: string) => it.run({ url: it.base + path, ...(response ? { response } : {}) })
    assert.equal((await got('/text')).body, 'a;b')
    assert.equal((await got('/lines')).body, '{"a":1}\n{"a":2}')
    assert.equal((await got('/problem', 'text')).body, '{"a":1}')
    assert.equal((await got('/plain-text')).body, 'Grüße')
    for (const path of ['/empty', '/no-content']) assert.equal((await got(path)).body, null)

    const { body, stored } = await got('/image')
    assert.deepEqual(body, { id: 'file_1', name: 'füchse.png', type: 'image/png', size: 200_000, url: '/api/files/file_1' })
    assert.equal(stored.get('file_1')?.bytes[0], 7)
    assert.equal((await got('/plain-bytes')).stored.get('file_1')?.value.name, 'plain-bytes')
    assert.equal((await got('/problem', 'file')).stored.get('file_1')?.value.type, 'application/problem+json')
    await assert.rejects(got('/bad-json'), refused('http.bad_json', /127.*<html>Sorry/))
    await assert.rejects(got('/text', 'json'), refused('http.bad_json', /a;b/))
  })

  test('a status of 400 or more is a failure that says whether to try again', async () => {
    const fails = (query: string) => it.run({ url: `${it.base}/fails?${query}` })
    for (const status of [400, 401, 403, 404, 409, 422])
      await assert.rejects(fails(`status=${status}`), (error: Refused) => {
        refused('http.status', new RegExp(`127\\.0\\.0\\.1:\\d+ answered ${status} `))(error)
        const { headers, body } = error.details as { headers: object; body: string }
        assert.deepEqual(headers, { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'r1' })
        assert.equal(body.length, 2_000)
        return true
      })
    for (const status of [408, 425, 429, 500, 501, 502, 503, 504])
      await assert.rejects(fails(`status=${status}`), (error: TryLater) => error instanceof TryLater && error.after === null)
    const later = async (after: string) => {
      const error = await fails(`status=429&after=${encodeURIComponent(after)}`).catch(thrown => thrown)
      assert.ok(error instanceof TryLater)
      return error.after
    }
    assert.equal(await later('120'), 120_000)
    assert.equal(await later('Fri, 01 May 2026 08:31:00 GMT'), 60_000)
    assert.equal(await later('Fri, 01 May 2020 08:31:00 GMT'), 0)
    assert.equal(await later('soon'), null)
  })

  test('what the service says in a failure is told', async () => {
    const error = await it.run({ url: `${it.base}/nowhere` }).catch(thrown => thrown)
    assert.match(error.message, /404 Not Found/)
    assert.deepEqual(error.details.body, '{}')
  })

  test('who accepts any status gets the answer', async () => {
    const { status, body } = await it.run({ url: `${it.base}/fails?status=404`, acceptAnyStatus: true })
    assert.deepEqual([status, (body as { error: object }).error], [404, { message: 'No more left' }])
  })

  test('redirects are followed unless one does not want that', async () => {
    assert.deepEqual((await it.run({ url: `${it.base}/moved` })).url, `${it.base}/text`)
    const { status, headers } = await it.run({ url: `${it.base}/moved`, followRedirects: false })
    assert.deepEqual([status, headers.location], [302, '/text'])
    await assert.rejects(
      it.run({ url: `${it.base}/moved`, redirects: 1 }).then(() => it.run({ url: 'nonsense' })),
      Fault,
    )
  })

  test('limits are kept, and faults of the call stay what they are', async () => {
    const code = (wanted: string) => (error: unknown) => error instanceof Fault && error.code === wanted
    await assert.rejects(it.run({ url: `${it.base}/slow`, timeout: 50 }), code('outbound.timeout'))
    await assert.rejects(it.run({ url: `${it.base}/image`, maxBytes: 100 }), code('outbound.too_large'))
    await assert.rejects(it.run({ url: 'http://10.0.0.1/' }), code('outbound.blocked'))
    await assert.rejects(it.run({ url: `${it.base}/echo`, proxy: 'http://10.0.0.1:1' }), code('outbound.blocked'))
    const own = new AbortController()
    setTimeout(() => own.abort(new Error('cancelled')), 20)
    await assert.rejects(it.run({ url: `${it.base}/slow` }, { signal: own.signal }), /cancelled/)
  })

  test('headers are sent as they are, and what could break a request is refused by its name', async () => {
    const { headers } = await sent({ headers: { 'X-A': 'b', 'x-number': 5, 'x-none': null, 'x-latin': 'ü' } })
    assert.deepEqual([headers['x-a'], headers['x-number'], headers['x-none']], ['b', '5', undefined])
    for (const [name, value] of [
      ['X-A', 'b\r\nX-Evil: 1'],
      ['X-A', 'b\nc'],
      ['X-A\r\nX-Evil', 'b'],
      ['X A', 'b'],
      ['', 'b'],
      ['Host', 'inner'],
      ['content-length', '0'],
      ['Transfer-Encoding', 'chunked'],
      ['Connection', 'close'],
      ['X-A', '漢'],
    ] as const)
      await assert.rejects(sent({ headers: { [name]: value } }), refused('http.bad_header', /`headers`/), name)
    await assert.rejects(sent({ method: 'POST', idempotencyHeader: 'a b' }), refused('http.bad_header', /idempotencyHeader/))
  })

  test('it may be repeated where nothing is done twice', async () => {
    const effect = (params: unknown) => makeLibrary([connector]).traits({ block: 'http.request', version: 1, params })?.effect
    for (const params of [{}, { method: 'GET' }, { method: 'head' }, { method: 'PUT' }, { method: 'DELETE' }, null])
      assert.equal(effect(params), 'repeatable', JSON.stringify(params))
    for (const params of [
      { method: 'POST' },
      { method: 'PATCH' },
      { method: '{{ m }}' },
      { method: 1 },
      { method: 'POST', idempotencyHeader: ' ' },
    ])
      assert.equal(effect(params), 'once', JSON.stringify(params))
    const params = { method: 'POST', idempotencyHeader: 'Idempotency-Key' }
    assert.equal(effect(params), 'repeatable')
    assert.equal((await sent(params)).headers['idempotency-key'], 'a-key-of-this-test')
  })

  test('the example is what it takes and what it gives', () => {
    request.output.parse(request.example.output)
    request.input.parse(request.example.input)
  })
})
