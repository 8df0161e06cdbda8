import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import type { Sent } from '#testing.ts'
import { startTry, type TryServer } from '#workflows/testing.ts'

for (const kind of databases()) {
  describe(`folders over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
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
    const ask = (path: string, sent?: Sent) => server.ask(`/api/folders${path}`, sent)
    const make = async (name: string, parentId: string | null = null, query = '') => {
      const got = await ask(query, { body: { name, parentId } })
      assert.equal(got.status, 201, got.text)
      return got.body
    }
    const patch = (id: string, body: object, token = server.editor) => ask(`/${id}`, { method: 'PATCH', body, token })
    const chain = async (many: number, top: string | null = null) => {
      const ids: string[] = []
      for (let at = 0; at < many; at += 1) ids.push((await make(`L${at}`, ids.at(-1) ?? top)).id)
      return ids
    }

    test('folders are listed by what they are of', async () => {
      const one = await make('Mail')
      const two = await make('Inner', one.id)
      const other = await make('Prompts', null, '?kind=prompts')
      assert.deepEqual([one.parentId, two.parentId, one.kind, other.kind], [null, one.id, 'workflows', 'prompts'])
      const ids = async (query: string, token = server.viewer) =>
        (await ask(query, { token })).body.items.map((it: { id: string }) => it.id)
      assert.deepEqual(await ids(''), [two.id, one.id])
      assert.deepEqual(await ids('?kind=prompts'), [other.id])
      assert.deepEqual(await ids('', server.stranger), [])
      const { body } = await ask('?limit=1')
      assert.deepEqual([body.items[0].id, await ids(`?cursor=${body.next}`)], [two.id, [one.id]])
      assert.equal((await ask('?kind=cats')).status, 400)
    })

    test('a folder is renamed and moved; what it holds goes with it', async () => {
      const [a, b] = [await make('A'), await make('B')]
      const { body } = await patch(a.id, { name: 'A2', parentId: b.id })
      assert.deepEqual([body.name, body.parentId], ['A2', b.id])
      assert.equal((await patch(a.id, { parentId: null })).body.parentId, null)
      assert.equal((await patch(a.id, {})).body.name, 'A2')
    })

    test('no folder stands in itself, however far down', async () => {
      const ids = await chain(3)
      for (const id of ids) assert.equal((await patch(ids[0] ?? '', { parentId: id })).body.code, 'folder.in_itself')
    })

    test('two moves that would make a circle together do not both happen', async () => {
      const pairs = await Promise.all(Array.from({ length: 8 }, () => Promise.all([make('A'), make('B')])))
      const moved = ([a, b]: (typeof pairs)[number]) =>
        Promise.all([patch(a.id, { parentId: b.id }), patch(b.id, { parentId: a.id })])
      for (const got of await Promise.all(pairs.map(moved))) {
        assert.deepEqual(got.map(it => it.status).sort(), [200, 409])
        assert.ok(got.some(it => it.body.code === 'folder.in_itself'))
      }
    })

    test('eight deep is deep enough, also when something deep is moved', async () => {
      const ids = await chain(8)
      assert.equal((await ask('', { body: { name: 'x', parentId: ids.at(-1) } })).body.code, 'folder.too_deep')
      const [top, , third] = await chain(3)
      assert.equal((await patch(top ?? '', { parentId: ids[5] })).body.code, 'folder.too_deep')
      assert.equal((await patch(top ?? '', { parentId: ids[4] })).status, 200)
      assert.equal((await ask('', { body: { name: 'x', parentId: third } })).body.code, 'folder.too_deep')
    })

    test('what is in a deleted folder moves up to where it stood', async () => {
      const [top, middle, low] = await chain(3)
      const flow = await server.make([], '', { folderId: middle })
      assert.deepEqual((await ask(`/${middle}`, { method: 'DELETE' })).body, { ok: true })
      assert.equal((await server.ask(`/api/workflows/${flow.id}`)).body.folderId, top)
      const { items } = (await ask('')).body
      assert.equal(items.find((it: { id: string }) => it.id === low).parentId, top)
      await ask(`/${top}`, { method: 'DELETE' })
      assert.equal((await server.ask(`/api/workflows/${flow.id}`)).body.folderId, null)
      assert.equal((await ask(`/${top}`, { method: 'DELETE' })).body.code, 'folder.not_found')
    })

    test('workflows go only into folders that are there, of workflows and of this workspace', async () => {
      const flow = await server.make()
      const own = await make('Own')
      const move = async (folderId: string | null, token = server.editor) => {
        const got = await server.ask(`/api/workflows/${flow.id}/move`, { body: { folderId }, token })
        return got.body.folderId ?? got.body.code ?? null
      }
      assert.equal(await move(own.id), own.id)
      assert.equal((await server.ask(`/api/workflows/${flow.id}`)).body.rev, 1)
      const foreign = (await ask('', { body: { name: 'x' }, token: server.stranger })).body.id
      const prompts = (await make('P', null, '?kind=prompts')).id
      for (const id of [foreign, prompts, 'fld_gone']) assert.equal(await move(id), 'folder.not_found')
      for (const parentId of [foreign, prompts]) assert.equal((await patch(own.id, { parentId })).body.code, 'folder.not_found')
      assert.equal(await move(own.id, server.stranger), 'workflow.not_found')
      assert.equal(await move(null), null)
      const put = await server.ask(`/api/workflows/${flow.id}`, { method: 'PUT', body: { rev: 1, folderId: own.id } })
      assert.deepEqual([put.body.folderId, put.body.rev], [own.id, 2])
    })

    test('viewers look, others do not even look', async () => {
      const { id } = await make('Mine')
      for (const [token, status] of [
        [server.viewer, 403],
        [server.operator, 403],
        [server.stranger, 404],
      ] as const) {
        assert.equal((await patch(id, { name: 'x' }, token)).status, status)
        assert.equal((await ask(`/${id}`, { method: 'DELETE', token })).status, status)
      }
      assert.equal((await ask('', { body: { name: 'x' }, token: server.viewer })).status, 403)
      for (const body of [{ name: '' }, { name: 'a\nb' }, { name: 'x'.repeat(101) }, { name: 'x', parentId: 5 }])
        assert.equal((await ask('', { body })).body.code, 'request.invalid')
    })
  })
}
