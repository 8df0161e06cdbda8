import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { everythingIn, join, PASSWORD, register, startServer, type TestServer } from '#testing.ts'

for (const kind of databases()) {
  describe(`leaving for good, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string

    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true' })
      owner = await register(server, 'owner@example.org')
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const erase = (token: string, password = PASSWORD) => server.send('/api/me/erase', { token, body: { password } })
    /** Every row of every table that has this text anywhere in it. */
    async function rowsWith(text: string): Promise<string[]> {
      const { db } = server.world
      const tables = [
        'users',
        'sessions',
        'accounts',
        'verifications',
        'two_factors',
        'workspaces',
        'members',
        'invitations',
        'api_keys',
        'audit',
        'credentials',
        'files',
        'answers',
        'folders',
        'workflows',
        'workflow_versions',
        'triggers',
        'executions',
        'journal',
        'waits',
        'held_values',
      ] as const
      const found: string[] = []
      for (const table of tables)
        for (const row of await db.selectFrom(table).selectAll().execute())
          if (JSON.stringify(row).includes(text)) found.push(`${table} ${JSON.stringify(row)}`)
      return found
    }

    /** A workflow with a webhook that ran once, with a value so large that it stands in a file, and waits for a decision. */
    async function makeWorkflow(token: string, email: string): Promise<string> {
      const nodes = [
        { id: 'start', key: 'start', block: 'manual.start' },
        { id: 'hook', key: 'hook', block: 'webhook.receive' },
        { id: 'ask', key: 'ask', block: 'core.approve', params: { title: 'Go on?', assignees: [email] } },
      ]
      const edges = ['start', 'hook'].map(source => ({ source, target: 'ask' }))
      const { body } = await server.send('/api/workflows', { token, body: { name: 'a workflow', nodes, edges } })
      const published = await server.send(`/api/workflows/${body.id}/publish`, { token, body: {} })
      assert.equal(published.status, 200, published.text)
      const input = { text: 'x'.repeat(100_000) }
      const { body: started } = await server.send(`/api/workflows/${body.id}/execute`, { token, body: { input } })
      for (;;) {
        const { body: execution } = await server.send(`/api/executions/${started.executionId}`, { token })
        if (execution.status === 'paused') return body.id
      }
    }

    test('the export has everything about the person, and no secret', async () => {
      const token = await register(server, 'ex@example.org')
      const { body: key } = await server.send('/api/keys', { token, body: { name: 'mine' } })
      await server.send('/api/credentials', {
        token,
        body: { name: 'bank', kind: 'bearer', values: { token: 'very secret value' } },
      })
      const workflow = await makeWorkflow(token, 'ex@example.org')
      const got = await server.send('/api/me/export', { token })
      assert.match(got.headers.get('content-disposition') ?? '', /attachment/)
      assert.deepEqual(
        [got.body.user.email, got.body.apiKeys.length, got.body.credentials.length, got.body.sessions.length],
        ['ex@example.org', 1, 1, 1],
      )
      assert.deepEqual(
        [got.body.workflows, got.body.workflowVersions].map(list =>
          list.map((one: Record<string, string>) => one.workflow_id ?? one.id),
        ),
        [[workflow], [workflow]],
      )
      assert.ok(got.body.auditEntries.length >= 3)
      for (const secret of [key.key, token, 'very secret value', 'argon2']) assert.ok(!got.text.includes(secret), secret)
    })

    test('erasing takes the account and everything that is theirs alone, and leaves no trace of the address', async () => {
      const token = await register(server, 'gone@example.org')
      const { body: me } = await server.send('/api/me', { token })
      await server.send('/api/keys', { token, body: { name: 'k' }, headers: { 'idempotency-key': 'once' } })
      await server.send('/api/credentials', { token, body: { name: 'c', kind: 'bearer', values: { token: 'secret value' } } })
      const workflow = await makeWorkflow(token, 'gone@example.org')
      const form = new FormData()
      form.append('file', new Blob(['my diary']), 'diary.txt')
      assert.equal((await server.send('/api/files', { token, body: form })).status, 201)
      const { body: invited } = await server.send('/api/invitations', {
        token: owner,
        body: { email: 'gone@example.org', role: 'editor' },
      })
      await server.send('/api/invitations/accept', { token, body: { token: invited.link.split('#')[1] } })
      await server.send('/api/auth/forgot', { body: { email: 'gone@example.org' } })

      assert.deepEqual((await erase(token, 'wrong')).body.code, 'auth.wrong_password')
      assert.equal((await erase(token)).status, 200)
      assert.equal((await server.send('/api/me', { token })).status, 401)
      assert.deepEqual(await rowsWith('gone@example.org'), [])
      assert.deepEqual(await rowsWith(me.workspace), [])
      assert.deepEqual(await rowsWith(workflow), [])
      const owned = (await rowsWith(me.user.id)).filter(row => !row.startsWith('audit'))
      assert.deepEqual(owned, [])
      assert.ok(!(await everythingIn(where.dir)).some(path => path.includes(me.workspace)), 'its files are gone')
      const { body: audit } = await server.send('/api/audit', { token: owner })
      assert.ok(
        audit.items.some((one: { actor: string }) => one.actor === 'a deleted account'),
        'what they did in a shared workspace stays, without the name',
      )
    })

    test('the only owner of a workspace with other members is asked to hand it over first', async () => {
      const token = await register(server, 'boss@example.org')
      const member = await join(server, token, 'worker@example.org', 'editor')
      assert.deepEqual((await erase(token)).body.code, 'account.sole_owner')
      assert.equal((await server.send('/api/members', { token: member })).body.items.length, 2)
      const { body: me } = await server.send('/api/me', { token: member })
      await server.send(`/api/members/${me.user.id}`, { token, method: 'PATCH', body: { role: 'owner' } })
      assert.equal((await erase(token)).status, 200)
      assert.equal((await server.send('/api/members', { token: member })).body.items.length, 1)
    })

    test('the owner of the installation cannot leave others without one', async () => {
      assert.equal((await erase(owner)).body.code, 'account.instance_owner')
    })
  })
}
