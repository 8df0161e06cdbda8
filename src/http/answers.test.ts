import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`Idempotency-Key, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string

    before(async () => {
      where = await kind.place()
      server = await startServer(where)
      owner = await register(server, 'owner@example.org')
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const make = (key: string | undefined, body: unknown, token = owner, path = '/api/keys') =>
      server.send(path, { token, body, headers: key === undefined ? {} : { 'idempotency-key': key } })
    const names = async (name: string) =>
      (await server.send('/api/keys?limit=200', { token: owner })).body.items.filter((one: { name: string }) => one.name === name)
        .length

    test('the same key gives the same answer, and the thing is made once', async () => {
      const first = await make('one', { name: 'once' })
      const second = await make('one', { name: 'once' })
      assert.deepEqual([first.status, second.status], [201, 201])
      assert.deepEqual(second.body, first.body)
      assert.ok(first.body.key.length > 20, 'also what is shown once')
      assert.equal(await names('once'), 1)
      assert.notEqual((await make('two', { name: 'once' })).body.id, first.body.id)
      assert.notEqual((await make(undefined, { name: 'once' })).body.id, first.body.id)
    })

    test('twenty at once get one answer', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => make('crowd', { name: 'crowded' })))
      assert.deepEqual(new Set(all.map(one => one.status)), new Set([201]))
      assert.equal(new Set(all.map(one => one.text)).size, 1)
      assert.equal(await names('crowded'), 1)
    })

    test('another request with the same key is refused, and changes nothing', async () => {
      await make('taken', { name: 'first' })
      for (const got of [
        await make('taken', { name: 'second' }),
        await make('taken', { email: 'a@example.org' }, owner, '/api/invitations'),
      ])
        assert.deepEqual([got.status, got.body.code], [409, 'request.key_reused'])
      assert.equal(await names('second'), 0)
      const crowd = await Promise.all(['a', 'b', 'a', 'b'].map(name => make('both', { name })))
      assert.deepEqual(crowd.map(one => one.status).toSorted(), [201, 201, 409, 409])
    })

    test('everybody has keys of their own, in every workspace', async () => {
      const other = await join(server, owner, `other-${kind.name}@example.org`, 'admin')
      const mine = await make('shared', { name: 'mine' })
      const theirs = await make('shared', { name: 'mine' }, other)
      assert.equal(theirs.status, 201)
      assert.notEqual(theirs.body.id, mine.body.id)
      const second = await server.send('/api/workspaces', { token: owner, body: { name: 'Second' } })
      const elsewhere = await server.send('/api/keys', {
        token: owner,
        body: { name: 'mine' },
        headers: { 'idempotency-key': 'shared', 'x-workspace': second.body.id },
      })
      assert.deepEqual([elsewhere.status, elsewhere.body.id === mine.body.id], [201, false])
    })

    test('a refusal frees the key', async () => {
      const refused = await make('again', { name: 'late', expiresAt: '2001-01-01T00:00:00Z' })
      assert.equal(refused.status, 400)
      assert.equal((await make('again', { name: 'late' })).status, 201)
      assert.equal((await make('again', { name: 'late' })).status, 201)
      assert.equal(await names('late'), 1)
    })

    test('a key that is empty or longer than 200 characters is refused', async () => {
      for (const key of ['', 'x'.repeat(201), 'x'.repeat(10_000)]) {
        const got = await make(key, { name: 'never' })
        assert.deepEqual([got.status, got.body.code], [400, 'request.invalid'])
        assert.match(got.body.details[0].message, /1 to 200 characters/)
      }
      assert.equal((await make('x'.repeat(200), { name: 'longest' })).status, 201)
      assert.equal(await names('never'), 0)
    })

    test('after a fault nobody knows whether it took effect, and that is said', async () => {
      const { frame } = server
      const caller = 'somebody/somewhere'
      const fail = () => Promise.reject(new Error('the power is gone'))
      await assert.rejects(frame.once(caller, 'k', 'post /x', fail), /the power is gone/)
      await assert.rejects(frame.once(caller, 'k', 'post /x', fail), { code: 'request.in_doubt', retryAfter: 1 })
    })

    test('an answer is kept over a restart, and for a day', async () => {
      const first = await make('kept', { name: 'kept' })
      await server.stop()
      server = await startServer(where)
      assert.deepEqual((await make('kept', { name: 'kept' })).body, first.body)
      await server.world.db
        .updateTable('answers')
        .set({ created_at: server.world.clock.now() - 25 * 3600_000 })
        .execute()
      assert.notEqual((await make('kept', { name: 'kept' })).body.id, first.body.id)
    })

    test('what is kept shows neither the answer nor the request nor the key', async () => {
      const { body } = await make('a-key-to-find', { name: 'a name to find' })
      const rows = JSON.stringify(await server.world.db.selectFrom('answers').selectAll().execute())
      for (const secret of [body.key, body.id, 'a-key-to-find', 'a name to find']) assert.ok(!rows.includes(secret), secret)
      assert.ok(rows.includes('"status":201'))
      assert.ok(!server.lines.some(line => JSON.stringify(line).includes(body.key)))
    })

    test('a file that is sent twice with one key is there once', async () => {
      const form = () => {
        const made = new FormData()
        made.append('file', new Blob(['the same bytes']), 'twice.txt')
        return made
      }
      const first = await make('file', form(), owner, '/api/files')
      const second = await make('file', form(), owner, '/api/files')
      assert.deepEqual([first.status, second.status], [201, 201])
      assert.equal(second.body.id, first.body.id)
      const { body } = await server.send('/api/files', { token: owner })
      assert.equal(body.items.filter((one: { name: string }) => one.name === 'twice.txt').length, 1)
    })
  })
}
