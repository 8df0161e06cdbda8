import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { PASSWORD, register, startServer, type TestServer } from '#testing.ts'
import { runProcess } from './testing.ts'

for (const kind of databases()) {
  describe(`promptpilot user beside a running server, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string
    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true' })
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })
    const user = (...words: string[]) =>
      runProcess(['user', ...words], { DATA_DIR: where.dir, DATABASE_URL: where.url ?? '', LOG_LEVEL: 'warn' }, where.dir)
    const login = (email: string, password: string) => server.send('/api/auth/login', { body: { email, password } })

    test('says that nobody is there yet', async () => {
      assert.deepEqual(await user('list'), { code: 0, out: 'There is no account yet.\n', complaints: '' })
    })

    test('lists who is there, and who owns the installation', async () => {
      owner = await register(server, 'ann@example.org')
      await register(server, 'bob@example.org')
      const { code, out } = await user('list')
      assert.deepEqual([code, out], [0, 'ann@example.org  ann  (owns the installation)\nbob@example.org  bob\n'])
    })

    test('gives a new password that works at once, and ends every session', async () => {
      const bob = String((await login('bob@example.org', PASSWORD)).body.token)
      const { code, out } = await user('reset-password', 'Bob@Example.org')
      assert.equal(code, 0)
      const [, password = ''] = /^The new password of bob@example\.org is (\S+)$/m.exec(out) ?? []
      assert.ok(password.length >= 16)
      assert.equal((await server.send('/api/me', { token: bob })).status, 401)
      assert.equal((await login('bob@example.org', PASSWORD)).status, 401)
      assert.equal((await login('bob@example.org', password)).status, 200)
    })

    test('hands the installation over', async () => {
      const { code, out } = await user('make-owner', 'bob@example.org')
      assert.deepEqual([code, out], [0, 'bob@example.org owns the installation now.\n'])
      assert.equal((await user('list')).out, 'ann@example.org  ann\nbob@example.org  bob  (owns the installation)\n')
      assert.equal((await user('make-owner', 'bob@example.org')).code, 0)
      await user('make-owner', 'ann@example.org')
    })

    test('counts an address as confirmed, and takes the second factor away', async () => {
      assert.equal((await user('confirm', 'bob@example.org')).out, 'The address bob@example.org counts as confirmed.\n')
      const { db } = server.world
      await db.updateTable('users').set({ two_factor_enabled: true }).where('email', '=', 'bob@example.org').execute()
      assert.match((await user('list')).out, /^bob@example\.org {2}bob {2}\(two-factor\)$/m)
      assert.equal(
        (await user('disable-two-factor', 'bob@example.org')).out,
        'bob@example.org signs in with the password alone now.\n',
      )
      assert.doesNotMatch((await user('list')).out, /two-factor/)
    })

    test('writes down what it did, for the person it was done to', async () => {
      const { body } = await server.send('/api/audit?limit=200', { token: owner })
      const mine = body.items.filter((one: { via: string }) => one.via === 'command').map((one: { action: string }) => one.action)
      assert.deepEqual(mine, ['account.made_owner'])
      const { db } = server.world
      const rows = await db
        .selectFrom('audit')
        .select(['action', 'actor', 'address', 'details'])
        .where('via', '=', 'command')
        .orderBy('id')
        .execute()
      assert.deepEqual(
        rows.filter(row => row.actor === 'bob@example.org').map(row => row.action),
        ['password.reset', 'account.made_owner', 'account.made_owner', 'account.confirmed', 'two_factor.disabled'],
      )
      assert.ok(rows.every(row => row.address === 'this machine' && row.details.includes('the operator')))
    })

    test('says whom it does not know, and how it is asked', async () => {
      const unknown = await user('confirm', 'eve@example.org')
      assert.deepEqual(
        [unknown.code, unknown.complaints],
        [1, 'There is no account with the address eve@example.org. See: promptpilot user list\n'],
      )
      for (const words of [[], ['fly'], ['confirm'], ['__proto__', 'x'], ['constructor', 'x'], ['toString', 'x']]) {
        const { code, out, complaints } = await user(...words)
        assert.deepEqual([code, complaints, out.startsWith('promptpilot user list | ')], [2, '', true], words.join(' '))
      }
    })

    test('has disturbed nobody', async () => {
      assert.equal((await server.send('/api/me', { token: owner })).status, 200)
      assert.equal((await server.send('/api/health/ready')).status, 200)
    })
  })
}
