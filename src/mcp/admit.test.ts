import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, suite, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { register } from '#testing.ts'
import { type McpStage, setMcp } from './testing.ts'

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}

/** Without any key. */
const fetchWithout = (url: string, headers: Record<string, string>) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(LIST) })

for (const { name, skip, place } of databases().slice(0, 1))
  suite(`who may speak MCP, on ${name}`, { skip }, () => {
    let desk: McpStage
    before(async () => {
      desk = await setMcp(await place(), {
        OPEN_SIGNUP: 'true',
        PUBLIC_URL: 'https://pilot.example.org',
        MCP_HOSTS: 'Other.example.org',
        CORS_ORIGINS: 'https://friend.example.org',
      })
    })
    after(() => desk.close())

    /** The same with headers that a browser would not let one choose. */
    async function as(headers: Record<string, string>): Promise<{ status: number; body: string }> {
      const going = request(desk.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'x-api-key': desk.key,
          ...headers,
        },
      })
      const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
        going.once('error', reject)
        going.once('response', async got => resolve({ status: got.statusCode ?? 0, body: await text(got) }))
      })
      going.end(JSON.stringify(LIST))
      return answer
    }

    test('a key is taken as bearer token and as x-api-key, and nothing else is', async () => {
      assert.equal((await desk.ask(LIST)).status, 200)
      assert.equal((await desk.ask(LIST, { authorization: '', 'x-api-key': desk.key })).status, 200)
      for (const authorization of ['', `Bearer ${desk.token}`, 'Bearer pp_nothing', 'Basic eDp5']) {
        const got = await desk.ask(LIST, { authorization })
        assert.equal(got.status, 401, authorization)
        assert.equal(got.headers.get('www-authenticate'), 'Bearer')
        assert.equal(JSON.parse(await got.text()).code, 'auth.required')
      }
      for (const value of [desk.token, desk.key]) {
        const cookie = `promptpilot.session_token=${value}`
        const { host } = new URL(desk.url)
        assert.equal((await fetchWithout(desk.url, { cookie, host })).status, 401)
      }
    })

    test('a key that was revoked is not taken any more, also within a session', async () => {
      const { key, id } = await desk.post('/api/keys', { name: 'short' })
      const authorization = `Bearer ${key}`
      const session = (await desk.ask(HELLO, { authorization })).headers.get('mcp-session-id') ?? ''
      assert.equal((await desk.ask(LIST, { authorization, 'mcp-session-id': session })).status, 200)
      await desk.server.send(`/api/keys/${id}`, { token: desk.token, method: 'DELETE' })
      assert.equal((await desk.ask(LIST, { authorization, 'mcp-session-id': session })).status, 401)
    })

    test('a key speaks for its own workspace', async () => {
      const stranger = await register(desk.server, 'stranger@example.org')
      const { body } = await desk.server.send('/api/me', { token: stranger })
      const got = await desk.ask(LIST, { 'x-workspace': body.workspace })
      assert.deepEqual([got.status, JSON.parse(await got.text()).code], [404, 'workspace.not_found'])
    })

    test('only names are taken that nobody outside can point at this machine', async () => {
      for (const host of ['127.0.0.1:80', '10.1.2.3', '[::1]:3000', 'localhost:3000', 'promptpilot:3000', 'a.localhost'])
        assert.equal((await as({ host })).status, 200, host)
      for (const host of ['pilot.example.org', 'other.example.org:8443']) assert.equal((await as({ host })).status, 200, host)
      for (const host of ['evil.example.com', 'evil.example.com:3000', 'localhost.evil.com', '127.0.0.1.evil.com']) {
        const { status, body } = await as({ host })
        assert.deepEqual([status, JSON.parse(body).code], [403, 'mcp.wrong_host'], host)
        assert.match(body, /PUBLIC_URL or MCP_HOSTS/)
      }
    })

    test('pages of other sites may not call, unless the operator trusts them', async () => {
      const host = 'pilot.example.org'
      assert.equal((await as({ host, origin: 'https://pilot.example.org' })).status, 200)
      assert.equal((await as({ host, origin: 'https://friend.example.org' })).status, 200)
      for (const origin of ['https://evil.example.com', 'null', 'http://pilot.example.org.evil.com']) {
        const { status, body } = await as({ host, origin })
        assert.deepEqual([status, JSON.parse(body).code], [403, 'request.wrong_origin'], origin)
      }
      assert.equal((await as({ host, 'sec-fetch-site': 'cross-site' })).status, 403)
      const got = await desk.ask(HELLO, { origin: 'https://friend.example.org' })
      assert.match(got.headers.get('access-control-expose-headers') ?? '', /mcp-session-id/)
    })

    test('a body that is too large is refused before it is read', async () => {
      const got = await desk.ask({ ...LIST, params: { cursor: 'x'.repeat(5 * 2 ** 20) } })
      assert.equal(got.status, 413)
    })
  })

suite('how often MCP may be spoken', () => {
  test('what is too often is refused with the time to wait', async () => {
    const [sqlite] = databases()
    assert.ok(sqlite)
    const desk = await setMcp(await sqlite.place(), { RATE_LIMIT: 'on' })
    try {
      let status = 0
      let wait = 0
      for (let calls = 0; calls < 400 && status !== 429; calls += 1) {
        const got = await desk.ask(LIST, { authorization: 'Bearer pp_nothing' })
        status = got.status
        wait = Number(got.headers.get('retry-after'))
        await got.text()
      }
      assert.equal(status, 429)
      assert.ok(wait > 0)
    } finally {
      await desk.close()
    }
  })
})
