import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { contract, raw } from './contract.ts'
import { serve } from './serve.ts'
import { answersIn, SHORT, speak, type TestFrame, talk, testFrame } from './testing.ts'

const base = { method: 'get', area: 'test', needs: 'nobody', about: 'A test.' } as const
const Thing = z.object({ id: z.string(), size: z.number().max(10) })
const thing = contract({ ...base, path: '/api/thing/:how', params: z.strictObject({ how: z.string() }), reply: Thing })
const forever = contract({ ...base, path: '/api/forever', reply: z.object({}) })
const large = contract({
  ...base,
  path: '/api/large',
  query: z.strictObject({ length: z.coerce.number() }),
  reply: z.object({ text: z.string() }),
})
const bytes = contract({
  ...base,
  path: '/api/bytes/:how',
  params: z.strictObject({ how: z.string() }),
  reply: raw('file', 'application/octet-stream', 'Bytes.'),
})
const strict = contract({
  ...base,
  method: 'post',
  path: '/api/strict/:id',
  params: z.strictObject({ id: z.string().max(5) }),
  query: z.strictObject({ limit: z.coerce.number().max(10).default(3) }),
  body: z.strictObject({ name: z.string(), tags: z.array(z.string()).default([]) }),
  reply: z.object({ limit: z.number(), name: z.string(), tags: z.array(z.string()) }),
})
const editors = contract({ ...base, path: '/api/editors', needs: 'editor', reply: z.object({ by: z.string() }) })
const people = contract({ ...base, path: '/api/people', needs: 'person', inPerson: true, reply: z.object({ by: z.string() }) })
const small = contract({
  ...base,
  method: 'post',
  path: '/api/small',
  limit: 100,
  body: z.strictObject({ text: z.string() }),
  reply: z.object({}),
})

describe('an endpoint', () => {
  let it: TestFrame
  const heard: string[] = []

  before(async () => {
    it = await testFrame(
      frame => {
        serve(frame, thing, async ({ params }) => {
          if (params.how === 'throws') throw new TypeError('the secret of the house')
          if (params.how === 'null') return Promise.reject(null)
          if (params.how === 'refuses') throw new Fault('request.too_many', { retryAfter: 7 })
          if (params.how === 'misfits') return { id: 'secret of the misfit', size: 11 }
          return Object.assign({ id: 'x', size: 1 }, { password: 'must not be told' })
        })
        serve(frame, forever, async ({ signal }) => {
          await new Promise(resolve => signal.addEventListener('abort', resolve))
          heard.push('over')
          throw new Error('too late to be heard')
        })
        serve(frame, large, ({ query }) => ({ text: 'ä'.repeat(query.length) }))
        serve(frame, bytes, ({ params, signal }) => {
          if (params.how === 'none')
            return {
              stream: createReadStream('/nowhere/at/all'),
              headers: { 'content-length': '5', etag: '"x"', 'content-disposition': 'attachment' },
            }
          if (params.how === 'breaks')
            return {
              stream: Readable.from(
                (async function* () {
                  yield 'first'
                  await sleep(30)
                  throw new Error('the disk is gone')
                })(),
              ),
              headers: { 'content-length': '100' },
            }
          if (params.how === 'watched') signal.addEventListener('abort', () => heard.push('gone'))
          const stream = new Readable({ read: () => {} })
          stream.push('begun')
          stream.once('close', () => heard.push('closed'))
          return { stream }
        })
        serve(frame, strict, ({ query, body }) => ({ limit: query.limit, ...body }))
        serve(frame, editors, ({ caller }) => ({ by: caller.role }))
        serve(frame, people, ({ caller }) => ({ by: caller.user.id }))
        serve(frame, small, () => ({}))
      },
      { patience: SHORT },
    )
  })
  after(() => it.stop())

  const get = async (path: string, as?: string) => {
    const got = await fetch(it.url + path, as ? { headers: { authorization: `Bearer ${as}` } } : {})
    const text = await got.text()
    return { status: got.status, headers: got.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null }
  }
  const post = async (path: string, body: unknown) => {
    const got = await fetch(it.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: got.status, body: await got.json() }
  }

  test('a call that says it sends JSON and has no body is answered at once', async () => {
    const head = 'POST /api/small HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n'
    const [answer] = answersIn(await speak(it.port, head))
    assert.deepEqual([answer?.status, answer?.body.code], [400, 'request.invalid'])
  })

  test('tells what its contract names and nothing more', async () => {
    const { status, text, headers } = await get('/api/thing/fits')
    assert.deepEqual([status, text], [200, '{"id":"x","size":1}'])
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  })

  test('whose answer does not fit its contract fails, is logged and tells nothing', async () => {
    const { status, text, body } = await get('/api/thing/misfits')
    assert.deepEqual([status, body.code], [500, 'server.fault'])
    assert.doesNotMatch(text, /misfit|size|Too big/)
    const line = it.lines.find(one => one.request === body.requestId && one.level === 50)
    assert.match(JSON.stringify(line), /size/)
    assert.doesNotMatch(JSON.stringify(line), /misfit/)
  })

  test('that throws anything fails in our shape, and the next one works', async () => {
    for (const how of ['throws', 'null']) {
      const { status, text, body } = await get(`/api/thing/${how}`)
      assert.deepEqual([status, body.code], [500, 'server.fault'])
      assert.doesNotMatch(text, /secret/)
      assert.ok(it.lines.some(one => one.request === body.requestId && one.level === 50))
    }
    assert.equal((await get('/api/thing/fits')).status, 200)
  })

  test('that refuses says when to come again, and is no error in the log', async () => {
    const { status, headers, body } = await get('/api/thing/refuses')
    assert.deepEqual([status, headers.get('retry-after')], [429, '7'])
    assert.ok(!it.lines.some(one => one.request === body.requestId && Number(one.level) >= 40))
  })

  test('that never ends is given up, and its work is told so', async () => {
    const begun = Date.now()
    const { status, body } = await get('/api/forever')
    assert.deepEqual([status, body.code], [503, 'server.timeout'])
    assert.ok(Date.now() - begun < 2_000)
    await sleep(20)
    assert.deepEqual(heard.splice(0), ['over'])
  })

  test('learns that the one who asked is gone', async () => {
    const one = talk(it.port)
    one.say('GET /api/forever HTTP/1.1\r\nhost: x\r\n\r\n')
    await sleep(50)
    one.socket.resetAndDestroy()
    await sleep(50)
    assert.deepEqual(heard.splice(0), ['over'])
    assert.ok(it.lines.some(line => line.path === '/api/forever' && line.status === 499))
  })

  test('checks path, query and body, says everything that is wrong and fills in what is left out', async () => {
    const { status, body } = await post('/api/strict/much-too-long?limit=99&other=1', { name: 7, surplus: true })
    assert.equal(status, 400)
    assert.deepEqual(
      body.details.map((detail: { path: string }) => detail.path),
      ['params.id'],
    )
    const second = await post('/api/strict/id?limit=2', { name: 7, tags: [1, 'a', {}], surplus: true })
    assert.deepEqual(second.body.details.map((detail: { path: string }) => detail.path).toSorted(), [
      'body',
      'body.name',
      'body.tags.0',
      'body.tags.2',
    ])
    for (const query of ['?limit=99', '?limit=1&limit=2', '?other=1', '?__proto__=1', '?constructor=1', '?limit[]=1'])
      assert.equal((await post(`/api/strict/id${query}`, { name: 'a' })).status, 400, query)
    assert.deepEqual((await post('/api/strict/id', { name: 'a' })).body, { limit: 3, name: 'a', tags: [] })
  })

  test('names at most a hundred things that are wrong', async () => {
    const { body } = await post('/api/strict/id', { name: 'a', tags: Array.from({ length: 5_000 }, () => 1) })
    assert.equal(body.details.length, 100)
  })

  test('says how much it takes, and takes it', async () => {
    const { status, body } = await post('/api/small', { text: 'x'.repeat(100) })
    assert.deepEqual([status, body.code], [413, 'request.too_large'])
    assert.match(body.error, /100 bytes/)
    assert.equal((await post('/api/small', { text: 'x'.repeat(80) })).status, 200)
  })

  test('asks who somebody is before what they sent', async () => {
    assert.equal((await get('/api/editors')).status, 401)
    const { status, body } = await get('/api/editors', 'viewer')
    assert.deepEqual([status, body.code, body.error], [403, 'role.too_small', 'Your role here is viewer; this needs editor.'])
    assert.deepEqual((await get('/api/editors', 'ann')).body, { by: 'editor' })
    assert.equal((await get('/api/people', 'keyann')).body.code, 'auth.in_person')
    assert.deepEqual((await get('/api/people', 'ann')).body, { by: 'ann' })
  })

  test('packs a large answer for those who can unpack it', async () => {
    const ask = async (length: number, encoding: string) =>
      answersIn(
        await speak(
          it.port,
          `GET /api/large?length=${length} HTTP/1.1\r\nhost: x\r\naccept-encoding: ${encoding}\r\nconnection: close\r\n\r\n`,
        ),
      )[0]
    for (const encoding of ['gzip', 'br, gzip;q=0.5', 'deflate, GZIP']) {
      const packed = await ask(5_000, encoding)
      assert.equal(packed?.headers['content-encoding'], 'gzip', encoding)
      assert.equal(packed?.headers.vary, 'accept-encoding')
      assert.ok(Number(packed?.headers['content-length']) < 500)
    }
    for (const encoding of ['', 'br', 'gzip;q=0', 'gzip; q=0.0', 'xgzipx'])
      assert.equal((await ask(5_000, encoding))?.headers['content-encoding'], undefined, encoding)
    assert.equal((await ask(10, 'gzip'))?.headers['content-encoding'], undefined)
    const got = await fetch(`${it.url}/api/large?length=5000`, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal((await got.json()).text, 'ä'.repeat(5_000))
  })

  test('whose bytes cannot be read refuses in JSON and takes back what it said of them', async () => {
    const { status, headers, body } = await get('/api/bytes/none')
    assert.deepEqual([status, body.code], [500, 'server.fault'])
    for (const name of ['etag', 'content-disposition']) assert.equal(headers.get(name), null)
    assert.equal(headers.get('cache-control'), 'no-store')
  })

  test('whose bytes break off leaves the answer visibly unfinished, and the log says why', async () => {
    await assert.rejects(get('/api/bytes/breaks'))
    assert.ok(it.lines.some(line => line.message === 'an answer broke off' && JSON.stringify(line).includes('the disk is gone')))
    assert.equal((await get('/api/thing/fits')).status, 200)
  })

  test('lets go of what it reads from when the reader is gone', async () => {
    const one = talk(it.port)
    one.say('GET /api/bytes/watched HTTP/1.1\r\nhost: x\r\n\r\n')
    await one.until(/begun/)
    one.socket.destroy()
    await sleep(100)
    assert.deepEqual(heard.splice(0).toSorted(), ['closed', 'gone'])
  })

  test('asked for by HEAD lets go of its bytes too', async () => {
    const [answer] = answersIn(await speak(it.port, 'HEAD /api/bytes/watched HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'))
    assert.equal(answer?.status, 200)
    await sleep(100)
    assert.deepEqual(heard.splice(0).toSorted(), ['closed', 'gone'])
  })
})
