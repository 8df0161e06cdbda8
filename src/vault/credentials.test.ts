import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, register, startServer, type TestServer } from '#testing.ts'

const SECRET = 'xoxb-1234567890-very-secret'

for (const kind of databases()) {
  describe(`credentials over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string
    let viewer: string
    let stranger: string
    /** Everything that was answered, to look for secrets in. */
    const answers: string[] = []

    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true' })
      owner = await register(server, 'owner@example.org')
      viewer = await join(server, owner, 'viewer@example.org', 'viewer')
      stranger = await register(server, 'elsewhere@example.org')
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const send = async (path: string, sent: Parameters<TestServer['send']>[1] = {}) => {
      const got = await server.send(path, { token: owner, ...sent })
      answers.push(got.text, JSON.stringify([...got.headers]))
      return got
    }
    const create = async (values: Record<string, string>, name = 'Slack') => {
      const { status, body, text } = await send('/api/credentials', { body: { name, kind: 'slack.bot', values } })
      assert.equal(status, 201, text)
      return body
    }
    const change = (id: string, body: unknown, token = owner) => send(`/api/credentials/${id}`, { method: 'PUT', body, token })
    const valuesOf = async (id: string) => server.world.vault.open((await send('/api/me')).body.workspace, id)

    test('what is kept is listed by its fields, and never with its values', async () => {
      const made = await create({ token: SECRET, workspace: 'T1' })
      const me = (await send('/api/me')).body.user.id
      assert.match(made.id, /^cred_/)
      assert.deepEqual(
        { ...made, id: '', createdAt: '', updatedAt: '' },
        { id: '', name: 'Slack', kind: 'slack.bot', fields: ['token', 'workspace'], createdAt: '', createdBy: me, updatedAt: '' },
      )
      const { body } = await send('/api/credentials', { token: viewer })
      assert.deepEqual(
        body.items.find((it: { id: string }) => it.id === made.id),
        made,
      )
      assert.deepEqual(await valuesOf(made.id), { token: SECRET, workspace: 'T1' })
      assert.deepEqual((await send('/api/credentials?kind=other')).body, { items: [], next: null })
      assert.equal((await send('/api/credentials?kind=slack.bot&limit=1')).body.items.length, 1)
    })

    test('a change touches what it names: null takes a field away, the others stay', async () => {
      const { id, createdAt } = await create({ token: SECRET, region: 'eu' })
      const { body } = await change(id, { values: { region: null, added: 'new' } })
      assert.deepEqual([body.fields, body.name, body.createdAt], [['added', 'token'], 'Slack', createdAt])
      assert.deepEqual(await valuesOf(id), { token: SECRET, added: 'new' })
      assert.equal((await change(id, { name: 'Other' })).body.name, 'Other')
      assert.deepEqual(await valuesOf(id), { token: SECRET, added: 'new' })
      assert.equal((await change(id, {})).status, 200)
    })

    test('changes at the same time do not undo each other', async () => {
      const { id } = await create({})
      const names = Array.from({ length: 12 }, (_, at) => `field${at}`)
      const got = await Promise.all(names.map(name => change(id, { values: { [name]: name } })))
      assert.deepEqual(new Set(got.map(it => it.status)), new Set([200]))
      assert.deepEqual(Object.keys(await valuesOf(id)).toSorted(), names.toSorted())
    })

    test('bad names, kinds, fields and sizes are refused', async () => {
      const good = { name: 'x', kind: 'x', values: {} }
      const bad = [
        { ...good, name: ' ' },
        { ...good, name: 'a\nb' },
        { ...good, name: 'x'.repeat(101) },
        { ...good, kind: 'Slack' },
        { ...good, kind: '../x' },
        { ...good, values: { 'with space': 'x' } },
        { ...good, values: { '9x': 'x' } },
        { ...good, values: { a: 1 } },
        { ...good, values: { a: null } },
        { ...good, values: { a: 'x'.repeat(32_769) } },
        { ...good, values: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`f${at}`, 'x'])) },
        { ...good, secret: SECRET },
      ]
      for (const body of bad)
        assert.deepEqual(
          (await send('/api/credentials', { body })).body.code,
          'request.invalid',
          JSON.stringify(body).slice(0, 200),
        )
      const { id } = await create(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, 'x'])))
      assert.equal((await change(id, { values: { more: 'x' } })).body.code, 'request.invalid')
      assert.equal((await change(id, { values: { f0: null, more: 'x' } })).status, 200)
    })

    test('any text is a value, and names may be in any script', async () => {
      const values = { a: 'ünï 👩‍👩‍👧 "\\\u2028', empty: '', pem: '-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n' }
      const { id, name } = await create(values, '  שלום 🔑  ')
      assert.equal(name, 'שלום 🔑')
      assert.deepEqual(await valuesOf(id), values)
    })

    test('viewers look and do not touch, and another workspace does not even look', async () => {
      const { id } = await create({ token: SECRET })
      for (const [token, code] of [
        [viewer, 'role.too_small'],
        [stranger, 'credential.not_found'],
      ] as const) {
        assert.equal((await change(id, { name: 'x' }, token)).body.code, code)
        assert.equal((await send(`/api/credentials/${id}`, { method: 'DELETE', token })).body.code, code)
      }
      assert.deepEqual((await send('/api/credentials', { token: stranger })).body.items, [])
      assert.deepEqual(await valuesOf(id), { token: SECRET })
    })

    test('deleted is gone', async () => {
      const { id } = await create({ token: SECRET })
      assert.deepEqual((await send(`/api/credentials/${id}`, { method: 'DELETE' })).body, { ok: true })
      assert.equal((await send(`/api/credentials/${id}`, { method: 'DELETE' })).body.code, 'credential.not_found')
      assert.equal((await change(id, { name: 'x' })).body.code, 'credential.not_found')
      await assert.rejects(valuesOf(id), { code: 'credential.not_found' })
    })

    test('a credential that was damaged is said to be so, and can still be renamed and deleted', async () => {
      const { id } = await create({ token: SECRET }, 'Damaged')
      await server.world.db.updateTable('credentials').set({ sealed: 'v1.AAAA' }).where('id', '=', id).execute()
      const { status, body } = await change(id, { values: { token: SECRET } })
      assert.deepEqual([status, body.code], [500, 'credential.unreadable'])
      assert.equal((await change(id, { name: 'Renamed' })).status, 200)
      assert.equal((await send(`/api/credentials/${id}`, { method: 'DELETE' })).status, 200)
    })

    test('the same Idempotency-Key makes one credential', async () => {
      const sent = {
        body: { name: 'Once', kind: 'x', values: { token: SECRET } },
        headers: { 'idempotency-key': 'once-and-only' },
      }
      const [first, second] = [await send('/api/credentials', sent), await send('/api/credentials', sent)]
      assert.equal(first.body.id, second.body.id)
    })

    test('the audit log tells who did what to which fields', async () => {
      const { id } = await create({ token: SECRET })
      await change(id, { name: 'New name', values: { token: `${SECRET}2`, other: null } })
      await send(`/api/credentials/${id}`, { method: 'DELETE' })
      const { body } = await send(`/api/audit?target=${id}`)
      assert.deepEqual(
        body.items.map((it: { action: string; target: string; details: unknown }) => [it.action, it.target, it.details]),
        [
          ['credential.deleted', 'New name', { kind: 'slack.bot' }],
          ['credential.changed', 'New name', { fields: ['token', 'other'], from: 'Slack' }],
          ['credential.created', 'Slack', { kind: 'slack.bot', fields: ['token'] }],
        ],
      )
    })

    test('in all this no answer, header, log line or row showed a value', async () => {
      const rows = await Promise.all(
        (['credentials', 'audit', 'answers', 'facts'] as const).map(table =>
          server.world.db.selectFrom(table).selectAll().execute(),
        ),
      )
      const everything = JSON.stringify([answers, server.lines, rows])
      assert.ok(answers.length > 50 && server.lines.length > 50)
      for (const form of [
        SECRET,
        Buffer.from(SECRET).toString('base64').slice(0, 30),
        Buffer.from(SECRET).toString('base64url').slice(0, 30),
      ])
        assert.ok(!everything.includes(form))
    })
  })
}
