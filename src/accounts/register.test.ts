import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, PASSWORD, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`registering, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let stop = async () => {}

    const start = async (settings: Record<string, string> = {}) => {
      await stop()
      where = await kind.place()
      server = await startServer(where, settings)
      stop = async () => {
        await server.stop()
        await where.drop()
      }
    }
    beforeEach(() => start())
    after(() => stop())

    const person = (email: string, more: object = {}) => ({ email, password: PASSWORD, name: 'Somebody', ...more })
    const count = async (table: 'users' | 'accounts' | 'workspaces' | 'members' | 'sessions') =>
      (await server.world.db.selectFrom(table).selectAll().execute()).length

    test('the first account owns the installation and a workspace, and is signed in', async () => {
      assert.equal((await server.send('/api/auth/ways')).body.register, 'first')
      const got = await server.send('/api/auth/register', { body: person('First@Example.org') })
      assert.equal(got.status, 201)
      assert.equal(got.body.user.email, 'first@example.org')
      assert.equal(got.body.user.ownsInstance, true)
      const me = await server.send('/api/me', { headers: { cookie: got.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' } })
      assert.deepEqual([me.body.role, me.body.workspaces.length], ['owner', 1])
      assert.equal((await server.send('/api/auth/ways')).body.register, 'invited')
    })

    test('of twenty who are first at the same moment one becomes the owner and nothing of the others stays', async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, at) => server.send('/api/auth/register', { body: person(`p${at}@example.org`) })),
      )
      assert.deepEqual(all.map(one => one.status).toSorted(), [201, ...Array(19).fill(403)])
      assert.ok(all.filter(one => one.status === 403).every(one => one.body.code === 'auth.signup_closed'))
      assert.deepEqual(
        [await count('users'), await count('accounts'), await count('workspaces'), await count('members')],
        [1, 1, 1, 1],
      )
    })

    test('a stranger without an invitation is refused, through either door, and nothing is left of the try', async () => {
      await register(server, 'owner@example.org')
      const ours = await server.send('/api/auth/register', { body: person('stranger@example.org') })
      assert.deepEqual([ours.status, ours.body.code], [403, 'auth.signup_closed'])
      const theirs = await server.send('/api/auth/sign-up/email', { body: person('stranger@example.org') })
      assert.deepEqual([theirs.status, theirs.body.code], [403, 'auth.signup_closed'])
      assert.deepEqual([await count('users'), await count('sessions')], [1, 1])
    })

    test('with OPEN_SIGNUP anybody registers into a workspace of their own, without owning the installation', async () => {
      await start({ OPEN_SIGNUP: 'true' })
      await register(server, 'owner@example.org')
      const got = await server.send('/api/auth/register', { body: person('next@example.org') })
      assert.deepEqual([got.status, got.body.user.ownsInstance], [201, false])
      assert.equal((await server.send('/api/members', { token: got.body.token })).body.items.length, 1)
    })

    test('an address registers once, whatever its capitals, also twenty times at once', async () => {
      await start({ OPEN_SIGNUP: 'true' })
      await register(server, 'owner@example.org')
      const again = await server.send('/api/auth/register', { body: person('OWNER@example.org') })
      assert.deepEqual([again.status, again.body.code], [409, 'auth.email_taken'])
      const all = await Promise.all(
        Array.from({ length: 20 }, () => server.send('/api/auth/register', { body: person('twice@example.org') })),
      )
      assert.equal(all.filter(one => one.status === 201).length, 1)
      assert.ok(all.every(one => one.status === 201 || one.body.code === 'auth.email_taken'))
      assert.equal(await count('workspaces'), 2)
    })

    test('an invitation works once, only for its address, and brings its role', async () => {
      const owner = await register(server, 'owner@example.org')
      const { body } = await server.send('/api/invitations', {
        token: owner,
        body: { email: 'guest@example.org', role: 'operator' },
      })
      const token = server.linkFor('guest@example.org').split('#')[1]
      assert.equal(body.link.split('#')[1], token)
      const other = await server.send('/api/auth/register', { body: person('other@example.org', { invitation: token }) })
      assert.deepEqual([other.status, other.body.code], [403, 'invitation.other_email'])
      const guest = await server.send('/api/auth/register', { body: person('guest@example.org', { invitation: token }) })
      const me = await server.send('/api/me', { token: guest.body.token })
      assert.deepEqual([me.body.role, me.body.workspaces.length, me.body.user.ownsInstance], ['operator', 1, false])
      const again = await server.send('/api/auth/register', { body: person('third@example.org', { invitation: token }) })
      assert.deepEqual([again.status, again.body.code], [404, 'invitation.not_found'])
      assert.equal(await count('users'), 2)
    })

    test('names keep emoji and right-to-left letters; passwords may be any text of ten characters', async () => {
      const name = '👩‍🚀 שָׁלוֹם <script>'
      const password = 'пароль 🔑 ключ'
      const made = await server.send('/api/auth/register', { body: { email: 'zoe@example.org', password, name } })
      assert.equal(made.body.user.name, name)
      const login = await server.send('/api/auth/login', { body: { email: 'zoe@example.org', password } })
      assert.equal(login.body.user.name, name)
    })

    test('a password that is too short and an address that is none are refused with their place', async () => {
      const got = await server.send('/api/auth/register', { body: { email: 'nobody', password: 'short', name: ' ' } })
      assert.deepEqual(got.body.details.map((detail: { path: string }) => detail.path).toSorted(), [
        'body.email',
        'body.name',
        'body.password',
      ])
      assert.equal(await count('users'), 0)
    })

    test('everything is still there after a restart', async () => {
      const owner = await register(server, 'owner@example.org')
      await join(server, owner, 'viewer@example.org', 'viewer')
      const { body: key } = await server.send('/api/keys', { token: owner, body: { name: 'ci' } })
      await server.stop()
      server = await startServer(where)
      assert.equal((await server.send('/api/members', { token: owner })).body.items.length, 2)
      assert.equal((await server.send('/api/me', { token: key.key })).body.via, 'key')
    })
  })
}
