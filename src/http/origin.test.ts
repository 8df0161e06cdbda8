import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { contract } from './contract.ts'
import { type Frame, serve } from './serve.ts'
import { type TestFrame, testFrame } from './testing.ts'

const change = contract({
  method: 'post',
  path: '/api/change',
  area: 'test',
  needs: 'nobody',
  about: 'Changes something.',
  reply: z.object({ done: z.literal(true), text: z.string() }),
})
const look = contract({ ...change, method: 'get', path: '/api/look', about: 'Shows something.' })

const build = (frame: Frame) => {
  serve(frame, change, () => ({ done: true as const, text: '' }))
  serve(frame, look, () => ({ done: true as const, text: 'x'.repeat(5_000) }))
}

type Got = { status: number; code: unknown; headers: Record<string, string | string[] | undefined> }

/** `fetch` may not set Host and Origin as it likes. */
function send(port: number, method: string, path: string, headers: Record<string, string>): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', part => {
        text += part
      })
      answer.once('end', () => {
        const body = text.startsWith('{') ? JSON.parse(text) : {}
        resolve({ status: answer.statusCode ?? 0, code: body.code, headers: answer.headers })
      })
    })
    asked.once('error', reject).end()
  })
}

describe('a page of another site', () => {
  let it: TestFrame
  before(async () => {
    it = await testFrame(build)
  })
  after(() => it.stop())

  const cookie = 'promptpilot.session_token=abc'

  test('changes nothing with the cookie of a visitor', async () => {
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '' },
      { origin: 'nonsense' },
      { origin: `http://127.0.0.1:${it.port + 1}` },
      { origin: `http://127.0.0.1.evil.example:${it.port}` },
      { origin: `http://evil.example#127.0.0.1:${it.port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ]
    for (const headers of foreign) {
      const got = await send(it.port, 'POST', '/api/change', { cookie, ...headers })
      assert.deepEqual([got.status, got.code], [403, 'request.wrong_origin'], JSON.stringify(headers))
    }
  })

  test('is refused without a cookie too, so that it signs nobody in', async () => {
    const got = await send(it.port, 'POST', '/api/change', { origin: 'https://evil.example' })
    assert.equal(got.code, 'request.wrong_origin')
  })

  test('may send people here, who then only look', async () => {
    const got = await send(it.port, 'GET', '/api/look', { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
    assert.equal(got.status, 200)
  })

  test('reads nothing and gets no permission to ask', async () => {
    const got = await send(it.port, 'GET', '/api/look', { origin: 'https://evil.example' })
    assert.equal(got.headers['access-control-allow-origin'], undefined)
    const asked = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const preflight = await send(it.port, 'OPTIONS', '/api/change', asked)
    assert.deepEqual([preflight.status, preflight.code], [404, 'request.not_found'])
    assert.equal(preflight.headers['access-control-allow-origin'], undefined)
  })

  test('our own page, and a program without any page, change what they like', async () => {
    const own = [
      { origin: `http://127.0.0.1:${it.port}` },
      { origin: `https://127.0.0.1:${it.port}` },
      { origin: 'https://pilot.example.org', host: 'pilot.example.org' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      {},
    ]
    for (const headers of own) {
      const got = await send(it.port, 'POST', '/api/change', { cookie, ...headers })
      assert.equal(got.status, 200, JSON.stringify(headers))
    }
  })

  test('a key or a token is not sent by a browser on its own, so its origin does not matter', async () => {
    for (const headers of [{ authorization: 'Bearer ann' }, { 'x-api-key': 'pp_x' }]) {
      const got = await send(it.port, 'POST', '/api/change', { origin: 'https://evil.example', ...headers })
      assert.equal(got.status, 200)
    }
  })
})

describe('a site that is named in CORS_ORIGINS', () => {
  let it: TestFrame
  const friend = 'https://app.example.org'
  before(async () => {
    it = await testFrame(build, { corsOrigins: [friend] })
  })
  after(() => it.stop())

  test('asks for permission and gets it', async () => {
    const asked = {
      origin: friend,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    }
    const { status, headers } = await send(it.port, 'OPTIONS', '/api/change', asked)
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], friend)
    assert.equal(headers['access-control-allow-headers'], 'authorization, content-type')
    assert.match(String(headers['access-control-allow-methods']), /POST/)
    assert.match(String(headers['x-request-id']), /^req_/)
  })

  test('reads answers and refusals, and caches keep them apart', async () => {
    const packed = await send(it.port, 'GET', '/api/look', { origin: friend, 'accept-encoding': 'gzip' })
    assert.equal(packed.headers['access-control-allow-origin'], friend)
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.match(String(packed.headers.vary), /origin/i)
    assert.match(String(packed.headers.vary), /accept-encoding/)
    const lost = await send(it.port, 'GET', '/api/nothing', { origin: friend })
    assert.deepEqual([lost.status, lost.headers['access-control-allow-origin']], [404, friend])
  })

  test('changes things', async () => {
    assert.equal((await send(it.port, 'POST', '/api/change', { origin: friend })).status, 200)
  })

  test('any other stays outside', async () => {
    for (const origin of ['https://evil.example', 'http://app.example.org', 'https://app.example.org.evil.example', 'null']) {
      assert.equal((await send(it.port, 'POST', '/api/change', { origin })).code, 'request.wrong_origin')
      const preflight = await send(it.port, 'OPTIONS', '/api/change', { origin, 'access-control-request-method': 'POST' })
      assert.equal(preflight.headers['access-control-allow-origin'], undefined)
      assert.equal((await send(it.port, 'GET', '/api/look', { origin })).headers['access-control-allow-origin'], undefined)
    }
  })

  test('OPTIONS that asks for nothing finds nothing', async () => {
    const got = await send(it.port, 'OPTIONS', '/api/change', {})
    assert.deepEqual([got.status, got.code], [404, 'request.not_found'])
  })
})
