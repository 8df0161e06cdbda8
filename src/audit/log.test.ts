import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { join, register, startServer, type TestServer } from '#testing.ts'

type Entry = {
  id: string
  action: string
  actor: string
  target: string | null
  address: string
  via: string
  details: Record<string, unknown>
}

for (const kind of databases()) {
  describe(`the audit log, on ${kind.name}`, { skip: kind.skip }, () => {
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

    const entries = async (query = ''): Promise<Entry[]> =>
      (await server.send(`/api/audit?limit=200${query}`, { token: owner })).body.items

    test('every change says who did what to what, when and from where', async () => {
      const viewer = await join(server, owner, 'v@example.org', 'viewer')
      const { body: me } = await server.send('/api/me', { token: viewer })
      await server.send(`/api/members/${me.user.id}`, { token: owner, method: 'PATCH', body: { role: 'admin' } })
      const { body: key } = await server.send('/api/keys', { token: owner, body: { name: 'robot' } })
      const { body: credential } = await server.send('/api/credentials', {
        token: key.key,
        body: { name: 'bank', kind: 'bearer', values: { token: 'very secret value' } },
      })
      await server.send(`/api/credentials/${credential.id}`, { token: owner, method: 'DELETE' })
      await server.send(`/api/keys/${key.id}`, { token: owner, method: 'DELETE' })
      await server.send('/api/workspace', { token: owner, method: 'PATCH', body: { name: 'Renamed' } })
      await server.send(`/api/members/${me.user.id}`, { token: owner, method: 'DELETE' })

      const all = await entries()
      const wanted = [
        'account.registered',
        'session.signed_in',
        'invitation.sent',
        'member.joined',
        'member.role_changed',
        'key.created',
        'credential.created',
        'credential.deleted',
        'key.revoked',
        'workspace.renamed',
        'member.removed',
      ]
      assert.deepEqual(
        wanted.filter(action => !all.some(one => one.action === action)),
        [],
      )
      const change = all.find(one => one.action === 'member.role_changed')
      assert.deepEqual(
        [change?.actor, change?.target, change?.details, change?.address, change?.via],
        ['owner@example.org', 'v@example.org', { from: 'viewer', to: 'admin' }, '127.0.0.1', 'session'],
      )
      assert.equal(all.find(one => one.action === 'credential.created')?.via, 'key')
      assert.ok(!JSON.stringify(all).includes('very secret value'))
    })

    test('a refused sign-in is written down with the address it came from', async () => {
      await server.send('/api/auth/login', { body: { email: 'owner@example.org', password: 'guess' } })
      const [newest] = await entries('&action=session.refused')
      assert.deepEqual([newest?.actor, newest?.address], ['owner@example.org', '127.0.0.1'])
    })

    test('it is searched by action, with a star too, by actor, target and time', async () => {
      assert.ok((await entries('&action=key.*')).every(one => one.action.startsWith('key.')))
      assert.equal((await entries('&action=key.*')).length, 2)
      assert.equal((await entries('&action=%25')).length, 0)
      assert.ok((await entries('&actor=V@example.org')).every(one => one.actor === 'v@example.org'))
      assert.equal((await entries('&target=robot')).length, 2)
      assert.equal((await entries('&to=2020-01-01T00:00:00Z')).length, 0)
      assert.equal((await server.send('/api/audit?from=yesterday', { token: owner })).status, 400)
    })

    test('one workspace never sees the log of another', async () => {
      const { body: other } = await server.send('/api/workspaces', { token: owner, body: { name: 'Other' } })
      const got = await server.send('/api/audit', { token: owner, headers: { 'x-workspace': other.id } })
      assert.deepEqual(
        got.body.items.map((one: Entry) => one.action),
        ['workspace.created'],
      )
    })

    test('it is exported whole, as CSV that no spreadsheet takes for a formula and as JSON lines', async () => {
      await server.send('/api/keys', { token: owner, body: { name: '=HYPERLINK("http://evil")\n,x' } })
      const csv = await server.send('/api/audit/export', { token: owner })
      assert.match(csv.headers.get('content-disposition') ?? '', /audit\.csv/)
      assert.ok(csv.text.includes(`"'=HYPERLINK(""http://evil"")\n,x"`))
      const jsonl = await server.send('/api/audit/export?format=jsonl', { token: owner })
      const lines = jsonl.text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).id)
      assert.deepEqual(
        lines,
        (await entries()).map(one => one.id),
      )
    })

    test('an export longer than one read has every entry once', async () => {
      const { world } = server
      const { workspace } = (await server.send('/api/me', { token: owner })).body
      const row = {
        workspace_id: workspace,
        at: world.clock.now(),
        actor_id: null,
        actor: 'x',
        via: 'key',
        action: 'test.bulk',
        target_id: null,
        target: null,
        details: '{}',
        address: null,
        agent: null,
      }
      for (let part = 0; part < 13; part += 1)
        await world.db
          .insertInto('audit')
          .values(Array.from({ length: 100 }, () => ({ ...row, id: world.ids.next('aud') })))
          .execute()
      const { text } = await server.send('/api/audit/export?format=jsonl&action=test.bulk', { token: owner })
      const ids = text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).id)
      assert.deepEqual([ids.length, new Set(ids).size], [1300, 1300])
    })

    test('a listener hears new entries and, after a break, exactly those it missed', async () => {
      const first = await listen(server, owner)
      await server.send('/api/keys', { token: owner, body: { name: 'heard' } })
      const [heard] = await first.take(1)
      assert.equal(heard?.data.target, 'heard')
      first.stop()
      for (const name of ['missed 1', 'missed 2', 'missed 3']) await server.send('/api/keys', { token: owner, body: { name } })
      const again = await listen(server, owner, heard?.id)
      assert.deepEqual(
        (await again.take(3)).map(one => one.data.target),
        ['missed 1', 'missed 2', 'missed 3'],
      )
      await server.send('/api/keys', { token: owner, body: { name: 'live again' } })
      assert.deepEqual(
        (await again.take(1)).map(one => one.data.target),
        ['live again'],
      )
      again.stop()
    })
  })
}

/** Listens to the stream of entries as a browser does. */
async function listen(server: TestServer, token: string, after?: string) {
  const gone = new AbortController()
  const response = await fetch(`${server.url}/api/audit/events`, {
    headers: { authorization: `Bearer ${token}`, ...(after ? { 'last-event-id': after } : {}) },
    signal: gone.signal,
  })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader?.read())?.value ?? ''
  const found = () =>
    [...text.matchAll(/id: (\S+)\nevent: entry\ndata: (.*)\n\n/g)].map(([, id, data = '']) => ({
      id,
      data: JSON.parse(data) as Entry,
    }))
  let taken = 0
  return {
    async take(count: number) {
      while (found().length < taken + count) text += (await reader?.read())?.value ?? ''
      taken += count
      return found().slice(taken - count, taken)
    },
    stop: () => gone.abort(),
  }
}
