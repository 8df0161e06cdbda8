import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import type { Sent } from '#testing.ts'
import { hashOf } from '#workflows/canonical.ts'
import { loadVersion, parseDocument, snapshotDraft } from '#workflows/document.ts'
import { edges, node, startTry, type TryServer } from '#workflows/testing.ts'
import { TRIGGERS } from './triggers.ts'

const start = node('start', { id: 'start' })
const hook = node('hook', { id: 'h', params: { path: 'in' } })
const say = (text: string) => node('echo', { id: 'say', params: { text } })

for (const kind of databases()) {
  describe(`versions over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TryServer
    let workspace: string
    before(async () => {
      where = await kind.place()
      server = await startTry(where)
      workspace = (await server.ask('/api/me')).body.workspace
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })
    const ask = (path: string, sent?: Sent) => server.ask(`/api/workflows/${path}`, sent)
    const post = (path: string, body?: object) => ask(path, { method: 'POST', ...(body ? { body } : {}) })
    const change = async (id: string, parts: object) => {
      const { rev } = (await ask(id)).body
      const got = await ask(id, { method: 'PUT', body: { rev, ...parts } })
      assert.equal(got.status, 200, got.text)
      return got.body
    }
    const publish = async (id: string, body = {}) => {
      const got = await post(`${id}/publish`, body)
      assert.equal(got.status, 200, got.text)
      return got.body
    }
    const triggersOf = (id: string) =>
      server.world.db
        .selectFrom('triggers')
        .selectAll()
        .where('workspace_id', '=', workspace)
        .where('workflow_id', '=', id)
        .orderBy('node_id')
        .execute()

    test('publishing keeps the draft as the next version and makes it live', async () => {
      const { id } = await server.make([start, say('one')], 'start > say')
      const first = await publish(id, { note: 'the first' })
      assert.deepEqual(
        [first.version, first.note, first.live, first.problems, first.createdBy],
        [1, 'the first', true, [], (await server.ask('/api/me')).body.user.id],
      )
      await change(id, { nodes: [start, say('two')] })
      assert.equal((await ask(id)).body.live, 1)
      assert.equal((await publish(id)).version, 2)
      const { body } = await ask(id)
      assert.deepEqual([body.live, body.active], [2, true])
      const { items } = (await ask(`${id}/versions`)).body
      assert.deepEqual(
        items.map((it: { version: number; live: boolean; note: string }) => [it.version, it.live, it.note]),
        [
          [2, true, ''],
          [1, false, 'the first'],
        ],
      )
      const one = (await ask(`${id}/versions/1`)).body
      assert.deepEqual([one.live, one.document.nodes[1].params.text], [false, 'one'])
      assert.equal((await ask(`${id}/versions/3`)).body.code, 'version.not_found')
      assert.equal((await ask(`${id}/versions/x`)).body.code, 'request.invalid')
    })

    test('versions come in pages', async () => {
      const { id } = await server.make()
      for (let at = 0; at < 5; at += 1) {
        await change(id, { description: `D${at}` })
        await publish(id)
      }
      const seen: number[] = []
      let cursor = ''
      for (let more = true; more; ) {
        const { items, next } = (await ask(`${id}/versions?limit=2${cursor}`)).body
        seen.push(...items.map((it: { version: number }) => it.version))
        more = next !== null
        cursor = `&cursor=${next}`
      }
      assert.deepEqual(seen, [5, 4, 3, 2, 1])
      for (const odd of ['x', '-1', '1e99', ' '])
        assert.deepEqual((await ask(`${id}/versions?cursor=${encodeURIComponent(odd)}`)).body.items, [], odd)
    })

    test('publishing what is published already makes no new version, and moving a box changes nothing', async () => {
      const { id } = await server.make([start, say('one')], 'start > say')
      await publish(id, { note: 'kept' })
      await change(id, { layout: { nodes: { say: { x: 10, y: 20 } } } })
      await change(id, { nodes: [say('one'), start] })
      const again = await publish(id, { note: 'not kept' })
      assert.deepEqual([again.version, again.note], [1, 'kept'])
      assert.equal((await ask(`${id}/versions`)).body.items.length, 1)
    })

    test('what has errors is not published: each is named, and nothing changes', async () => {
      const { id } = await server.make(
        [start, node('echo', { id: 'say', name: 'Say it', params: { many: 0, text: '{{ x }}' } })],
        'start > say',
      )
      const got = await post(`${id}/publish`, {})
      assert.deepEqual([got.status, got.body.code], [422, 'workflow.invalid'])
      assert.deepEqual(
        got.body.details.map((it: { path: string }) => it.path),
        ['nodes.say.params.many', 'nodes.say.params.text'],
      )
      assert.match(got.body.details[0].message, /^Say it: “How many” is not right/)
      assert.match(got.body.error, /^The workflow has 2 errors and was not published\. Say it: /)
      assert.deepEqual([(await ask(id)).body.live, (await ask(`${id}/versions`)).body.items], [null, []])
    })

    test('warnings are told and do not stand in the way', async () => {
      const { id } = await server.make([start, { ...say('one'), onError: 'route' }], 'start > say')
      assert.deepEqual(
        (await publish(id)).problems.map((it: { code: string }) => it.code),
        ['node.error_leads_nowhere'],
      )
    })

    test('with a rev only the draft that was read is published', async () => {
      const { id } = await server.make()
      await change(id, { description: 'gone on' })
      const got = await post(`${id}/publish`, { rev: 1 })
      assert.deepEqual([got.status, got.body.code, got.body.details[0].message], [409, 'workflow.stale', '2'])
      assert.equal((await publish(id, { rev: 2 })).version, 1)
    })

    test('publishing at the same time gives one version for one draft', async () => {
      const { id } = await server.make([hook])
      const all = await Promise.all(Array.from({ length: 6 }, () => publish(id)))
      assert.deepEqual(new Set(all.map(it => it.version)), new Set([1]))
      assert.equal((await triggersOf(id)).length, 1)
      assert.equal((await ask(`${id}/versions`)).body.items.length, 1)
    })

    test('publishing and changing at the same time leaves numbers without gaps and triggers of the live version', async () => {
      const { id } = await server.make([hook])
      const work = Array.from({ length: 24 }, async (_, at) => {
        if (at % 3 === 0) return post(`${id}/publish`, {})
        const { rev } = (await ask(id)).body
        return ask(id, { method: 'PUT', body: { rev, nodes: [{ ...hook, params: { path: `p${at}` } }] } })
      })
      for (const got of await Promise.all(work)) assert.ok([200, 409].includes(got.status), got.text)
      await publish(id)
      const { items } = (await ask(`${id}/versions?limit=200`)).body
      const numbers = items.map((it: { version: number }) => it.version)
      assert.deepEqual(
        numbers,
        Array.from({ length: numbers.length }, (_, at) => numbers.length - at),
      )
      const { body } = await ask(id)
      assert.equal(body.live, numbers[0])
      const [trigger] = await triggersOf(id)
      assert.deepEqual(JSON.parse(trigger?.params ?? ''), body.nodes[0].params)
      const kept = server.world.db
        .selectFrom('workflow_versions')
        .select(['hash', 'document'])
        .where('workspace_id', '=', workspace)
      for (const { hash, document } of await kept.where('workflow_id', '=', id).execute())
        assert.equal(hashOf(parseDocument(document)), hash)
    })

    test('triggers follow the version: what stays keeps its id and address, what goes keeps its ledger', async () => {
      const clock = node('clock', { id: 'c', params: { cron: '* * * * *' } })
      const there = async () => (await triggersOf(id)).filter(it => it.gone_at === null && it.kind !== 'manual')
      const { id } = await server.make([start, hook, clock])
      assert.deepEqual(await there(), [])
      await publish(id)
      const [one, two] = await there()
      assert.deepEqual(
        [one, two].map(it => [it?.node_id, it?.kind, it?.enabled, it?.params, it?.last_at]),
        [
          ['c', 'schedule', 1, '{"cron":"* * * * *"}', null],
          ['h', 'webhook', 1, '{"path":"in"}', null],
        ],
      )
      assert.equal(one?.key, null)
      assert.match(two?.key ?? '', /^[\w-]{22}$/)

      await change(id, { nodes: [start, { ...hook, params: { path: 'else' } }] })
      assert.equal((await there()).length, 2)
      await publish(id)
      assert.deepEqual(
        (await there()).map(it => [it.id, it.key, it.params]),
        [[two?.id, two?.key, '{"path":"else"}']],
      )

      await post(`${id}/versions/1/publish`)
      const back = await there()
      assert.deepEqual([back.length, back[1]?.id, back[1]?.params], [2, two?.id, two?.params])
      assert.equal(back[0]?.id, one?.id, 'and is found again')
    })

    test('a trigger that a person turned off stays off; one whose node was disabled comes back with it', async () => {
      const other = node('hook', { id: 'k' })
      const { id } = await server.make([hook, other])
      await publish(id)
      await server.world.db
        .updateTable('triggers')
        .set({ enabled: 0 })
        .where('workspace_id', '=', workspace)
        .where('node_id', '=', 'h')
        .execute()
      const enabled = async () => (await triggersOf(id)).map(it => [it.node_id, it.enabled])
      const go = async (nodes: object[]) => {
        await change(id, { nodes })
        await publish(id)
      }
      await go([hook, { ...other, disabled: true }])
      assert.deepEqual(await enabled(), [
        ['h', 0],
        ['k', 0],
      ])
      await go([hook, other])
      assert.deepEqual(await enabled(), [
        ['h', 0],
        ['k', 1],
      ])
    })

    test('the first version turns the triggers on; what a person turned off stays off', async () => {
      const { id } = await server.make([hook])
      for (const verb of ['activate', 'deactivate'])
        assert.equal((await post(`${id}/${verb}`)).body.code, 'workflow.not_published')
      await publish(id)
      assert.equal((await post(`${id}/deactivate`)).body.active, false)
      await change(id, { description: 'new' })
      await publish(id)
      assert.equal((await ask(id)).body.active, false)
      assert.equal((await post(`${id}/activate`)).body.active, true)
    })

    test('whoever looks at triggers is told when to look again, and then finds what is new', async () => {
      const { id } = await server.make([hook])
      const seen: Promise<number | undefined>[] = []
      const stop = server.world.feed.listen(TRIGGERS, () => {
        const row = server.world.db
          .selectFrom('workflows')
          .select('active')
          .where('workspace_id', '=', workspace)
          .where('id', '=', id)
        seen.push(row.executeTakeFirst().then(it => it?.active))
      })
      await publish(id)
      for (const path of ['deactivate', 'versions/1/publish', 'activate', 'archive']) await post(`${id}/${path}`)
      await ask(id, { method: 'DELETE' })
      stop()
      assert.deepEqual(await Promise.all(seen), [1, 0, 0, 1, 0, undefined])
    })

    test('what is archived is off, is neither published nor activated, and comes back off', async () => {
      const { id } = await server.make([hook])
      await publish(id)
      const { body } = await post(`${id}/archive`)
      assert.deepEqual([body.archived, body.active], [true, false])
      for (const path of ['publish', 'versions/1/publish', 'activate'])
        assert.equal((await post(`${id}/${path}`, path === 'publish' ? {} : undefined)).body.code, 'workflow.archived', path)
      const back = (await post(`${id}/unarchive`)).body
      assert.deepEqual([back.archived, back.active, back.live], [false, false, 1])
    })

    test('an older version is made live again, and the newest by publishing its draft', async () => {
      const { id } = await server.make([start, say('one')], 'start > say')
      await publish(id)
      await change(id, { nodes: [start, say('two')] })
      await publish(id)
      const back = (await post(`${id}/versions/1/publish`)).body
      assert.deepEqual([back.version, back.live], [1, true])
      const { body } = await ask(id)
      assert.deepEqual([body.live, body.nodes[1].params.text], [1, 'two'])
      assert.equal((await publish(id)).version, 2)
      assert.equal((await ask(id)).body.live, 2)
      assert.equal((await post(`${id}/versions/9/publish`)).body.code, 'version.not_found')
    })

    test('a version is taken back into the draft, which is one more change', async () => {
      const { id } = await server.make([start, say('one')], 'start > say', { name: 'Before' })
      await publish(id)
      await change(id, { name: 'After', nodes: [start], edges: [] })
      await publish(id)
      assert.equal((await post(`${id}/versions/1/restore`, { rev: 1 })).body.code, 'workflow.stale')
      const { body } = await post(`${id}/versions/1/restore`, { rev: 2 })
      assert.deepEqual([body.rev, body.name, body.nodes.length, body.live], [3, 'Before', 2, 2])
      assert.equal((await publish(id)).version, 3)
    })

    test('what differs is told by meaning: nodes, fields, edges, variables, settings, name', async () => {
      const { id } = await server.make([start, say('one'), node('echo', { id: 'old' })], 'start > say, say > old', {
        variables: { a: 1, b: { c: [1, 2] } },
      })
      const everything = (await ask(`${id}/diff`)).body
      assert.deepEqual(
        [everything.from, everything.to, everything.nodes.added.length, everything.same],
        [null, 'draft', 3, false],
      )
      await publish(id)
      assert.equal((await ask(`${id}/diff`)).body.same, true)
      await change(id, {
        name: 'Renamed',
        nodes: [{ ...say('two'), onError: 'continue' }, start, node('echo', { id: 'new', name: 'New one' })],
        edges: [{ id: 'other', source: 'start', target: 'say' }, ...edges('say > new').map(it => ({ ...it, id: 'x' }))],
        layout: { nodes: { say: { x: 99, y: 0 } } },
        variables: { a: 1, b: { c: [1, 3] }, d: null },
        settings: { concurrency: 3 },
      })
      const { body } = await ask(`${id}/diff?from=1&to=draft`)
      assert.deepEqual(body, {
        from: 1,
        to: 'draft',
        same: false,
        nodes: {
          added: [{ id: 'new', key: 'new', block: 'try.echo', name: 'New one' }],
          removed: [{ id: 'old', key: 'old', block: 'try.echo', name: '' }],
          changed: [
            {
              id: 'say',
              key: 'say',
              block: 'try.echo',
              name: '',
              changes: [
                { path: 'onError', after: 'continue' },
                { path: 'params.text', before: 'one', after: 'two' },
              ],
            },
          ],
        },
        edges: {
          added: [{ source: 'say', sourceHandle: 'main', target: 'new' }],
          removed: [{ source: 'say', sourceHandle: 'main', target: 'old' }],
        },
        variables: [
          { path: 'b.c[1]', before: 2, after: 3 },
          { path: 'd', after: null },
        ],
        settings: [{ path: 'concurrency', before: 10, after: 3 }],
        about: [{ path: 'name', before: 'Try', after: 'Renamed' }],
      })
      await publish(id)
      assert.deepEqual((await ask(`${id}/diff?from=live&to=1`)).body.nodes.added[0].id, 'old')
      assert.equal((await ask(`${id}/diff?from=7`)).body.code, 'version.not_found')
      assert.equal((await ask(`${id}/diff?from=yesterday`)).body.code, 'request.invalid')
    })

    test('a draft that is run is kept once, and not again when it is published', async () => {
      const { db } = server.world
      const { id } = await server.make([start, say('one')], 'start > say')
      const snapshot = () => snapshotDraft(db, server.world, workspace, id)
      const first = await snapshot()
      assert.equal(await snapshot(), first)
      await change(id, { nodes: [start, say('two')] })
      const second = await snapshot()
      assert.notEqual(second, first)
      await publish(id)
      assert.notEqual(await snapshot(), second)
      assert.equal((await ask(`${id}/versions`)).body.items.length, 1)
      const version = await loadVersion(db, workspace, id, 1)
      assert.deepEqual([version.id, version.document.nodes[1]?.params], [await snapshot(), { text: 'two' }])
      await assert.rejects(loadVersion(db, 'wsp_other', id, 1), { code: 'version.not_found' })
      await assert.rejects(snapshotDraft(db, server.world, 'wsp_other', id), { code: 'workflow.not_found' })
      const row = await db
        .selectFrom('workflow_versions')
        .select('document')
        .where('workspace_id', '=', workspace)
        .where('id', '=', first)
        .executeTakeFirstOrThrow()
      assert.equal(parseDocument(row.document).nodes[1]?.params.text, 'one')
    })
  })
}
