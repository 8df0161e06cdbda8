import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Drawing, type Service, type Stage, setStage, startService } from '#executions/testing.ts'

type Verify = Record<string, unknown>

describe('a webhook', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let it: Stage
      let service: Service
      before(async () => {
        it = await setStage(await kind.place())
        service = await startService(() => ({ status: 418, body: { error: 'a teapot' } }))
      })
      after(async () => {
        await service.close()
        await it.close()
      })

      const receive = (params: Record<string, unknown>) => ({ key: 'hook', block: 'webhook.receive', params })
      const echo = { key: 'echo', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } }
      const echoing = (params: Record<string, unknown>): Drawing => ({ nodes: [receive(params), echo], edges: ['hook -> echo'] })

      async function open(drawing: Drawing): Promise<{ id: string; path: string }> {
        const id = await it.publish(drawing)
        const { items } = await it.get(`/api/triggers?workflowId=${id}`)
        return { id, path: new URL(items[0].url).pathname }
      }
      const send = (
        path: string,
        body: BodyInit | undefined,
        type?: string,
        headers: Record<string, string> = {},
        method = 'POST',
      ) =>
        it.server.send(path, {
          method,
          ...(body === undefined ? {} : { body }),
          headers: { ...(type ? { 'content-type': type } : {}), ...headers },
        })

      test('answers at once, with the output, or as the workflow says, and always names the execution', async () => {
        const now = await open(echoing({ reply: 'accepted' }))
        const taken = await send(now.path, '{"n":1}', 'application/json')
        assert.deepEqual([taken.status, Object.keys(taken.body)], [202, ['executionId']])
        assert.equal(taken.headers.get('x-execution-id'), taken.body.executionId)
        assert.equal((await it.until(taken.body.executionId, 'completed')).trigger, 'webhook')
        const done = await send((await open(echoing({ reply: 'finished' }))).path, '{"n":1}', 'application/json')
        assert.deepEqual([done.status, done.body.got.body], [200, { n: 1 }])
        const says = await open({
          nodes: [
            receive({ reply: 'respond' }),
            {
              key: 'say',
              block: 'core.respond',
              params: { status: 201, headers: { 'x-own': 'yes' }, body: { n: '{{ trigger.body.n }}' } },
            },
            { key: 'ask', block: 'core.approve', params: { title: 'Later' } },
          ],
          edges: ['hook -> say', 'say -> ask'],
        })
        const said = await send(says.path, '{"n":2}', 'application/json')
        assert.deepEqual([said.status, said.body, said.headers.get('x-own')], [201, { n: 2 }, 'yes'])
        await it.until(said.headers.get('x-execution-id') ?? '', 'paused')
        const silent = await send((await open(echoing({ reply: 'respond' }))).path, '3', 'application/json')
        assert.deepEqual([silent.status, silent.body.got.body], [200, 3], 'without an answer it is the output')
      })

      test('waits also for what rests in between: a workflow that is called, a moment, an answer that comes after', async () => {
        const child = await it.publish({
          nodes: [
            { key: 'start', block: 'api.call' },
            { key: 'twice', block: 'core.set', params: { fields: { n: '{{ trigger.n | times: 2 }}' } } },
          ],
          edges: ['start -> twice'],
        })
        const call = { key: 'child', block: 'core.workflow', params: { workflow: child, input: { n: '{{ trigger.body.n }}' } } }
        const ends = await open({ nodes: [receive({ reply: 'finished' }), call], edges: ['hook -> child'] })
        const done = await send(ends.path, '{"n":21}', 'application/json')
        assert.deepEqual([done.status, done.body], [200, { n: 42 }])
        const says = await open({
          nodes: [
            receive({ reply: 'respond' }),
            call,
            { key: 'say', block: 'core.respond', params: { status: 203, body: 'it is {{ child.n }}' } },
            { key: 'ask', block: 'core.approve', params: { title: 'Later' } },
          ],
          edges: ['hook -> child', 'child -> say', 'say -> ask'],
        })
        const said = await send(says.path, '{"n":4}', 'application/json')
        assert.deepEqual([said.status, said.text], [203, 'it is 8'])
        const fails = await open({
          nodes: [
            receive({ reply: 'finished' }),
            call,
            { key: 'bad', block: 'core.stop', params: { outcome: 'failed', message: 'no' } },
          ],
          edges: ['hook -> child', 'child -> bad'],
        })
        const failed = await send(fails.path, '{"n":1}', 'application/json')
        assert.deepEqual([failed.status, failed.body.code], [500, 'execution.stopped'])
      })

      test('waits for its turn where there is no room', async () => {
        const { path } = await open(echoing({ reply: 'finished' }))
        const { shell } = it.server.runner
        const { hasRoom } = shell
        let full = true
        shell.hasRoom = workspace => !full && hasRoom(workspace)
        const going = send(path, '{"n":1}', 'application/json')
        while ((await it.get('/api/executions?status=queued')).items.length === 0);
        full = false
        const { status, body } = await going
        shell.hasRoom = hasRoom
        assert.deepEqual([status, body.got?.body], [200, { n: 1 }])
      })

      test('a workflow that fails answers 500 with the code and the execution', async () => {
        const { path } = await open({
          nodes: [receive({ reply: 'finished' }), { key: 'call', block: 'http.request', params: { url: `${service.url}/x` } }],
          edges: ['hook -> call'],
        })
        const { status, body } = await send(path, '{}', 'application/json')
        assert.deepEqual([status, body.code], [500, 'http.status'])
        assert.deepEqual(await it.log(body.executionId), ['call failed'])
      })

      test('takes the methods it names and no others', async () => {
        const { path } = await open(echoing({ reply: 'finished', methods: ['GET', 'PUT'] }))
        const got = await send(`${path}?a=1&a=2&b=`, undefined, undefined, {}, 'GET')
        assert.deepEqual(
          [got.status, got.body.got.query, got.body.got.method, got.body.got.body],
          [200, { a: ['1', '2'], b: '' }, 'GET', null],
        )
        assert.equal((await send(path, 'x', 'text/plain', {}, 'PUT')).status, 200)
        for (const method of ['POST', 'DELETE', 'PATCH']) {
          const { status, body } = await send(path, undefined, undefined, {}, method)
          assert.deepEqual([status, body.code], [405, 'hook.wrong_method'], method)
        }
      })

      test('reads JSON, forms, text, bytes and nothing, each as what it is', async () => {
        const { path } = await open(echoing({ reply: 'finished' }))
        const read = async (body: BodyInit | undefined, type?: string) => (await send(path, body, type)).body.got.body
        assert.deepEqual(await read('{"a":[1,{"b":null}]}', 'application/json; charset=utf-8'), { a: [1, { b: null }] })
        assert.deepEqual(await read('{"a":1}', 'application/vnd.x+json'), { a: 1 })
        assert.deepEqual(await read('a=1&b=x+y&a=2&__proto__=z', 'application/x-www-form-urlencoded'), {
          a: ['1', '2'],
          b: 'x y',
          ['__proto__']: 'z',
        })
        assert.equal(await read('plain {{ trigger }}', 'text/plain'), 'plain {{ trigger }}')
        assert.equal(await read('<a/>', 'application/xml'), '<a/>')
        assert.equal(await read(undefined), null)
        assert.equal(await read('', 'application/json'), null)
        const bytes = new Uint8Array([0, 255, 1, 254])
        assert.deepEqual(await read(bytes, 'image/png'), { base64: 'AP8B/g==', type: 'image/png', size: 4 })
      })

      test('refuses what says it is JSON and is not, what is nested without end, and what is too large', async () => {
        const { path, id } = await open(echoing({ reply: 'finished' }))
        const refused: [string, number, string][] = [
          ['{"a":', 400, 'request.bad_json'],
          ['not json', 400, 'request.bad_json'],
          ['['.repeat(300) + ']'.repeat(300), 400, 'request.bad_json'],
          ['['.repeat(5_000) + ']'.repeat(5_000), 400, 'request.bad_json'],
          [`${'{"a":'.repeat(400_000)}1${'}'.repeat(400_000)}`, 400, 'request.bad_json'],
          [`"${'x'.repeat(17 * 2 ** 20)}"`, 413, 'request.too_large'],
        ]
        for (const [body, status, code] of refused) {
          const got = await send(path, body, 'application/json')
          assert.deepEqual([got.status, got.body.code], [status, code], body.slice(0, 20))
        }
        const deep = '['.repeat(5_000) + ']'.repeat(5_000)
        assert.equal(
          (await it.server.send(path, { body: new TextEncoder().encode(deep) })).body.got.body,
          deep,
          'of no type it is text',
        )
        assert.equal((await it.get(`/api/executions?workflowId=${id}`)).items.length, 1, 'nothing else was started')
      })

      test('lets in who shows the right secret, and nobody else', async () => {
        const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
        const kinds: [Verify, Record<string, string>, Record<string, string>[]][] = [
          [
            { kind: 'header', header: 'X-Secret', secret: 'tell nobody' },
            { 'x-secret': 'tell nobody' },
            [{ 'x-secret': 'tell' }, { 'x-secret': '' }, { 'x-other': 'tell nobody' }, {}],
          ],
          [
            { kind: 'bearer', secret: 'tell nobody' },
            { authorization: 'Bearer tell nobody' },
            [{ authorization: 'Bearer tell nobody!' }, { authorization: 'tell nobody' }, { authorization: 'Bearer ' }, {}],
          ],
          [
            { kind: 'basic', user: 'ann', secret: 'tell nobody' },
            { authorization: basic('ann', 'tell nobody') },
            [
              { authorization: basic('bob', 'tell nobody') },
              { authorization: basic('ann', '') },
              { authorization: basic('', '') },
              {},
            ],
          ],
        ]
        for (const [verify, right, wrong] of kinds) {
          const { path, id } = await open(echoing({ reply: 'finished', verify }))
          for (const headers of wrong) {
            const { status, body } = await send(path, '{}', 'application/json', headers)
            assert.deepEqual([status, body.code], [401, 'hook.refused'], JSON.stringify(headers))
            assert.ok(!JSON.stringify(body).includes('tell nobody'))
          }
          const { status, text } = await send(path, '{}', 'application/json', {
            ...right,
            cookie: 'session=tell nobody',
            'x-api-key': 'tell nobody',
          })
          assert.equal(status, 200, text)
          assert.ok(!text.includes('tell nobody'), 'the workflow does not see it')
          const { items } = await it.get(`/api/executions?workflowId=${id}`)
          const rows = await it.server.world.db
            .selectFrom('journal')
            .select('events')
            .where('execution_id', '=', items[0].id)
            .execute()
          assert.ok(
            !JSON.stringify(rows).includes(basic('ann', 'tell nobody').slice(6)) && !JSON.stringify(rows).includes('tell nobody'),
          )
          assert.equal(items.length, 1)
        }
      })

      test('a way to prove it that is not known here lets nobody in', async () => {
        const { path, id } = await open(echoing({ reply: 'finished' }))
        const { db, feed } = it.server.world
        for (const kind of ['sorcery', 'constructor', '']) {
          const params = JSON.stringify({ reply: 'finished', verify: { kind, secret: 's' } })
          await db.updateTable('triggers').set({ params }).where('workflow_id', '=', id).execute()
          feed.nudge('triggers')
          const { status, body } = await send(path, '{}', 'application/json', { authorization: 'Bearer s' })
          assert.deepEqual([status, body.code], [401, 'hook.refused'], kind)
        }
      })

      test('is closed at once when its workflow is turned off, archived or deleted, and when it is published without it', async () => {
        const closed = async (path: string) => {
          const { status, body } = await send(path, '{}', 'application/json')
          assert.deepEqual([status, body.code], [404, 'hook.not_found'])
        }
        const off = await open(echoing({ reply: 'finished' }))
        const opened = async () => assert.equal((await send(off.path, '{}', 'application/json')).status, 200)
        await opened()
        await it.post(`/api/workflows/${off.id}/deactivate`)
        await closed(off.path)
        await it.post(`/api/workflows/${off.id}/activate`)
        await opened()
        await it.post(`/api/workflows/${off.id}/archive`)
        await closed(off.path)
        const without = await open(echoing({ reply: 'finished' }))
        assert.equal((await send(without.path, '{}', 'application/json')).status, 200)
        const { rev } = await it.get(`/api/workflows/${without.id}`)
        const nodes = [{ id: 'start', key: 'start', block: 'manual.start' }]
        await it.server.send(`/api/workflows/${without.id}`, { token: it.token, method: 'PUT', body: { rev, nodes, edges: [] } })
        assert.equal((await send(without.path, '{}', 'application/json')).status, 200, 'until it is published')
        await it.post(`/api/workflows/${without.id}/publish`)
        await closed(without.path)
        const gone = await open(echoing({ reply: 'finished' }))
        assert.equal((await send(gone.path, '{}', 'application/json')).status, 200)
        await it.server.send(`/api/workflows/${gone.id}`, { token: it.token, method: 'DELETE' })
        await closed(gone.path)
        await closed('/hooks/nobody-knows-this')
      })

      test('an answer speaks for itself, never for the whole site', async () => {
        const answering = (headers: Record<string, string>) =>
          open({
            nodes: [
              receive({ reply: 'respond' }),
              { key: 'say', block: 'core.respond', params: { headers, body: '<script>1</script>' } },
            ],
            edges: ['hook -> say'],
          })
        const tricky = {
          'content-type': 'text/html',
          'access-control-allow-origin': '*',
          'access-control-allow-credentials': 'true',
          'content-security-policy': 'none',
          'cross-origin-resource-policy': 'cross-origin',
          'service-worker-allowed': '/',
          'alt-svc': 'h3=":443"',
          'x-execution-id': 'another',
          'x-own': 'kept',
        }
        const { headers } = await send((await answering(tricky)).path, '{}', 'application/json')
        for (const name of [
          'access-control-allow-origin',
          'access-control-allow-credentials',
          'service-worker-allowed',
          'alt-svc',
        ])
          assert.equal(headers.get(name), null, name)
        assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
        assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
        assert.match(headers.get('x-execution-id') ?? '', /^exe_/)
        assert.deepEqual([headers.get('content-type'), headers.get('x-own')], ['text/html', 'kept'])
        const filled = await open({
          nodes: [
            receive({ reply: 'respond' }),
            { key: 'say', block: 'core.respond', params: { headers: '{{ trigger.body }}', body: 'x' } },
          ],
          edges: ['hook -> say'],
        })
        for (const bad of [{ 'set-cookie': 'a=b' }, { 'bad name': 'x' }, { 'x-a': 'one\r\nset-cookie: a=b' }]) {
          const got = await send(filled.path, JSON.stringify(bad), 'application/json')
          assert.deepEqual([got.status, got.body.code, got.headers.get('set-cookie')], [500, 'node.bad_input', null])
        }
      })
    })
  }
})
