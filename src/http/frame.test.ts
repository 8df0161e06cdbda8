import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { contract, raw } from './contract.ts'
import { serve } from './serve.ts'
import { serveStatic } from './static.ts'
import { eventStream } from './stream.ts'
import { answersIn, speak, type TestFrame, testFrame } from './testing.ts'

const base = { method: 'get', area: 'test', needs: 'nobody', about: 'A test.' } as const
const json = contract({
  ...base,
  path: '/api/json/:id',
  params: z.strictObject({ id: z.string() }),
  reply: z.object({ ok: z.literal(true) }),
})
const refusing = contract({ ...base, path: '/api/refusing', reply: z.object({}) })
const throwing = contract({ ...base, path: '/api/throwing', reply: z.object({}) })
const stream = contract({ ...base, path: '/api/stream', reply: raw('stream', 'text/event-stream', 'Events.') })
const file = contract({ ...base, path: '/api/file', reply: raw('file', 'application/octet-stream', 'Bytes.') })
const secret = contract({
  ...base,
  method: 'post',
  path: '/api/secret',
  body: z.strictObject({ password: z.string(), deep: z.object({ token: z.string() }) }),
  reply: z.object({ key: z.string() }),
})

const SECRETS = {
  query: 'query-secret-1234567',
  header: 'header-secret-1234567',
  cookie: 'cookie-secret-1234567',
  password: 'password-secret-1234567',
  token: 'token-secret-1234567',
  made: 'made-secret-1234567',
  path: 'a9F3kd0Qm2Zx81LrTb7v',
}

describe('every answer', () => {
  let it: TestFrame
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-pages-'))
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>')
    it = await testFrame(async frame => {
      serve(frame, json, () => ({ ok: true as const }))
      serve(frame, refusing, () => {
        throw new Fault('auth.required')
      })
      serve(frame, throwing, () => {
        throw new Error(`the database at postgres://app:${SECRETS.made}@db/x said no`)
      })
      serve(frame, stream, ({ signal }) =>
        eventStream(
          (async function* () {
            yield { event: 'one', data: 1 }
          })(),
          signal,
        ),
      )
      serve(frame, file, () => ({
        stream: Readable.from([Buffer.from('bytes')]),
        headers: { 'content-security-policy': "sandbox; default-src 'none'" },
      }))
      serve(frame, secret, ({ body }) => {
        if (body.password === 'wrong') throw new Fault('server.fault', { cause: new Error(`no: Bearer ${SECRETS.made}`) })
        return { key: SECRETS.made }
      })
      await serveStatic(frame, folder)
    })
  })
  after(async () => {
    await it.stop()
    await rm(folder, { recursive: true })
  })

  const places = () => [
    '/api/json/1',
    '/api/refusing',
    '/api/throwing',
    '/api/stream',
    '/api/file',
    '/api/nothing',
    '/',
    '/some/page',
    '/%zz',
    '/assets/none.js',
    '/api/docs',
  ]

  test('says that nobody may frame it, guess its type or tell where somebody came from', async () => {
    for (const path of places()) {
      const { headers } = await fetch(it.url + path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('x-frame-options'), 'DENY', path)
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path)
      assert.equal(headers.get('strict-transport-security'), null, 'promised without HTTPS')
      assert.equal(headers.get('x-powered-by') ?? headers.get('server'), null)
    }
  })

  test('allows what it needs and nothing else', async () => {
    for (const path of places()) {
      const policy = (await fetch(it.url + path)).headers.get('content-security-policy') ?? ''
      const isPage = ['/', '/some/page', '/api/docs'].includes(path)
      assert.match(policy, /default-src 'none'/, path)
      if (path !== '/api/file') assert.match(policy, /frame-ancestors 'none'/, path)
      assert.equal(policy.includes("script-src 'self'"), isPage, path)
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, path)
    }
  })

  test('is not kept by any cache, unless it is a page, which is asked for again', async () => {
    for (const path of places()) {
      const isPage = ['/', '/some/page', '/api/docs'].includes(path)
      assert.equal((await fetch(it.url + path)).headers.get('cache-control'), isPage ? 'no-cache' : 'no-store', path)
    }
  })

  test('has an id of its own that stands in the log, and believes none that is sent', async () => {
    const ids = new Set<string>()
    for (const path of places()) {
      const got = await fetch(it.url + path, { headers: { 'x-request-id': 'mine', 'request-id': 'mine' } })
      const id = got.headers.get('x-request-id') ?? ''
      assert.match(id, /^req_[0-9a-z]{26}$/, path)
      const text = await got.text()
      if (text.startsWith('{"error"')) assert.equal(JSON.parse(text).requestId, id)
      assert.ok(
        it.lines.some(line => line.request === id && line.message === 'request'),
        path,
      )
      ids.add(id)
    }
    assert.equal(ids.size, places().length)
  })

  test('that fails says nothing about what is inside', async () => {
    const got = await fetch(`${it.url}/api/throwing`)
    const text = await got.text()
    assert.equal(got.status, 500)
    assert.doesNotMatch(text, /postgres|database at|secret|stack|node_modules|\.ts/)
    const { code, requestId } = JSON.parse(text)
    assert.equal(code, 'server.fault')
    const line = it.lines.find(one => one.request === requestId && one.level === 50)
    assert.match(JSON.stringify(line), /postgres:\/\/app:•••@db\/x said no/)
  })

  test('to one who is not signed in says how to', async () => {
    assert.equal((await fetch(`${it.url}/api/refusing`)).headers.get('www-authenticate'), 'Bearer')
  })

  test('is one line in the log: what, how, how long, from where and by whom', async () => {
    await fetch(`${it.url}/api/json/7?x=1`, { headers: { authorization: 'Bearer ann' } })
    const line = it.lines.findLast(one => one.path === '/api/json/7')
    assert.ok(line)
    const { time, ms, request, ...rest } = line
    assert.deepEqual(rest, {
      level: 30,
      method: 'GET',
      path: '/api/json/7',
      status: 200,
      address: '127.0.0.1',
      by: 'ann',
      message: 'request',
    })
    assert.ok(typeof ms === 'number' && ms >= 0 && ms < 1_000 && typeof request === 'string' && typeof time === 'string')
  })

  test('leaves nothing secret in the log, whatever went wrong', async () => {
    const { url } = it
    const headers = {
      authorization: `Bearer ${SECRETS.header}`,
      'x-api-key': SECRETS.header,
      cookie: `promptpilot.session_token=${SECRETS.cookie}`,
      'content-type': 'application/json',
      'x-other': SECRETS.header,
    }
    const post = (path: string, body: unknown, more = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    const good = { password: SECRETS.password, deep: { token: SECRETS.token } }
    await post(`/api/secret?token=${SECRETS.query}`, good)
    await post(`/api/secret?token=${SECRETS.query}`, { ...good, password: 'wrong' })
    await post('/api/secret', { password: SECRETS.password })
    await post('/api/secret', `{"password":"${SECRETS.password}"`)
    await post('/api/secret', `password=${SECRETS.password}`, { 'content-type': 'text/plain' })
    await post('/api/nothing', good)
    for (const path of [
      `/api/json/${SECRETS.path}`,
      `/hooks/${SECRETS.path}`,
      `/reset/${SECRETS.path}?x=${SECRETS.query}`,
      `/%zz?${SECRETS.query}`,
    ])
      await fetch(url + path, { headers })
    await fetch(`${url}/api/throwing?code=${SECRETS.query}`, { headers })
    await speak(it.port, `GET /${SECRETS.query} HTTP/1.1\r\nauthorization: ${SECRETS.header}\r\nbad header\r\n\r\n`)
    for (const [name, value] of Object.entries(SECRETS)) assert.ok(!it.text().includes(value), `the ${name} is in the log`)
    assert.ok(it.lines.length > 10)
  })

  test('shows ids of things in the log, and no path without end', async () => {
    const id = 'wsp_01k9xabcdefghjkmnpqrstvwxy'
    await fetch(`${it.url}/api/json/${id}`)
    assert.ok(it.lines.some(line => line.path === `/api/json/${id}`))
    await fetch(`${it.url}/${'a/'.repeat(2_000)}`)
    assert.ok(it.lines.every(line => String(line.path ?? '').length < 200))
  })

  test('counts by route, method and status, with no id in any label', async () => {
    await fetch(`${it.url}/api/json/someone_in_particular`)
    const text = await it.frame.metrics.registry.metrics()
    assert.match(text, /http_request_seconds_count\{method="GET",route="\/api\/json\/:id",status="200"\}/)
    assert.match(text, /route="none",status="400"/)
    assert.doesNotMatch(text, /someone_in_particular|zz/)
  })

  test('promises HTTPS only where it came by it, and for this host alone', async () => {
    const behind = await testFrame(frame => serve(frame, json, () => ({ ok: true as const })), { trustedProxies: ['127.0.0.1'] })
    const [answer] = answersIn(
      await speak(behind.port, 'GET /api/json/1 HTTP/1.1\r\nhost: x\r\nx-forwarded-proto: https\r\nconnection: close\r\n\r\n'),
    )
    assert.equal(answer?.headers['strict-transport-security'], 'max-age=15768000')
    await behind.stop()
  })
})
