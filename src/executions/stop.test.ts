import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { type Drawing, type Gate, startGate, startReal, until } from './testing.ts'

const START = { key: 'start', block: 'manual.start' }

/** What a server may be in the middle of. */
const drawings = (url: string): Record<string, Drawing> => ({
  calls: {
    nodes: [
      START,
      { key: 'first', block: 'http.request', params: { method: 'PUT', url: `${url}/first/{{ execution.id }}` } },
      { key: 'slow', block: 'http.request', params: { method: 'PUT', url: `${url}/held/{{ execution.id }}` } },
      { key: 'last', block: 'http.request', params: { method: 'POST', url: `${url}/last/{{ execution.id }}` } },
    ],
    edges: ['start -> first', 'first -> slow', 'slow -> last'],
  },
  once: {
    nodes: [START, { key: 'slow', block: 'http.request', params: { method: 'POST', url: `${url}/held/{{ execution.id }}` } }],
    edges: ['start -> slow'],
  },
  loops: {
    nodes: [
      START,
      { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.list }}', result: '{{ x.v }}' } },
      { key: 'x', block: 'core.set', parent: 'each', params: { fields: { v: '{{ item | plus: 1 }}' } } },
      { key: 'end', block: 'core.set', params: { fields: { all: '{{ each | sum }}' } } },
    ],
    edges: ['start -> each', 'each -> end'],
  },
  asks: {
    nodes: [
      START,
      { key: 'before', block: 'http.request', params: { method: 'PUT', url: `${url}/before/{{ execution.id }}` } },
      { key: 'ask', block: 'core.approve', params: { title: 'Go on?' } },
    ],
    edges: ['start -> before', 'before -> ask'],
  },
})

describe('a server that is told to stop', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip }, () => {
      let where: Where
      let service: Gate
      before(async () => {
        where = await kind.place()
        service = await startGate()
      })
      after(async () => {
        service.open()
        await service.close()
        await where.drop()
      })

      test('ends by itself in time whatever is going on, and the next one finishes everything', { timeout: 90_000 }, async () => {
        const server = await startReal(where)
        const ids: Record<string, string> = {}
        for (const [name, drawing] of Object.entries(drawings(service.url))) ids[name] = await server.publish(drawing)
        const begin = (name: string, count: number, input: unknown = {}) =>
          Promise.all(Array.from({ length: count }, () => server.start(ids[name] ?? '', input)))
        service.shut()
        const asks = await begin('asks', 3)
        for (const id of asks) await until('it asks', async () => (await server.status(id)) === 'paused')
        const calls = await begin('calls', 10)
        const once = await begin('once', 2)
        await until('all are called', () => [...calls, ...once].every(id => service.count(`/held/${id}`) === 1))
        const list = Array.from({ length: 2_000 }, (_, at) => at)
        const loops = await begin('loops', 3, { list })
        const { code, signal, took } = await server.process.stop()
        assert.deepEqual([code, signal, server.process.complaints()], [0, null, ''])
        assert.ok(took < 10_000, `${took} ms`)

        const again = await startReal(where, server.token)
        await until('all are called again', () => calls.every(id => service.count(`/held/${id}`) === 2))
        service.open()
        const whole = async (id: string) => (await again.ask(`/api/executions/${id}`)).body
        for (const id of [...calls, ...loops])
          await until('it is completed', async () => (await again.status(id)) === 'completed')
        const all = list.reduce((sum, n) => sum + n + 1, 0)
        for (const id of loops) assert.deepEqual((await whole(id)).output, { all })
        for (const id of calls)
          assert.deepEqual(
            ['first', 'held', 'last'].map(name => service.count(`/${name}/${id}`)),
            [1, 2, 1],
            'what was done is not repeated',
          )
        const { items } = (await again.ask('/api/approvals?limit=200')).body
        const questionOf = (id: string) => items.find((one: { executionId: string }) => one.executionId === id)
        for (const id of once) {
          assert.equal(questionOf(id)?.kind, 'answer', 'what must not be repeated is asked about')
          await again.ask(`/api/approvals/${questionOf(id).id}`, { decision: 'happened' })
          await until('it is completed', async () => (await again.status(id)) === 'completed')
          assert.equal(service.count(`/held/${id}`), 1)
        }
        for (const id of asks) {
          await again.ask(`/api/approvals/${questionOf(id).id}`, { decision: 'approved' })
          await until('it is completed', async () => (await again.status(id)) === 'completed')
          assert.equal(service.count(`/before/${id}`), 1)
        }
        assert.equal((await again.process.stop()).code, 0)
      })
    })
  }
})
