import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, PASSWORD, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`sessions, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string
    let n = 0
    let email: string
    let token: string

    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true' })
      owner = await register(server, 'owner@example.org')
    })
    beforeEach(async () => {
      email = `p${++n}@example.org`
      token = await register(server, email)
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const login = (password = PASSWORD) => server.send('/api/auth/login', { body: { email, password } })
    const status = async (with_: string) => (await server.send('/api/me', { token: with_ })).status

    test('a login sets a cookie for the server alone and answers with a token; both are the session', async () => {
      const got = await login()
      const [cookie = ''] = got.headers.getSetCookie()
      assert.match(cookie, /^promptpilot\.session_token=[^;]+;.*HttpOnly; SameSite=Lax$/)
      assert.equal((await server.send('/api/me', { headers: { cookie: cookie.split(';', 1)[0] ?? '' } })).body.user.email, email)
      assert.equal((await server.send('/api/me', { token: got.body.token })).body.user.email, email)
    })

    test('over HTTPS the cookie is for HTTPS alone', async () => {
      const place = await kind.place()
      const https = await startServer(place, { TRUSTED_PROXIES: '127.0.0.1', OPEN_SIGNUP: 'true' })
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pilot.example.org' }
      const got = await https.send('/api/auth/register', { headers, body: { email, password: PASSWORD, name: 'x' } })
      assert.match(got.headers.getSetCookie()[0] ?? '', /; Secure$/)
      await https.stop()
      await place.drop()
    })

    test('a wrong password and an unknown address get the same answer', async () => {
      const wrong = await login('not the password')
      const unknown = await server.send('/api/auth/login', { body: { email: 'nobody@example.org', password: PASSWORD } })
      assert.deepEqual([wrong.status, wrong.body.code, wrong.body.error], [401, 'auth.wrong_login', unknown.body.error])
      assert.equal(unknown.status, 401)
    })

    test('logout ends the session, and only that one', async () => {
      const other = (await login()).body.token
      assert.equal((await server.send('/api/auth/logout', { token, body: {} })).status, 200)
      assert.deepEqual([await status(token), await status(other)], [401, 200])
    })

    test('a forged, cut, expired or foreign token is 401 and never more', async () => {
      await server.world.db
        .updateTable('sessions')
        .set({ expires_at: new Date(server.world.clock.now() - 1000) })
        .where('token', '=', token)
        .execute()
      for (const forged of [
        token,
        `${owner.slice(0, -1)}`,
        `${owner}.signature`.slice(1),
        '../../etc',
        "' or 1=1 --",
        'x'.repeat(8000),
      ])
        assert.equal(await status(forged), 401, forged.slice(0, 40))
      const cookie = await server.send('/api/me', {
        headers: { cookie: 'promptpilot.session_token=%E0%A4%A.x; promptpilot.session_token=y' },
      })
      assert.equal(cookie.status, 401)
    })

    test('sessions are listed and one, or all others, can be ended', async () => {
      const second = (await login()).body.token
      const third = (await login()).body.token
      const { body } = await server.send('/api/me/sessions', { token: second })
      assert.equal(body.items.length, 3)
      assert.ok(!JSON.stringify(body).includes(third), 'tokens are not shown')
      const current = body.items.find((one: { current: boolean }) => one.current)
      const firstOfAll = body.items.at(-1)
      assert.equal((await server.send(`/api/me/sessions/${firstOfAll.id}`, { token: second, method: 'DELETE' })).status, 200)
      assert.deepEqual([await status(token), await status(third)], [401, 200])
      assert.equal(
        (await server.send(`/api/me/sessions/${current.id}`, { token: owner, method: 'DELETE' })).body.code,
        'session.not_found',
      )
      await server.send('/api/me/sessions', { token: second, method: 'DELETE' })
      assert.deepEqual([await status(second), await status(third)], [200, 401])
    })

    test('a session is made longer by a visit after a day, and its cookie with it', async () => {
      const got = await login()
      const cookie = got.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
      const soon = new Date(server.world.clock.now() + 5 * 24 * 3600_000)
      await server.world.db.updateTable('sessions').set({ expires_at: soon }).where('token', '=', got.body.token).execute()
      const visit = await server.send('/api/me', { headers: { cookie } })
      assert.ok(visit.headers.getSetCookie()[0]?.startsWith(`${cookie}; Max-Age=2592000;`))
      const { expires_at } = await server.world.db
        .selectFrom('sessions')
        .select('expires_at')
        .where('token', '=', got.body.token)
        .executeTakeFirstOrThrow()
      assert.ok(new Date(expires_at).getTime() > soon.getTime() + 20 * 24 * 3600_000)
      assert.deepEqual((await server.send('/api/me', { headers: { cookie } })).headers.getSetCookie(), [])
    })

    test('changing the password takes the old one and ends the other sessions', async () => {
      const other = (await login()).body.token
      const wrong = await server.send('/api/me/password', {
        token,
        body: { current: 'nope nope nope', password: 'a new long one' },
      })
      assert.deepEqual([wrong.status, wrong.body.code], [403, 'auth.wrong_password'])
      assert.equal(
        (await server.send('/api/me/password', { token, body: { current: PASSWORD, password: 'a new long one' } })).status,
        200,
      )
      assert.deepEqual(
        [await status(token), await status(other), (await login()).status, (await login('a new long one')).status],
        [200, 401, 401, 200],
      )
    })

    test('a forgotten password is set with the link from the log, once, and ends every session', async () => {
      const asked = await server.send('/api/auth/forgot', { body: { email } })
      const unknown = await server.send('/api/auth/forgot', { body: { email: 'nobody@example.org' } })
      assert.deepEqual([asked.status, asked.body, unknown.status, unknown.body], [202, { by: 'log' }, 202, { by: 'log' }])
      const link = new URL(server.linkFor(email))
      assert.equal(`${link.origin}${link.pathname}`, `${server.url}/reset`)
      const body = { token: link.hash.slice(1), password: 'a new long one' }
      assert.equal((await server.send('/api/auth/reset', { body: { ...body, token: 'forged' } })).body.code, 'auth.bad_token')
      assert.equal((await server.send('/api/auth/reset', { body })).status, 200)
      assert.deepEqual([await status(token), (await login('a new long one')).status], [401, 200])
      assert.deepEqual((await server.send('/api/auth/reset', { body })).body.code, 'auth.bad_token')
    })

    test('the link for a new password never starts with what a request says of its host', async () => {
      await server.send('/api/auth/forgot', {
        body: { email },
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      })
      assert.ok(server.linkFor(email).startsWith(`${server.url}/`))
    })

    test('whoever is removed from a workspace is out at once, also with an open session and a key', async () => {
      const member = await join(server, owner, `m${n}@example.org`, 'editor')
      const { body: key } = await server.send('/api/keys', { token: member, body: { name: 'mine' } })
      const { body: me } = await server.send('/api/me', { token: member })
      await server.send(`/api/members/${me.user.id}`, { token: owner, method: 'DELETE' })
      assert.equal((await server.send('/api/members', { token: member })).status, 403)
      assert.equal((await server.send('/api/members', { token: member, headers: { 'x-workspace': me.workspace } })).status, 404)
      assert.equal((await server.send('/api/members', { token: key.key })).status, 401)
    })
  })
}

test('ten wrong passwords close the door for that address of the network, and only for it', async () => {
  const [kind] = databases()
  assert.ok(kind)
  const where = await kind.place()
  const server = await startServer(where, { RATE_LIMIT: 'on', TRUSTED_PROXIES: '127.0.0.1' })
  await register(server, 'owner@example.org')
  const from = (address: string, password: string) =>
    server.send('/api/auth/login', { headers: { 'x-forwarded-for': address }, body: { email: 'owner@example.org', password } })
  for (let at = 0; at < 10; at += 1) assert.equal((await from('203.0.113.7', 'wrong')).status, 401)
  const closed = await from('203.0.113.7', PASSWORD)
  assert.deepEqual([closed.status, closed.body.code], [429, 'request.too_many'])
  assert.ok(Number(closed.headers.get('retry-after')) > 60)
  assert.equal((await from('203.0.113.8', PASSWORD)).status, 200)
  await server.stop()
  await where.drop()
})
