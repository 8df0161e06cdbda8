import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Service, type Stage, setStage, startService } from './testing.ts'

for (const kind of databases()) {
  describe(`the cache of a node (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let service: Service
    before(async () => {
      it = await setStage(await kind.place())
      service = await startService(({ path }) => ({
        status: path.startsWith('/bad') ? 400 : 200,
        body: { n: service.calls.length, pad: path.startsWith('/large') ? 'x'.repeat(100_000) : '' },
      }))
    })
    after(async () => {
      await service.close()
      await it.close()
    })

    const drawing = (cache: object | undefined, params: object = {}) => ({
      nodes: [
        { key: 'start', block: 'manual.start' },
        { key: 'ask', block: 'http.request', ...(cache ? { cache } : {}), params: { url: '{{ trigger.url }}', ...params } },
        { key: 'end', block: 'core.set', params: { fields: { n: '{{ ask.body.n }}' } } },
      ],
      edges: ['start -> ask', 'ask -> end'],
    })
    const ask = async (id: string, path: string) => {
      const { output } = await it.run(id, { url: `${service.url}${path}` })
      return output?.n
    }

    test('answers what was put out for the same, also in another execution, and says so in the log', async () => {
      const id = await it.publish(drawing({ ttl: 60_000 }))
      const first = await ask(id, '/a')
      assert.equal(await ask(id, '/a'), first)
      assert.equal(await ask(id, '/b'), first + 1)
      const { items } = await it.get(`/api/executions?workflowId=${id}`)
      const cached = async (at: number) => (await it.get(`/api/executions/${items[at].id}/logs`)).items[0].cached
      assert.deepEqual(await Promise.all([cached(0), cached(1), cached(2)]), [false, true, false])
      const other = await it.publish(drawing(undefined))
      assert.equal(await ask(other, '/a'), first + 2, 'a node without a cache does its work')
    })

    test('keeps no failure, and nothing longer than it may', async () => {
      const id = await it.publish(drawing({ ttl: 50 }))
      const before = service.calls.length
      for (const _ of [1, 2]) await ask(id, '/bad')
      assert.equal(service.calls.length, before + 2)
      const first = await ask(id, '/short')
      await new Promise(done => setTimeout(done, 60))
      assert.equal(await ask(id, '/short'), first + 1)
    })

    test('uses a large output only while an execution holds it', async () => {
      const id = await it.publish(drawing({ ttl: 60_000 }))
      const first = await ask(id, '/large')
      assert.equal(await ask(id, '/large'), first)
      await it.server.world.db.deleteFrom('executions').execute()
      assert.equal(await ask(id, '/large'), first + 1)
    })

    test('is refused where it would keep something from being done', async () => {
      const document = (drawn: object) => it.post('/api/workflows', { name: 'x', ...drawn })
      const node = { id: 'a', key: 'a', block: 'http.request' }
      const url = 'http://127.0.0.1/'
      const problems = async (node: object) => {
        const { id } = await document({ nodes: [{ id: 's', key: 's', block: 'manual.start' }, node] })
        const found: { field: string; code: string }[] = (await it.post(`/api/workflows/${id}/validate`)).problems
        return found.filter(one => one.field?.startsWith('cache')).map(one => `${one.field} ${one.code}`)
      }
      assert.deepEqual(await problems({ ...node, params: { method: 'POST', url }, cache: { ttl: 1000 } }), [
        'cache node.not_cached',
      ])
      assert.deepEqual(await problems({ ...node, params: { url }, cache: { ttl: 0 } }), ['cache.ttl node.bad_cache'])
      const loop = { id: 'a', key: 'a', block: 'core.forEach', params: { list: [] }, cache: { ttl: 1000 } }
      assert.deepEqual(await problems(loop), ['cache node.not_cached'])
    })
  })
}
