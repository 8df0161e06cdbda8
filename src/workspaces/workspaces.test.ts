import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`workspaces, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string
    const people: Record<string, { token: string; id: string }> = {}

    before(async () => {
      where = await kind.place()
      server = await startServer(where)
      owner = await register(server, 'owner@example.org')
      for (const role of ['viewer', 'operator', 'editor', 'admin']) {
        const token = await join(server, owner, `${role}@example.org`, role)
        people[role] = { token, id: (await server.send('/api/me', { token })).body.user.id }
      }
      people.owner = { token: owner, id: (await server.send('/api/me', { token: owner })).body.user.id }
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const who = (role: string) => people[role] ?? assert.fail(role)
    const change = (as: string, of: string, role: string) =>
      server.send(`/api/members/${who(of).id}`, { token: who(as).token, method: 'PATCH', body: { role } })
    const remove = (as: string, of: string) =>
      server.send(`/api/members/${who(of).id}`, { token: who(as).token, method: 'DELETE' })
    const roleOf = async (of: string) => (await server.send('/api/me', { token: who(of).token })).body.role

    test('a viewer sees and cannot write', async () => {
      const token = who('viewer').token
      for (const path of ['/api/members', '/api/keys', '/api/credentials', '/api/files'])
        assert.equal((await server.send(path, { token })).status, 200, path)
      const writes = [
        server.send('/api/credentials', { token, body: { name: 'x', kind: 'bearer', values: { token: 'secret' } } }),
        server.send('/api/invitations', { token, body: { email: 'x@example.org' } }),
        server.send('/api/workspace', { token, method: 'PATCH', body: { name: 'mine' } }),
        change('viewer', 'editor', 'viewer'),
      ]
      for (const got of await Promise.all(writes)) assert.deepEqual([got.status, got.body.code], [403, 'role.too_small'])
    })

    test('an admin gives roles up to their own, never above, and does not touch an owner', async () => {
      assert.equal((await change('admin', 'viewer', 'operator')).body.role, 'operator')
      assert.equal((await change('admin', 'viewer', 'owner')).body.code, 'role.too_high')
      assert.equal((await change('admin', 'owner', 'viewer')).body.code, 'role.too_high')
      assert.equal((await remove('admin', 'owner')).body.code, 'role.too_high')
      const invite = await server.send('/api/invitations', {
        token: who('admin').token,
        body: { email: 'x@example.org', role: 'owner' },
      })
      assert.equal(invite.body.code, 'role.too_high')
      await change('admin', 'viewer', 'viewer')
    })

    test('the last owner cannot step down or leave; of two who do so at once one stays', async () => {
      assert.equal((await change('owner', 'owner', 'admin')).body.code, 'member.last_owner')
      assert.equal((await remove('owner', 'owner')).body.code, 'member.last_owner')
      await change('owner', 'admin', 'owner')
      const both = await Promise.all([change('owner', 'owner', 'admin'), change('admin', 'admin', 'admin')])
      assert.deepEqual(both.map(one => one.status).toSorted(), [200, 409])
      const left = (await roleOf('owner')) === 'owner' ? 'owner' : 'admin'
      await change(left, 'owner', 'owner')
      await change('owner', 'admin', 'admin')
    })

    test('a key has at most the role of its maker, also after the maker was made smaller', async () => {
      const token = who('editor').token
      assert.equal((await server.send('/api/keys', { token, body: { name: 'big', role: 'admin' } })).body.code, 'role.too_high')
      const { body: key } = await server.send('/api/keys', { token, body: { name: 'ci', role: 'editor' } })
      const make = () =>
        server.send('/api/credentials', { token: key.key, body: { name: 'x', kind: 'bearer', values: { token: 'secret' } } })
      assert.equal((await make()).status, 201)
      await change('owner', 'editor', 'viewer')
      assert.deepEqual([(await make()).status, (await server.send('/api/me', { token: key.key })).body.role], [403, 'viewer'])
      await change('owner', 'editor', 'editor')
      assert.equal((await make()).status, 201)
    })

    test('a key is shown once, kept as a hash, works by either header, and ends when it is revoked or its time is over', async () => {
      const { body: key } = await server.send('/api/keys', { token: owner, body: { name: 'ci' } })
      assert.match(key.key, /^pp_[\w-]{43}$/)
      const list = await server.send('/api/keys', { token: owner })
      assert.ok(!list.text.includes(key.key) && list.text.includes(key.start))
      const rows = await server.world.db.selectFrom('api_keys').selectAll().execute()
      assert.ok(!JSON.stringify(rows).includes(key.key))
      for (const headers of [{ 'x-api-key': key.key }, { authorization: `Bearer ${key.key}` }])
        assert.equal((await server.send('/api/members', { headers })).status, 200)
      assert.equal((await server.send(`/api/keys/${key.id}`, { token: owner, method: 'DELETE' })).status, 200)
      assert.equal((await server.send('/api/members', { token: key.key })).status, 401)
      assert.equal((await server.send(`/api/keys/${key.id}`, { token: owner, method: 'DELETE' })).status, 404)

      assert.equal(
        (await server.send('/api/keys', { token: owner, body: { name: 'old', expiresAt: '2020-01-01T00:00:00Z' } })).status,
        400,
      )
      const { body: brief } = await server.send('/api/keys', {
        token: owner,
        body: { name: 'brief', expiresAt: new Date(server.world.clock.now() + 3600_000).toISOString() },
      })
      await server.world.db
        .updateTable('api_keys')
        .set({ expires_at: server.world.clock.now() - 1 })
        .where('id', '=', brief.id)
        .execute()
      assert.equal((await server.send('/api/members', { token: brief.key })).status, 401)
    })

    test('members see their own keys, an admin those of all; nobody but an admin revokes another’s', async () => {
      const { body: key } = await server.send('/api/keys', { token: who('operator').token, body: { name: 'operators' } })
      const names = async (role: string) =>
        (await server.send('/api/keys', { token: who(role).token })).body.items.map((one: { id: string }) => one.id)
      assert.deepEqual([(await names('viewer')).includes(key.id), (await names('admin')).includes(key.id)], [false, true])
      assert.equal(
        (await server.send(`/api/keys/${key.id}`, { token: who('viewer').token, method: 'DELETE' })).body.code,
        'key.not_found',
      )
      assert.equal((await server.send(`/api/keys/${key.id}`, { token: who('admin').token, method: 'DELETE' })).status, 200)
    })

    test('a second invitation replaces the first; a revoked one and one past its week are worth nothing', async () => {
      const send = () => server.send('/api/invitations', { token: owner, body: { email: 'late@example.org', role: 'viewer' } })
      const token = (link: string) => link.split('#')[1]
      const look = (link: string) => server.send('/api/invitations/look', { body: { token: token(link) } })
      const first = (await send()).body
      const second = (await send()).body
      assert.deepEqual([(await look(first.link)).status, (await look(second.link)).body.email], [404, 'late@example.org'])
      assert.equal((await server.send(`/api/invitations/${second.id}`, { token: owner, method: 'DELETE' })).status, 200)
      assert.equal((await look(second.link)).body.code, 'invitation.not_found')
      const third = (await send()).body
      await server.world.db.updateTable('invitations').set({ expires_at: 1 }).where('id', '=', third.id).execute()
      assert.equal((await look(third.link)).status, 404)
      const { body } = await server.send('/api/invitations', { token: owner })
      assert.deepEqual(
        body.items.slice(0, 3).map((one: { state: string }) => one.state),
        ['expired', 'revoked', 'revoked'],
      )
      assert.equal(
        (await server.send('/api/invitations', { token: owner, body: { email: 'viewer@example.org' } })).body.code,
        'member.exists',
      )
    })

    test('the owner of the installation makes workspaces and moves between them; others are told they cannot', async () => {
      const made = await server.send('/api/workspaces', { token: owner, body: { name: '  Second 🏠 ' } })
      assert.deepEqual([made.status, made.body.name, made.body.role], [201, 'Second 🏠', 'owner'])
      assert.equal(
        (await server.send('/api/workspaces', { token: who('admin').token, body: { name: 'x' } })).body.code,
        'workspace.creation_closed',
      )
      const first = (await server.send('/api/me', { token: owner })).body.workspace
      await server.send(`/api/workspaces/${made.body.id}/select`, { token: owner, body: {} })
      assert.equal((await server.send('/api/members', { token: owner })).body.items.length, 1)
      assert.equal((await server.send('/api/members', { token: owner, headers: { 'x-workspace': first } })).body.items.length, 5)
      assert.equal(
        (await server.send(`/api/workspaces/${made.body.id}/select`, { token: who('admin').token, body: {} })).status,
        404,
      )
      await server.send(`/api/workspaces/${first}/select`, { token: owner, body: {} })
    })

    test('a workspace is deleted by its name, with everything in it, and nothing else', async () => {
      const { body: made } = await server.send('/api/workspaces', { token: owner, body: { name: 'Short-lived' } })
      const headers = { 'x-workspace': made.id }
      await server.send('/api/credentials', {
        token: owner,
        headers,
        body: { name: 'x', kind: 'bearer', values: { token: 'secret' } },
      })
      const del = (name: string) =>
        server.send(`/api/workspace?name=${encodeURIComponent(name)}`, { token: owner, headers, method: 'DELETE' })
      assert.equal((await del('something else')).status, 400)
      assert.equal((await del('Short-lived')).status, 200)
      for (const table of ['members', 'credentials', 'audit'] as const)
        assert.deepEqual(await server.world.db.selectFrom(table).selectAll().where('workspace_id', '=', made.id).execute(), [])
      assert.equal((await server.send('/api/members', { token: owner })).body.items.length, 5)
    })

    test('lists are read page by page without gaps or doubles', async () => {
      const seen: string[] = []
      let cursor = ''
      do {
        const { body } = await server.send(`/api/members?limit=2${cursor ? `&cursor=${cursor}` : ''}`, { token: owner })
        seen.push(...body.items.map((one: { email: string }) => one.email))
        cursor = body.next
      } while (cursor)
      assert.deepEqual(
        seen,
        ['admin', 'editor', 'operator', 'viewer', 'owner'].map(name => `${name}@example.org`),
      )
      assert.equal((await server.send('/api/members?limit=201', { token: owner })).status, 400)
    })
  })
}
