import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { catalogue } from '#errors.ts'
import { contract, raw } from './contract.ts'
import { type Frame, serve } from './serve.ts'
import { answersIn, type Heard, SHORT, speak, type TestFrame, talk, testFrame } from './testing.ts'

const hello = contract({
  method: 'get',
  path: '/api/hello',
  area: 'test',
  needs: 'nobody',
  about: 'Says hello.',
  reply: z.object({ hello: z.string() }),
})
const keep = contract({
  method: 'post',
  path: '/api/things/:id',
  area: 'test',
  needs: 'nobody',
  about: 'Keeps something.',
  params: z.strictObject({ id: z.string() }),
  body: z.strictObject({ text: z.string() }),
  reply: z.object({ length: z.number() }),
})
const bare = contract({
  method: 'post',
  path: '/api/bare',
  area: 'test',
  needs: 'nobody',
  about: 'Takes no body.',
  reply: z.object({ ok: z.literal(true) }),
})
const slow = contract({
  method: 'get',
  path: '/api/slow',
  area: 'test',
  needs: 'nobody',
  about: 'Takes a moment.',
  reply: z.object({ slow: z.literal(true) }),
})
const large = contract({
  method: 'get',
  path: '/api/large',
  area: 'test',
  needs: 'nobody',
  about: 'Large.',
  reply: raw('text', 'text/plain', 'Text.'),
})

describe('what comes over the wire', () => {
  let it: TestFrame
  const kept: string[] = []
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)

  const build = (frame: Frame) => {
    serve(frame, hello, () => ({ hello: 'you' }))
    serve(frame, keep, ({ body }) => {
      kept.push(body.text)
      return { length: body.text.length }
    })
    serve(frame, bare, () => ({ ok: true as const }))
    serve(frame, slow, async () => {
      await sleep(100)
      return { slow: true as const }
    })
    serve(frame, large, () => ({ stream: Buffer.alloc(20_000_000, 'x') }))
  }
  before(async () => {
    process.on('unhandledRejection', note)
    it = await testFrame(build, { patience: SHORT })
  })
  after(async () => {
    await it.stop()
    await sleep(50)
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
  })

  const head = (first: string, headers: Record<string, string> = {}) =>
    `${first}\r\n${Object.entries({ host: `127.0.0.1:${it.port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`
  const post = (body: string | Buffer, headers: Record<string, string> = {}) => [
    head('POST /api/things/1 HTTP/1.1', {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
      ...headers,
    }),
    body,
  ]

  /** The one answer, which must be a refusal in our shape. */
  function refused(heard: string, status: number, code: string, words?: RegExp): Heard {
    const [answer, ...more] = answersIn(heard)
    assert.ok(answer, 'nothing was answered')
    assert.deepEqual([answer.status, answer.body.code, more.length], [status, code, 0], heard.slice(0, 1000))
    assert.ok(code in catalogue)
    assert.match(String(answer.body.requestId), /^req_/)
    assert.equal(answer.headers['x-request-id'], answer.body.requestId)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.match(answer.headers['content-security-policy'] ?? '', /default-src 'none'/)
    if (words) assert.match(String(answer.body.error), words)
    return answer
  }
  async function lives() {
    const answer = await fetch(`${it.url}/api/hello`)
    assert.equal(answer.status, 200)
  }

  test('what is not HTTP at all is refused in our shape', async () => {
    for (const noise of [
      'nonsense\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      '\0\0\0\0',
    ])
      refused(await speak(it.port, Buffer.from(noise, 'latin1')), 400, 'request.invalid', /not a request in HTTP/)
    await lives()
  })

  test('methods that nobody knows are refused, and those that nothing answers to find nothing', async () => {
    for (const method of ['FOO', 'get', 'QUUX'])
      refused(await speak(it.port, head(`${method} /api/hello HTTP/1.1`)), 400, 'request.invalid')
    for (const method of ['TRACE', 'OPTIONS', 'PROPFIND', 'PATCH', 'PURGE'])
      refused(await speak(it.port, head(`${method} /api/hello HTTP/1.1`, { connection: 'close' })), 404, 'request.not_found')
    refused(await speak(it.port, head('CONNECT example.org:443 HTTP/1.1')), 400, 'request.invalid', /forwards no connections/)
    await lives()
  })

  test('a wish for another protocol is not granted and does no harm', async () => {
    const headers = {
      upgrade: 'websocket',
      connection: 'upgrade, close',
      'sec-websocket-key': 'eA==',
      'sec-websocket-version': '13',
    }
    const [answer] = answersIn(await speak(it.port, head('GET /api/hello HTTP/1.1', headers)))
    assert.equal(answer?.status, 200)
  })

  test('HEAD answers what GET would, without the body', async () => {
    const got = await fetch(`${it.url}/api/hello`, { method: 'HEAD' })
    assert.deepEqual([got.status, got.headers.get('content-length'), await got.text()], [200, '15', ''])
  })

  test('HTTP/1.0 is answered, and the connection ends', async () => {
    const [answer] = answersIn(await speak(it.port, 'GET /api/hello HTTP/1.0\r\n\r\n'))
    assert.deepEqual([answer?.status, answer?.body], [200, { hello: 'you' }])
  })

  test('the whole address instead of the path is answered like the path', async () => {
    const [answer] = answersIn(
      await speak(it.port, head('GET http://elsewhere.example/api/hello HTTP/1.1', { connection: 'close' })),
    )
    assert.equal(answer?.status, 200)
    refused(
      await speak(it.port, head('GET http://elsewhere.example/nothing HTTP/1.1', { connection: 'close' })),
      404,
      'request.not_found',
    )
    refused(await speak(it.port, head('GET // HTTP/1.1', { connection: 'close' })), 404, 'request.not_found')
  })

  test('a missing or impossible Host is refused', async () => {
    refused(await speak(it.port, 'GET /api/hello HTTP/1.1\r\nconnection: close\r\n\r\n'), 400, 'request.invalid', /Host/)
    for (const host of ['a b', '[', 'x/../y', 'evil@host', '999.999.1.1', 'a:999999', `${'a'.repeat(300)}.org`, 'ex<ample'])
      refused(
        await speak(it.port, head('GET /api/hello HTTP/1.1', { host, connection: 'close' })),
        400,
        'request.invalid',
        /Host/,
      )
  })

  test('NUL in path, query, header and body is refused everywhere', async () => {
    for (const path of ['/api/things/%00', '/api/hello?x=%00', '/%00', '/assets/x%00.js'])
      refused(await speak(it.port, head(`GET ${path} HTTP/1.1`, { connection: 'close' })), 400, 'request.invalid', /NUL/)
    refused(await speak(it.port, head('GET /api/hello HTTP/1.1', { 'x-a': 'b\0c' })), 400, 'request.invalid')
    refused(await speak(it.port, head('GET /api/he\0llo HTTP/1.1')), 400, 'request.invalid')
    refused(await speak(it.port, ...post('{"text":"a\\u0000b"}')), 400, 'request.bad_json', /NUL/)
    refused(await speak(it.port, ...post('{"text":"a\0b"}')), 400, 'request.bad_json')
  })

  test('addresses that mean nothing are refused', async () => {
    for (const path of ['/%zz', '/api/things/%E0%A4%A', '/%ff%fe'])
      refused(await speak(it.port, head(`GET ${path} HTTP/1.1`, { connection: 'close' })), 400, 'request.invalid')
    assert.ok(it.lines.some(line => line.path === '/%zz' && line.status === 400))
  })

  test('an address of 100 kB and a thousand large headers are refused', async () => {
    refused(await speak(it.port, head(`GET /${'a'.repeat(100_000)} HTTP/1.1`)), 400, 'request.invalid', /too long/)
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`x-${at}`, 'some value that adds up']))
    refused(await speak(it.port, head('GET /api/hello HTTP/1.1', many)), 400, 'request.invalid', /too long/)
    refused(
      await speak(it.port, head(`POST /api/things/${'a'.repeat(600)} HTTP/1.1`, { connection: 'close' })),
      400,
      'request.invalid',
    )
    const few = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x${at}`, '1']))
    const [answer] = answersIn(await speak(it.port, head('GET /api/hello HTTP/1.1', { ...few, connection: 'close' })))
    assert.equal(answer?.status, 200)
  })

  test('requests in a row on one connection are answered in order', async () => {
    const heard = await speak(
      it.port,
      head('GET /api/slow HTTP/1.1') +
        head('GET /api/hello HTTP/1.1') +
        head('GET /nothing HTTP/1.1') +
        head('GET /api/hello HTTP/1.1', { connection: 'close' }),
    )
    assert.deepEqual(
      answersIn(heard).map(({ status, body }) => [status, body.slow ?? body.hello ?? body.code]),
      [
        [200, true],
        [200, 'you'],
        [404, 'request.not_found'],
        [200, 'you'],
      ],
    )
  })

  test('nonsense behind a request takes nothing from its answer', async () => {
    const heard = await speak(it.port, `${head('GET /api/slow HTTP/1.1')}nonsense\r\n\r\n`)
    assert.deepEqual(
      answersIn(heard).map(({ status, body }) => [status, body.slow]),
      [[200, true]],
    )
  })

  test('a request that can be cut in two ways is refused', async () => {
    const smuggled = head('GET /api/admin HTTP/1.1')
    const two = { 'content-type': 'application/json', 'content-length': '4', 'transfer-encoding': 'chunked' }
    refused(await speak(it.port, head('POST /api/things/1 HTTP/1.1', two), `0\r\n\r\n${smuggled}`), 400, 'request.invalid')
    for (const coding of ['chunked, identity', 'identity', 'xchunked', 'gzip', 'chunked\r\nTransfer-Encoding: identity'])
      refused(
        await speak(
          it.port,
          head('POST /api/things/1 HTTP/1.1', { 'content-type': 'application/json', 'transfer-encoding': coding }),
          `0\r\n\r\n${smuggled}`,
        ),
        400,
        'request.invalid',
      )
    for (const length of ['1, 2', '+5', '-1', '0x10', '1e3', '99999999999999999999', '5\r\ncontent-length: 6'])
      refused(
        await speak(
          it.port,
          head('POST /api/things/1 HTTP/1.1', { 'content-type': 'application/json', 'content-length': length }),
          'x'.repeat(20),
        ),
        400,
        'request.invalid',
      )
    refused(await speak(it.port, `GET /api/hello HTTP/1.1\nhost: x\n\n`), 400, 'request.invalid')
    refused(await speak(it.port, head('GET /api/hello HTTP/1.1', { 'x-a': 'b\r\n folded' })), 400, 'request.invalid')
    refused(await speak(it.port, 'GET /api/hello HTTP/1.1\r\nhost : x\r\n\r\n'), 400, 'request.invalid')
    assert.ok(!it.text().includes('/api/admin'), 'the smuggled request was seen')
  })

  test('a body that is longer than it says is cut where it says', async () => {
    const answers = answersIn(
      await speak(it.port, ...post('{"text":"abc"} GET /api/hello', { 'content-length': '14', connection: 'keep-alive' })),
    )
    assert.equal(answers[0]?.status, 200)
    assert.ok(answers.length === 1 || answers[1]?.status === 400)
  })

  test('a chunked body is read, and one with broken chunks refused', async () => {
    const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked', connection: 'close' }
    const [answer] = answersIn(
      await speak(it.port, head('POST /api/things/1 HTTP/1.1', chunked), '7\r\n{"text"\r\n', '5\r\n:"a"}\r\n0\r\n\r\n'),
    )
    assert.deepEqual([answer?.status, answer?.body], [200, { length: 1 }])
    refused(await speak(it.port, head('POST /api/things/1 HTTP/1.1', chunked), 'zz\r\n{"text"\r\n'), 400, 'request.invalid')
    refused(
      await speak(it.port, head('POST /api/things/1 HTTP/1.1', chunked), `5;${'x'.repeat(20_000)}\r\n{"a":`),
      400,
      'request.invalid',
      /chunks/,
    )
  })

  test('chunks without end are refused as soon as they are too many', async context => {
    const one = talk(it.port)
    one.say(head('POST /api/things/1 HTTP/1.1', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }))
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    const flood = setInterval(() => one.socket.writable && one.say(chunk), 1)
    context.after(() => clearInterval(flood))
    await one.until(/request\.too_large/)
    refused(await one.closed, 413, 'request.too_large', /larger than 1048576 bytes/)
    await lives()
  })

  test('10 MB in one field are refused, also for a sender that only listens when it is done', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(10_000_000) })
    const got = await fetch(`${it.url}/api/things/1`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    assert.deepEqual([got.status, (await got.json()).code], [413, 'request.too_large'])
    refused(await speak(it.port, ...post(body)), 413, 'request.too_large')
    assert.ok(!kept.some(text => text.length > 1_000_000))
  })

  test('a head that comes too slowly is refused', async context => {
    const one = talk(it.port)
    one.say('GET /api/hello HTTP/1.1\r\nhost: x\r\n')
    const drip = setInterval(() => one.socket.writable && one.say('x-a: b\r\n'), 50)
    context.after(() => clearInterval(drip))
    refused(await one.closed, 408, 'request.too_slow')
  })

  test('a body that comes too slowly is refused, and nothing of it is kept', async () => {
    const one = talk(it.port)
    one.say(post('{"text":"never whole"}', { connection: 'keep-alive' })[0] ?? '')
    one.say('{"text":"nev')
    refused(await one.closed, 408, 'request.too_slow')
    assert.ok(!kept.includes('never whole'))
  })

  test('a sender that goes away in the middle leaves nothing behind', async () => {
    const before = kept.length
    for (let times = 0; times < 20; times += 1) {
      const one = talk(it.port)
      one.say(head('POST /api/things/1 HTTP/1.1', { 'content-type': 'application/json', 'content-length': '1000' }))
      one.say('{"text":"half')
      await sleep(2)
      one.socket.resetAndDestroy()
    }
    await sleep(50)
    assert.equal(kept.length, before)
    assert.ok(it.lines.some(line => line.status === 499 && line.path === '/api/things/1'))
    await lives()
  })

  test('a listener that goes away in the middle of an answer, or of many, does no harm', async () => {
    for (let times = 0; times < 10; times += 1) {
      const one = talk(it.port)
      one.say(head('GET /api/large HTTP/1.1') + head('GET /api/slow HTTP/1.1') + head('GET /api/slow HTTP/1.1'))
      await one.until(/^HTTP/)
      one.socket.resetAndDestroy()
    }
    await sleep(200)
    await lives()
    assert.equal(it.frame.talks.open().length, 0)
  })

  test('what is not JSON is refused by its type, whatever it holds', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonx',
      'image/png',
    ])
      refused(
        await speak(it.port, ...post('{"text":"a"}', { 'content-type': type })),
        415,
        'request.wrong_type',
        /Content-Type: application\/json/,
      )
    for (const type of ['', ';', 'nonsense', 'application/', '/json'])
      refused(await speak(it.port, ...post('{"text":"a"}', { 'content-type': type })), 415, 'request.wrong_type')
    const headers = { 'content-length': '12', connection: 'close' }
    refused(await speak(it.port, head('POST /api/things/1 HTTP/1.1', headers), '{"text":"a"}'), 415, 'request.wrong_type')
  })

  test('JSON by any of its names is read', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON;charset="UTF-8"',
      'application/json;',
    ])
      assert.equal(answersIn(await speak(it.port, ...post('{"text":"a"}', { 'content-type': type })))[0]?.status, 200, type)
  })

  test('a packed body is refused with the reason', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'x'.repeat(1_000)])
      refused(
        await speak(it.port, ...post('{"text":"a"}', { 'content-encoding': encoding })),
        415,
        'request.wrong_type',
        /send it plain/,
      )
  })

  test('JSON that means two things, or harm, is refused and nothing of it is kept', async () => {
    const before = kept.length
    const bodies = {
      'twice the same key': '{"text":"a","text":"b"}',
      'the key __proto__': '{"text":"a","__proto__":{"admin":true}}',
      'a thousand levels': `{"text":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
      'a million levels': '['.repeat(1_000_000),
      'half a character': '{"text":"\\ud800"}',
      'a number past 2^53': '{"text":"a","n":9007199254740993}',
      'a number without end': `{"text":"a","n":${'9'.repeat(100_000)}}`,
      'a number past all numbers': '{"text":"a","n":1e400}',
      'no end': '{"text":"a"',
      'two values': '{"text":"a"}{"text":"b"}',
      'a comment': '{"text":"a"/* b */}',
      'only spaces': '   ',
    }
    for (const [name, body] of Object.entries(bodies)) {
      const [answer] = answersIn(await speak(it.port, ...post(body)))
      assert.deepEqual([answer?.status, answer?.body.code], [400, 'request.bad_json'], name)
    }
    const bytes = { 'a byte order mark': [0xef, 0xbb, 0xbf], 'UTF-16': [0xff, 0xfe], 'broken UTF-8': [0xc3, 0x28] }
    for (const [name, start] of Object.entries(bytes)) {
      const [answer] = answersIn(await speak(it.port, ...post(Buffer.from([...start, ...Buffer.from('{"text":"a"}')]))))
      assert.deepEqual([answer?.status, answer?.body.code], [400, 'request.bad_json'], name)
    }
    assert.equal(kept.length, before)
  })

  test('any language and every sign arrive as they were sent', async () => {
    const text = `Zoë 🦊 👩‍👩‍👧 שלום \u202eابجد\u202c \u0001\t " \\ ﷽ ${'\u0301'.repeat(500)}`
    await speak(it.port, ...post(JSON.stringify({ text })))
    assert.equal(kept.at(-1), text)
  })

  test('no body where one is declared is refused with what is missing', async () => {
    const none = head('POST /api/things/1 HTTP/1.1', { connection: 'close' })
    const answer = refused(await speak(it.port, none), 400, 'request.invalid')
    assert.deepEqual(
      (answer.body.details as { path: string }[]).map(detail => detail.path),
      ['body.text'],
    )
    refused(await speak(it.port, ...post('')), 400, 'request.invalid')
    refused(await speak(it.port, ...post('null')), 400, 'request.invalid')
  })

  test('a body where none is declared is dropped if it is JSON, and refused if it is not', async () => {
    const send = (body: string, type = 'application/json') =>
      speak(
        it.port,
        head('POST /api/bare HTTP/1.1', { 'content-type': type, 'content-length': String(body.length), connection: 'close' }),
        body,
      )
    assert.equal(answersIn(await send('{"anything":[1]}'))[0]?.status, 200)
    assert.equal(answersIn(await send(''))[0]?.status, 200)
    refused(await send('{"anything"'), 400, 'request.bad_json')
    refused(await send('a=1', 'text/plain'), 415, 'request.wrong_type')
    const [answer] = answersIn(
      await speak(it.port, head('GET /api/hello HTTP/1.1', { 'content-length': '5', connection: 'close' }), 'hello'),
    )
    assert.equal(answer?.status, 200)
  })

  test('what is sent where nothing is, is not read', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x'])
      refused(
        await speak(
          it.port,
          head('POST /api/nothing HTTP/1.1', { 'content-type': type, 'content-length': '3', connection: 'close' }),
          '{"a',
        ),
        404,
        'request.not_found',
      )
  })

  test('an expectation is ignored, and 100-continue is given', async () => {
    const [first, second] = answersIn(await speak(it.port, ...post('{"text":"a"}', { expect: '100-continue' })))
    assert.deepEqual([first?.status, second?.status], [100, 200])
    const [answer] = answersIn(await speak(it.port, head('GET /api/hello HTTP/1.1', { expect: 'miracles', connection: 'close' })))
    assert.equal(answer?.status, 200)
  })
})
