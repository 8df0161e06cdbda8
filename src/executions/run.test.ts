import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Service, type Stage, setStage, startService } from './testing.ts'

for (const kind of databases()) {
  describe(`an execution (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let service: Service
    let failures = 0
    before(async () => {
      it = await setStage(await kind.place())
      service = await startService(({ path, body }) => {
        if (path === '/flaky' && failures-- > 0) return { status: 503, headers: { 'retry-after': '0' }, body: { error: 'busy' } }
        if (path === '/broken') return { status: 418, body: { error: 'a teapot' } }
        return { body: { path, got: body, list: [1, 2, 3] } }
      })
    })
    after(async () => {
      await service.close()
      await it.close()
    })

    test('goes the way that its data choose, and skips the other', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'check', block: 'core.if', params: { all: [{ left: '{{ trigger.n }}', op: 'greater', right: 3 }] } },
          { key: 'big', block: 'core.set', params: { fields: { size: 'big' } } },
          { key: 'small', block: 'core.set', params: { fields: { size: 'small' } } },
          { key: 'end', block: 'core.set', params: { fields: { size: '{{ big.size }}{{ small.size }}', n: '{{ trigger.n }}' } } },
        ],
        edges: ['start -> check', 'check:yes -> big', 'check:no -> small', 'big -> end', 'small -> end'],
      })
      const big = await it.run(id, { n: 5 })
      assert.deepEqual([big.status, big.output, big.completedNodes, big.totalNodes], ['completed', { size: 'big', n: 5 }, 5, 5])
      assert.deepEqual(Object.keys(big.results).sort(), ['big', 'check', 'end'])
      assert.deepEqual((await it.run(id, { n: 1 })).output, { size: 'small', n: 1 })
    })

    test('keeps the order of a list however its turns end, and knows item and index', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          {
            key: 'each',
            block: 'core.forEach',
            params: { list: '{{ trigger.list }}', concurrency: 3, result: '{{ index }}: {{ call.body.got.item }}' },
          },
          {
            key: 'call',
            block: 'http.request',
            parent: 'each',
            params: { method: 'POST', url: `${service.url}/x`, body: { item: '{{ item }}' } },
          },
        ],
        edges: ['start -> each'],
      })
      const done = await it.run(id, { list: ['a', 'b', 'c', 'd', 'e'] })
      assert.deepEqual(
        [done.status, done.output],
        ['completed', ['0: a', '1: b', '2: c', '3: d', '4: e']],
        JSON.stringify(done.error),
      )
    })

    test('a failing item is skipped or collected where that is wanted, and else ends it', async () => {
      const loop = (onItemError: string) => ({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.list }}', onItemError, result: '{{ x.v }}' } },
          { key: 'check', block: 'core.if', parent: 'each', params: { all: [{ left: '{{ item }}', op: 'equals', right: 2 }] } },
          { key: 'bad', block: 'core.stop', parent: 'each', params: { outcome: 'failed', message: 'no twos' } },
          { key: 'x', block: 'core.set', parent: 'each', params: { fields: { v: '{{ item }}' } } },
          { key: 'call', block: 'http.request', parent: 'each', params: { url: `${service.url}/broken` } },
        ],
        edges: ['start -> each', 'check:yes -> call', 'check:no -> x'],
      })
      const without = (onItemError: string) => {
        const { nodes, edges } = loop(onItemError)
        return { nodes: nodes.filter(node => node.key !== 'bad'), edges }
      }
      const list = [1, 2, 3]
      assert.deepEqual((await it.run(await it.publish(without('skip')), { list })).output, [1, 3])
      const collected = (await it.run(await it.publish(without('collect')), { list })).output
      assert.deepEqual([collected[0], collected[1].error.code, collected[2]], [1, 'http.status', 3])
      const stopped = await it.run(await it.publish(without('stop')), { list })
      assert.deepEqual([stopped.status, stopped.error.code, stopped.error.path], ['failed', 'http.status', 'each[1].call'])
    })

    test('repeats until a condition holds', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          {
            key: 'again',
            block: 'core.repeat',
            params: { until: { all: [{ left: '{{ x.n }}', op: 'greaterOrEqual', right: 3 }] }, max: 10, result: '{{ x.n }}' },
          },
          { key: 'x', block: 'core.set', parent: 'again', params: { fields: { n: '{{ index | plus: 1 }}' } } },
        ],
        edges: ['start -> again'],
      })
      assert.deepEqual((await it.run(id)).output, [1, 2, 3])
    })

    test('tries again what failed in passing, and tells every attempt in the log', async () => {
      failures = 2
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'call', block: 'http.request', params: { url: `${service.url}/flaky` }, retry: { attempts: 3, delay: 1 } },
        ],
        edges: ['start -> call'],
      })
      const done = await it.run(id)
      assert.equal(done.status, 'completed')
      assert.deepEqual(await it.log(done.id), ['call retrying', 'call retrying', 'call completed'])
    })

    test('a failure ends it, goes on, or takes the way for errors, as the node says', async () => {
      const drawing = (onError: string, edges: string[]) => ({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'call', block: 'http.request', params: { url: `${service.url}/broken` }, onError },
          { key: 'good', block: 'core.set', params: { fields: { was: 'good' } } },
          { key: 'bad', block: 'core.set', params: { fields: { was: '{{ call.error.code }}' } } },
        ],
        edges,
      })
      const { nodes, edges } = drawing('stop', ['start -> call', 'call -> good'])
      const stopped = await it.run(await it.publish({ nodes: nodes.slice(0, 3), edges }))
      assert.deepEqual([stopped.status, stopped.error.code, 'good' in stopped.results], ['failed', 'http.status', false])
      const gone = await it.run(await it.publish(drawing('continue', ['start -> call', 'call -> good', 'call -> bad'])))
      assert.deepEqual([gone.status, gone.results.bad.was, gone.results.good.was], ['completed', 'http.status', 'good'])
      const routed = await it.run(await it.publish(drawing('route', ['start -> call', 'call -> good', 'call:error -> bad'])))
      assert.deepEqual([routed.status, routed.output, 'good' in routed.results], ['completed', { was: 'http.status' }, false])
    })

    test('the log shows every input and output, and a credential in none of them', async () => {
      const secret = 'a very secret token'
      const credential = await it.post('/api/credentials', { name: 'c', kind: 'http.bearer', values: { token: secret } })
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          {
            key: 'call',
            block: 'http.request',
            credential: credential.id,
            params: {
              method: 'POST',
              url: `${service.url}/echo`,
              body: { a: '{{ trigger.a }}', s: secret },
            },
          },
        ],
        edges: ['start -> call'],
      })
      const done = await it.run(id, { a: 7 })
      assert.equal(service.calls.at(-1)?.headers.authorization, `Bearer ${secret}`)
      const { items } = await it.get(`/api/executions/${done.id}/logs`)
      assert.deepEqual([items[0].input.body.a, items[0].output.body.got], [7, { a: 7, s: '•••' }])
      const stored = JSON.stringify(await it.server.world.db.selectFrom('journal').select('events').execute())
      assert.ok(!stored.includes(secret))
      assert.deepEqual((await it.get(`/api/logs/${done.id}`)).items, items)
    })

    test('code is run, its lines stand in the log, and what it throws is told with its line', async () => {
      const drawing = (code: string) => ({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'code', block: 'core.code', params: { code, input: { n: '{{ trigger.n }}' } } },
        ],
        edges: ['start -> code'],
      })
      const good = await it.run(await it.publish(drawing('console.log("n is", input.n)\nreturn { n: input.n + 1 }')), { n: 1 })
      assert.deepEqual([good.status, good.output], ['completed', { n: 2 }], JSON.stringify(good.error))
      const { items } = await it.get(`/api/executions/${good.id}/logs`)
      assert.deepEqual(items[0].lines, ['n is 1'])
      const bad = await it.run(await it.publish(drawing('\nnull.x')), { n: 1 })
      assert.deepEqual([bad.status, bad.error.code], ['failed', 'script.failed'])
      assert.match(bad.error.message, /line 2/)
    })

    test('a long page is taken apart beside everybody else, with the same result and the same words', async () => {
      const drawing = (selector: string) => ({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'page', block: 'data.html', params: { html: '{{ trigger.page }}', fields: [{ name: 'last', selector }] } },
        ],
        edges: ['start -> page'],
      })
      const page = `<ul>${'<li>one of many</li>'.repeat(2_000)}<li id="last">end</li></ul>`
      assert.deepEqual((await it.run(await it.publish(drawing('#last')), { page })).output, { last: 'end' })
      const wrong = await it.run(await it.publish(drawing('###')), { page })
      assert.deepEqual([wrong.status, wrong.error.code], ['failed', 'input.invalid'])
    })

    test('large values are kept once, apart from the journal, and come back whole', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'one', block: 'core.set', params: { fields: { all: '{{ trigger.text }}' } } },
          { key: 'two', block: 'core.set', params: { fields: { all: '{{ one.all }}' } } },
        ],
        edges: ['start -> one', 'one -> two'],
      })
      const text = 'abcdefgh'.repeat(50_000)
      const done = await it.run(id, { text })
      assert.deepEqual([done.status, done.output.$large.bytes > 400_000], ['completed', true], JSON.stringify(done.error))
      assert.deepEqual(await it.get(done.output.$large.url), { all: text })
      const rows = await it.server.world.db.selectFrom('journal').select('events').where('execution_id', '=', done.id).execute()
      assert.ok(JSON.stringify(rows).length < 5_000)
      assert.equal(
        (await it.server.world.db.selectFrom('held_values').select('hash').where('execution_id', '=', done.id).execute()).length,
        2,
      )
    })

    test('waits with the answer where that is wanted', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'a', block: 'core.respond', params: { body: { hello: '{{ trigger.name }}' } } },
        ],
        edges: ['start -> a'],
      })
      const got = await it.server.send(`/api/workflows/${id}/execute`, {
        token: it.token,
        body: { input: { name: 'Ada' }, wait: true },
      })
      assert.deepEqual([got.status, got.body.output, got.body.executionId], [200, { hello: 'Ada' }, got.body.id])
      const other = await it.server.send(`/api/workflows/${id}/execute`, { token: it.token, body: {} })
      assert.deepEqual([other.status, Object.keys(other.body)], [202, ['executionId']])
    })

    test('the numbers for Prometheus count what ended and what is going on', async () => {
      const { text } = await it.server.send('/metrics')
      assert.match(text, /^executions_ended_total\{status="completed",start="manual"\} [1-9]/m)
      assert.match(text, /^executions_running 0$/m)
    })

    test('a draft runs as it is, a wrong one is refused with its problems', async () => {
      const draft = { name: 'd', nodes: [{ id: 'n', key: 'start', block: 'manual.start' }], edges: [] }
      const { id } = await it.post('/api/workflows', draft)
      assert.equal((await it.run(id, { x: 1 })).version, null)
      const bad = await it.post('/api/workflows', { ...draft, nodes: [...draft.nodes, { id: 'x', key: 'x', block: 'no.such' }] })
      const refused = await it.post(`/api/workflows/${bad.id}/execute`, {}, 422)
      assert.deepEqual([refused.code, refused.details[0].path], ['workflow.invalid', 'nodes.x.block'])
    })

    test('another workflow is called and its output comes back; a circle ends', async () => {
      const child = await it.publish({
        nodes: [
          { key: 'start', block: 'api.call' },
          { key: 'double', block: 'core.set', params: { fields: { twice: '{{ trigger.n | times: 2 }}' } } },
        ],
        edges: ['start -> double'],
      })
      const parent = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'child', block: 'core.workflow', params: { workflow: child, input: { n: '{{ trigger.n }}' } } },
          { key: 'end', block: 'core.set', params: { fields: { got: '{{ child.twice }}' } } },
        ],
        edges: ['start -> child', 'child -> end'],
      })
      const { executionId } = await it.post(`/api/workflows/${parent}/execute`, { input: { n: 21 } })
      const done = await it.until(executionId, 'completed', 'failed')
      assert.deepEqual(done.output, { got: 42 }, JSON.stringify(done.error))
      const { items } = await it.get(`/api/executions?workflowId=${child}`)
      assert.deepEqual([items[0].parentId, items[0].trigger, items[0].status], [executionId, 'workflow', 'completed'])
    })

    test('its events are streamed, and go on where a listener stopped', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'a', block: 'core.set', params: { fields: { v: 1 } } },
        ],
        edges: ['start -> a'],
      })
      const { id: execution } = await it.run(id)
      const read = async (after = '') => {
        const response = await fetch(`${it.server.url}/api/executions/${execution}/events${after}`, {
          headers: { authorization: `Bearer ${it.token}` },
        })
        const text = await response.text()
        return [...text.matchAll(/^event: (\w+)$/gm)].map(match => match[1])
      }
      assert.deepEqual(await read(), ['accepted', 'done', 'finished', 'end'])
      assert.deepEqual(await read('?after=1.2'), ['finished', 'end'])
    })

    test('an input that nothing can be made of ends in a failure that names the node', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'each', block: 'core.forEach', params: { list: '{{ trigger.list }}' } },
        ],
        edges: ['start -> each'],
      })
      const failed = await it.run(id, { list: 'a text' })
      assert.equal(failed.status, 'failed')
      assert.match(failed.error.message, /list/)
    })
  })
}
