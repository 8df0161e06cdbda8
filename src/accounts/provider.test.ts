import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { OAuth2Server } from 'oauth2-mock-server'
import { databases, type Where } from '#db/testing.ts'
import { register, startServer, type TestServer } from '#testing.ts'

/** The claims of the person who signs in next. */
let person = { sub: 'x', email: 'x@example.org', email_verified: true, name: 'X' }

for (const kind of databases()) {
  describe(`signing in at an OpenID Connect provider, on ${kind.name}`, { skip: kind.skip }, () => {
    const provider = new OAuth2Server()
    let where: Where
    let server: TestServer
    let stop = async () => {}

    before(async () => {
      await provider.issuer.keys.generate('RS256')
      await provider.start(0, '127.0.0.1')
      provider.service.on('beforeTokenSigning', token => Object.assign(token.payload, person, { aud: 'pilot' }))
      provider.service.on('beforeUserinfo', response => Object.assign(response, { body: person }))
    })
    const start = async (settings: Record<string, string> = {}) => {
      await stop()
      where = await kind.place()
      const { port } = provider.address()
      const issuer = `http://127.0.0.1:${port}`
      provider.issuer.url = issuer
      server = await startServer(where, {
        PUBLIC_URL: 'http://127.0.0.1:1',
        OIDC_ISSUER: issuer,
        OIDC_CLIENT_ID: 'pilot',
        OIDC_CLIENT_SECRET: 'hush',
        OIDC_NAME: 'Example ID',
        ...settings,
      })
      stop = async () => {
        await server.stop()
        await where.drop()
      }
    }
    beforeEach(() => start())
    after(async () => {
      await stop()
      await provider.stop()
    })

    /** Walks the browser's way: to the provider and back with its cookies. Answers with where it ends and the cookies. */
    async function walk(): Promise<{ location: string; cookie: string }> {
      const begun = await server.send('/api/auth/provider', { body: { provider: 'oidc', next: '/settings/profile' } })
      assert.equal(begun.status, 200, begun.text)
      const jar = begun.headers.getSetCookie().map(cookie => cookie.split(';', 1)[0])
      const there = await fetch(begun.body.url, { redirect: 'manual' })
      const back = new URL(there.headers.get('location') ?? '')
      assert.equal(`${back.origin}${back.pathname}`, 'http://127.0.0.1:1/api/auth/callback/oidc')
      const home = await server.send(`${back.pathname}${back.search}`, { headers: { cookie: jar.join('; ') } })
      return {
        location: home.headers.get('location') ?? '',
        cookie: home.headers
          .getSetCookie()
          .map(cookie => cookie.split(';', 1)[0])
          .join('; '),
      }
    }
    const me = (cookie: string) => server.send('/api/me', { headers: { cookie } })

    test('the sign-in screen offers it by its name', async () => {
      assert.deepEqual((await server.send('/api/auth/ways')).body.providers, [{ id: 'oidc', name: 'Example ID' }])
    })

    test('the first who comes that way owns the installation, and comes back to where they wanted to go', async () => {
      person = { sub: 'a', email: 'first@example.org', email_verified: true, name: 'Fïrst 🦊' }
      const { location, cookie } = await walk()
      assert.match(location, /\/settings\/profile$/)
      const { body } = await me(cookie)
      assert.deepEqual(
        [body.user.email, body.user.name, body.user.ownsInstance, body.role],
        ['first@example.org', 'Fïrst 🦊', true, 'owner'],
      )
      const again = await me((await walk()).cookie)
      assert.equal(again.body.user.id, body.user.id)
    })

    test('a stranger is sent back to the sign-in screen, and no account is made', async () => {
      await register(server, 'owner@example.org')
      person = { sub: 'b', email: 'stranger@example.org', email_verified: true, name: 'B' }
      const { location, cookie } = await walk()
      assert.match(location, /\/login\?error=/)
      assert.equal((await me(cookie)).status, 401)
      assert.equal((await server.world.db.selectFrom('users').selectAll().execute()).length, 1)
    })

    test('somebody who was invited may come that way, if the provider vouches for the address', async () => {
      const owner = await register(server, 'owner@example.org')
      await server.send('/api/invitations', { token: owner, body: { email: 'guest@example.org', role: 'editor' } })
      person = { sub: 'c', email: 'guest@example.org', email_verified: false, name: 'C' }
      assert.match((await walk()).location, /error=/)
      person = { ...person, email_verified: true }
      const { cookie } = await walk()
      const token = server.linkFor('guest@example.org').split('#')[1]
      const joined = await server.send('/api/invitations/accept', { headers: { cookie }, body: { token } })
      assert.deepEqual([joined.status, joined.body.role], [200, 'editor'])
      assert.equal((await me(cookie)).body.role, 'editor')
    })

    test('an account with a password is not taken over by whoever claims its address', async () => {
      await start({ OPEN_SIGNUP: 'true' })
      await register(server, 'owner@example.org')
      await register(server, 'victim@example.org')
      person = { sub: 'evil', email: 'victim@example.org', email_verified: false, name: 'E' }
      const { location, cookie } = await walk()
      assert.match(location, /error=/)
      assert.equal((await me(cookie)).status, 401)
    })

    test('tokens of the provider are not in the database in plain, and the sign-in is in the audit log', async () => {
      person = { sub: 'a', email: 'first@example.org', email_verified: true, name: 'First' }
      const { cookie } = await walk()
      const account = await server.world.db
        .selectFrom('accounts')
        .selectAll()
        .where('provider_id', '=', 'oidc')
        .executeTakeFirstOrThrow()
      assert.doesNotMatch(account.access_token ?? '', /^ey/)
      const { body } = await server.send('/api/audit', { headers: { cookie } })
      assert.ok(
        body.items.some(
          (one: { action: string; details: { by?: string } }) =>
            one.action === 'session.signed_in' && one.details.by === 'provider',
        ),
      )
    })

    test('a callback with a forged state opens nothing', async () => {
      const got = await server.send('/api/auth/callback/oidc?code=x&state=forged')
      assert.ok(got.status >= 300 && got.status < 500)
      assert.equal((await me(got.headers.getSetCookie().join('; '))).status, 401)
    })
  })
}
