import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import type { Sent } from '#testing.ts'
import { edges, node, startTry, type TryServer } from '#workflows/testing.ts'

const start = node('start', { id: 'start' })

for (const kind of databases()) {
  describe(`drafts over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TryServer
    before(async () => {
      where = await kind.place()
      server = await startTry(where)
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })
    const ask = (path: string, sent?: Sent) => server.ask(path, sent)
    const put = (id: string, body: object, token?: string) =>
      ask(`/api/workflows/${id}`, { method: 'PUT', body, ...(token ? { token } : {}) })

    test('a workflow is kept with every default filled in, and read as it was answered', async () => {
      const made = await server.make(
        [
          { id: 'n1', key: 'start', block: 'try.start' },
          { id: 'n2', key: 'say', block: 'try.echo', params: { text: '{{ start.x }}' }, notes: 'why' },
          { id: 'n3', key: 'gone', block: 'nothing.here' },
        ],
        '',
        {
          edges: [
            { source: 'n1', target: 'n2' },
            { id: 'e1', source: 'n2', target: 'n3', sourceHandle: 'main' },
          ],
        },
      )
      assert.match(made.id, /^wf_/)
      assert.deepEqual(
        made.nodes.map((it: { version: number; params: object }) => [it.version, it.params]),
        [
          [1, {}],
          [2, { text: '{{ start.x }}' }],
          [1, {}],
        ],
      )
      assert.deepEqual(
        made.edges.map((it: { id: string }) => it.id),
        ['e2', 'e1'],
      )
      const { rev, live, active, archived, folderId, layout, variables, settings, description } = made
      assert.deepEqual(
        { rev, live, active, archived, folderId, description, layout, variables },
        {
          rev: 1,
          live: null,
          active: false,
          archived: false,
          folderId: null,
          description: '',
          layout: { nodes: {}, notes: [], groups: [] },
          variables: {},
        },
      )
      assert.deepEqual(settings, {
        autoSave: true,
        timezone: 'UTC',
        timeout: 3_600_000,
        concurrency: 10,
        overlap: 'allow',
        priority: 'normal',
        retention: { days: 30, runs: 10_000 },
      })
      for (const token of [server.viewer, server.editor])
        assert.deepEqual((await ask(`/api/workflows/${made.id}`, { token })).body, made)
    })

    test('a change replaces the parts it names, raises the rev, and may be what was read', async () => {
      const made = await server.make([start], '', { variables: { a: 1 } })
      const { body: first } = await put(made.id, { rev: 1, name: 'Other', layout: { nodes: { start: { x: 1, y: -2.5 } } } })
      assert.deepEqual([first.rev, first.name, first.layout.nodes.start], [2, 'Other', { x: 1, y: -2.5 }])
      assert.deepEqual([first.variables, first.nodes.length], [{ a: 1 }, 1])
      const { status, body: second } = await put(made.id, { ...first, nodes: [] })
      assert.deepEqual([status, second.rev, second.nodes], [200, 3, []])
      assert.equal(second.name, 'Other')
    })

    test('a stale rev is refused with the present one', async () => {
      const { id } = await server.make()
      await put(id, { rev: 1, name: 'One' })
      const { status, body } = await put(id, { rev: 1, name: 'Two' })
      assert.deepEqual([status, body.code, body.details], [409, 'workflow.stale', [{ path: 'rev', message: '2' }]])
      assert.equal((await ask(`/api/workflows/${id}`)).body.name, 'One')
    })

    test('of many changes of one rev at the same time one wins, whole', async () => {
      const { id } = await server.make()
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, at) => put(id, { rev: 1, name: `N${at}`, variables: { at }, description: `D${at}` })),
      )
      const won = all.filter(got => got.status === 200)
      assert.deepEqual([won.length, all.filter(got => got.body.code === 'workflow.stale').length], [1, 7])
      const { body } = await ask(`/api/workflows/${id}`)
      assert.deepEqual([body.rev, body.name, body.description], [2, `N${body.variables.at}`, `D${body.variables.at}`])
    })

    test('lists show the ways to start and the number of nodes, and filter', async () => {
      const folder = (await ask('/api/folders', { body: { name: 'Listed' } })).body.id
      const one = await server.make([start, node('hook', { id: 'h' }), node('clock', { id: 'c', disabled: true })], '', {
        name: 'Ünique 100%_a',
        description: 'About Zebras',
        folderId: folder,
      })
      const two = await server.make([], '', { name: 'Second', folderId: folder })
      const list = async (query: string) =>
        (await ask(`/api/workflows?${query}`)).body.items.map((it: { id: string }) => it.id) as string[]
      const { body } = await ask(`/api/workflows?folder=${folder}`)
      assert.deepEqual(
        body.items.map((it: Record<string, unknown>) => [it.id, it.name, it.triggers, it.nodes, it.folderId, it.live, it.active]),
        [
          [two.id, 'Second', [], 0, folder, null, false],
          [one.id, 'Ünique 100%_a', ['manual', 'webhook'], 3, folder, null, false],
        ],
      )
      assert.ok(!('draft' in body.items[0]) && !('edges' in body.items[0]))
      for (const q of ['Ünique', '100%_A', 'zebra'])
        assert.deepEqual(await list(`folder=${folder}&q=${encodeURIComponent(q)}`), [one.id], q)
      assert.deepEqual(await list(`folder=${folder}&q=${encodeURIComponent('100_')}`), [])
      const first = (await ask(`/api/workflows?folder=${folder}&limit=1`)).body
      assert.deepEqual([first.items[0].id, first.next], [two.id, two.id])
      assert.deepEqual(await list(`folder=${folder}&limit=1&cursor=${first.next}`), [one.id])
      assert.ok(!(await list('folder=none&limit=200')).includes(one.id))
      await ask(`/api/workflows/${two.id}/archive`, { method: 'POST', body: undefined })
      assert.deepEqual(await list(`folder=${folder}`), [one.id])
      assert.deepEqual(await list(`folder=${folder}&archived=true`), [two.id])
      await ask(`/api/workflows/${one.id}/publish`, { body: {} })
      assert.deepEqual(await list(`folder=${folder}&active=true`), [])
      await put(one.id, { rev: 1, nodes: [start] })
      await ask(`/api/workflows/${one.id}/publish`, { body: {} })
      assert.deepEqual([await list(`folder=${folder}&active=true`), await list(`folder=${folder}&active=false`)], [[one.id], []])
    })

    test('shapes that mean nothing are refused with their paths', async () => {
      const paths = async (body: object) => {
        const got = await ask('/api/workflows', { body: { name: 'x', ...body } })
        assert.deepEqual([got.status, got.body.code], [400, 'request.invalid'], got.text)
        return got.body.details.map((it: { path: string }) => it.path)
      }
      assert.deepEqual(await paths({ name: ' ' }), ['body.name'])
      assert.deepEqual(await paths({ name: 'a\nb' }), ['body.name'])
      assert.deepEqual(await paths({ nodes: 1 }), ['body.nodes'])
      assert.deepEqual(await paths({ nodes: [{ id: 'a b', key: 'x', block: 'y' }] }), ['body.nodes.0.id'])
      assert.deepEqual(await paths({ nodes: [{ ...start, params: [] }] }), ['body.nodes.0.params'])
      assert.deepEqual(await paths({ nodes: [{ ...start, onError: 'shrug' }] }), ['body.nodes.0.onError'])
      assert.deepEqual(await paths({ nodes: [{ ...start, retry: { attempts: -1 } }] }), ['body.nodes.0.retry.attempts'])
      assert.deepEqual(await paths({ nodes: [{ ...start, position: { x: 1 } }] }), ['body.nodes.0'])
      assert.deepEqual(await paths({ edges: [{ source: 'a' }] }), ['body.edges.0.target'])
      assert.deepEqual(await paths({ settings: { concurrency: 0 } }), ['body.settings.concurrency'])
      assert.deepEqual(await paths({ layout: { nodes: { a: { x: '1', y: 0 } } } }), ['body.layout.nodes.a.x'])
      assert.deepEqual(await paths({ nodes: Array.from({ length: 1001 }, (_, at) => ({ ...start, id: `n${at}` })) }), [
        'body.nodes',
      ])
      const { id } = await server.make()
      assert.deepEqual((await put(id, { name: 'no rev' })).body.details[0].path, 'body.rev')
    })

    test('a large workflow is taken, a larger one than 2 MB is not', async () => {
      const text = 'x'.repeat(1800)
      const nodes = Array.from({ length: 1000 }, (_, at) => node('echo', { id: `n${at}`, version: 2, params: { text } }))
      const lines = Array.from({ length: 999 }, (_, at) => `n${at} > n${at + 1}`).join(', ')
      const { id } = await server.make(nodes, lines)
      assert.equal((await ask(`/api/workflows/${id}`)).body.nodes[999].params.text, text)
      const got = await put(id, { rev: 1, description: '', variables: { x: 'x'.repeat(2 ** 21) } })
      assert.deepEqual([got.status, got.body.code], [413, 'request.too_large'])
    })

    test('a draft may be wrong; asking says how, and for what is sent in its place', async () => {
      const { id } = await server.make([start, node('echo', { id: 'a', params: { text: '{{ sart.x }}' } })], 'start > a')
      const check = async (body: object, token = server.viewer) =>
        (await ask(`/api/workflows/${id}/validate`, { body, token })).body.problems
      assert.deepEqual(await check({}), [
        {
          node: 'a',
          field: 'params.text',
          code: 'expression.unknown',
          message: 'Nothing here is called “sart”. Did you mean “start”?',
          severity: 'error',
        },
      ])
      assert.deepEqual(await check({ nodes: [start], edges: [] }), [])
      assert.deepEqual((await check({ nodes: [], edges: [] }))[0].code, 'workflow.no_trigger')
      assert.equal((await ask(`/api/workflows/${id}`)).body.rev, 1)
    })

    test('credentials and workflows are looked for in this workspace only', async () => {
      const credential = async (token: string, of: string) =>
        (await ask('/api/credentials', { token, body: { name: 'Team', kind: of, values: { token: 'x', region: 'eu' } } })).body.id
      const [own, other, foreign] = [
        await credential(server.editor, 'try.token'),
        await credential(server.editor, 'other.kind'),
        await credential(server.stranger, 'try.token'),
      ]
      const foreignFlow = (await ask('/api/workflows', { token: server.stranger, body: { name: 'x' } })).body.id
      const caller = await server.make()
      const codes = async (it: object) =>
        (
          await ask(`/api/workflows/${caller.id}/validate`, { body: { nodes: [start, it], edges: edges('start > it') } })
        ).body.problems.map((one: { code: string }) => one.code)
      const send = (id: string) => node('send', { id: 'it', params: { to: 'x' }, credential: id })
      assert.deepEqual(await codes(send(own)), [])
      assert.deepEqual(await codes(send(other)), ['credential.wrong_kind'])
      assert.deepEqual(await codes(send(foreign)), ['credential.unknown'])
      const call = (workflow: string) => node('call', { id: 'it', params: { workflow } })
      assert.deepEqual(await codes(call(foreignFlow)), ['child.unknown'])
      assert.deepEqual(await codes(call(caller.id)), ['child.circle'])
      const target = await server.make()
      assert.deepEqual(await codes(call(target.id)), ['child.unpublished'])
      await ask(`/api/workflows/${target.id}/publish`, { body: {} })
      assert.deepEqual(await codes(call(target.id)), [])
      await ask(`/api/workflows/${caller.id}/publish`, { body: {} })
      await put(target.id, {
        rev: 1,
        nodes: [start, node('call', { id: 'it', params: { workflow: caller.id } })],
        edges: edges('start > it'),
      })
      const published = await ask(`/api/workflows/${target.id}/publish`, { body: {} })
      assert.deepEqual([published.status, published.body.version], [200, 2], published.text)
      assert.deepEqual(await codes(call(target.id)), ['child.circle'])
    })

    test('a copy has the draft and nothing of the history', async () => {
      const one = await server.make([start], '', { name: 'Mother', variables: { a: [1] } })
      await ask(`/api/workflows/${one.id}/publish`, { body: {} })
      const { status, body } = await ask(`/api/workflows/${one.id}/duplicate`, { body: {} })
      assert.deepEqual([status, body.name, body.rev, body.live, body.variables], [201, 'Mother (copy)', 1, null, { a: [1] }])
      assert.notEqual(body.id, one.id)
      assert.equal((await ask(`/api/workflows/${one.id}/duplicate`, { body: { name: 'Child' } })).body.name, 'Child')
    })

    test('deleted is gone with its triggers, and can be deleted once', async () => {
      const { id } = await server.make([node('hook', { id: 'h' })])
      await ask(`/api/workflows/${id}/publish`, { body: {} })
      const gone = await Promise.all([1, 2].map(() => ask(`/api/workflows/${id}`, { method: 'DELETE' })))
      assert.deepEqual(gone.map(got => got.status).sort(), [200, 404])
      assert.equal((await ask(`/api/workflows/${id}`)).body.code, 'workflow.not_found')
      assert.equal((await ask(`/api/workflows/${id}/versions`)).status, 404)
      assert.deepEqual(await server.world.db.selectFrom('triggers').select('id').where('workflow_id', '=', id).execute(), [])
    })

    test('viewers look, operators turn on and off, editors change, others see nothing', async () => {
      const { id } = await server.make()
      await ask(`/api/workflows/${id}/publish`, { body: {} })
      const order = ['viewer', 'operator', 'editor'] as const
      const doors: [string, Sent, (typeof order)[number]][] = [
        ['', {}, 'viewer'],
        ['/validate', { body: {} }, 'viewer'],
        ['/export', {}, 'viewer'],
        ['/versions', {}, 'viewer'],
        ['/diff', {}, 'viewer'],
        ['/deactivate', { method: 'POST' }, 'operator'],
        ['/activate', { method: 'POST' }, 'operator'],
        ['', { method: 'PUT', body: { rev: 1 } }, 'editor'],
        ['/publish', { body: {} }, 'editor'],
        ['/versions/1/restore', { body: {} }, 'editor'],
        ['/versions/1/publish', { method: 'POST' }, 'editor'],
        ['/duplicate', { body: {} }, 'editor'],
        ['/move', { body: { folderId: null } }, 'editor'],
        ['/archive', { method: 'POST' }, 'editor'],
        ['/unarchive', { method: 'POST' }, 'editor'],
        ['', { method: 'DELETE' }, 'editor'],
      ]
      for (const [path, sent, needs] of doors) {
        const call = async (token: string) => (await ask(`/api/workflows/${id}${path}`, { ...sent, token })).status
        assert.equal(await call(server.stranger), 404, path)
        for (const role of order) {
          const enough = order.indexOf(role) >= order.indexOf(needs)
          assert.equal((await call(server[role])) === 403, !enough, `${sent.method ?? ''} ${path} as ${role}`)
        }
      }
    })

    test('the audit log tells who did what', async () => {
      const { id } = await server.make([node('hook', { id: 'h' })], '', { name: 'Watched' })
      await put(id, { rev: 1, name: 'Renamed', nodes: [node('hook', { id: 'h', notes: 'x' })] })
      await ask(`/api/workflows/${id}/publish`, { body: { note: 'first' } })
      await ask(`/api/workflows/${id}/publish`, { body: { note: 'again' } })
      for (const verb of ['deactivate', 'deactivate', 'activate', 'archive', 'unarchive'])
        await ask(`/api/workflows/${id}/${verb}`, { method: 'POST' })
      await ask(`/api/workflows/${id}`, { method: 'DELETE' })
      const { body } = await ask(`/api/audit?target=${id}`, { token: server.owner })
      assert.deepEqual(
        body.items
          .map((it: { action: string; target: string; details: unknown }) => [it.action, it.target, it.details])
          .reverse(),
        [
          ['workflow.created', 'Watched', { nodes: 1 }],
          ['workflow.changed', 'Renamed', { rev: 2, parts: ['name', 'nodes'] }],
          ['workflow.published', 'Renamed', { version: 1, note: 'first' }],
          ['workflow.deactivated', 'Renamed', {}],
          ['workflow.activated', 'Renamed', {}],
          ['workflow.archived', 'Renamed', {}],
          ['workflow.unarchived', 'Renamed', {}],
          ['workflow.deleted', 'Renamed', { live: 1, nodes: 1 }],
        ],
      )
    })
  })
}
