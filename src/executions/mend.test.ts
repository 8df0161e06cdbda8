import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Service, type Stage, setStage, startService } from './testing.ts'

for (const kind of databases()) {
  describe(`mending an execution (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let service: Service
    let works = false
    let hold: Promise<void> | null = null
    before(async () => {
      it = await setStage(await kind.place())
      service = await startService(async ({ path, body }) => {
        if (path === '/slow') await hold
        return path === '/later' && !works ? { status: 400, body: { error: 'not yet' } } : { body: { got: body } }
      })
    })
    after(async () => {
      await service.close()
      await it.close()
    })

    const call = (key: string, path: string, json: unknown = {}, more: object = {}) => ({
      key,
      block: 'http.request',
      params: { method: 'POST', url: `${service.url}${path}`, body: json },
      ...more,
    })
    const two = () => ({
      nodes: [
        { key: 'start', block: 'manual.start' },
        call('one', '/one', { n: '{{ trigger.n }}' }),
        call('two', '/later', { n: 1 }),
      ],
      edges: ['start -> one', 'one -> two'],
    })
    const callsTo = (path: string) => service.calls.filter(one => one.path === path).length

    test('a retry goes on from what failed and repeats nothing that succeeded', async () => {
      works = false
      const failed = await it.run(await it.publish(two()), { n: 1 })
      assert.deepEqual([failed.status, failed.error.code], ['failed', 'http.status'])
      const before = callsTo('/one')
      works = true
      assert.deepEqual(await it.post(`/api/executions/${failed.id}/retry`), { executionId: failed.id })
      const done = await it.until(failed.id, 'completed')
      assert.deepEqual([callsTo('/one') - before, done.error, done.output.body.got], [0, null, { n: 1 }])
      assert.deepEqual(await it.log(failed.id), ['one completed', 'two failed', 'two completed'])
      await it.post(`/api/executions/${failed.id}/retry`, {}, 409)
    })

    test('a retry from the start is a new execution with the same input', async () => {
      works = true
      const done = await it.run(await it.publish(two()), { n: 9 })
      const { executionId } = await it.post(`/api/executions/${done.id}/retry`, { from: 'start' })
      assert.notEqual(executionId, done.id)
      const again = await it.until(executionId, 'completed')
      assert.deepEqual([again.input, again.results.one.body.got, again.forkedFrom], [{ n: 9 }, { n: 9 }, done.id])
    })

    test('a retry takes the live version where what happened fits it, and is refused where it does not', async () => {
      works = false
      const id = await it.publish(two())
      const failed = await it.run(id, { n: 1 })
      const other = await it.run(id, { n: 2 })
      const document = await it.get(`/api/workflows/${id}`)
      const put = async (nodes: unknown[], edges: unknown[]) => {
        const { rev } = await it.get(`/api/workflows/${id}`)
        const { status, text } = await it.server.send(`/api/workflows/${id}`, {
          token: it.token,
          method: 'PUT',
          body: { rev, nodes, edges },
        })
        assert.equal(status, 200, text)
        await it.post(`/api/workflows/${id}/publish`)
      }
      await put(
        [document.nodes[0], document.nodes[1], { ...document.nodes[2], block: 'core.set', params: { fields: { mended: true } } }],
        document.edges,
      )
      await it.post(`/api/executions/${failed.id}/retry`, { version: 'live' })
      const done = await it.until(failed.id, 'completed', 'failed')
      assert.deepEqual([done.output, done.version], [{ mended: true }, 2])
      await put([document.nodes[0], document.nodes[2]], [{ source: 'start', target: 'two' }])
      const refused = await it.post(`/api/executions/${other.id}/retry`, { version: 'live' }, 409)
      assert.equal(refused.code, 'execution.does_not_fit')
      assert.match(refused.error, /one/)
    })

    test('a fork has everything before its node and goes another way from there', async () => {
      works = true
      const first = await it.run(await it.publish(two()), { n: 3 })
      const before = callsTo('/one')
      const { executionId } = await it.post(`/api/executions/${first.id}/fork`, {
        from: 'two',
        changes: { params: { body: { changed: '{{ one.body.got.n }}' } } },
      })
      const forked = await it.until(executionId, 'completed', 'failed')
      assert.deepEqual([forked.output.body.got, forked.forkedFrom, callsTo('/one') - before], [{ changed: 3 }, first.id, 0])
      assert.deepEqual((await it.get(`/api/executions/${first.id}`)).output.body.got, { n: 1 }, 'the first is as it was')
      assert.equal((await it.post(`/api/executions/${first.id}/fork`, { from: 'nobody' }, 404)).code, 'node.not_found')
      const wrong = await it.post(`/api/executions/${first.id}/fork`, { from: 'two', changes: { params: { surplus: 1 } } }, 422)
      assert.equal(wrong.code, 'workflow.invalid')
      const anew = await it.post(`/api/executions/${first.id}/fork`, { from: 'start', changes: { input: { n: 4 } } })
      assert.deepEqual((await it.until(anew.executionId, 'completed')).results.one.body.got, { n: 4 })
    })

    test('a fork repeats nothing before its node, also where something failed and went its way for that', async () => {
      works = false
      const first = await it.run(
        await it.publish({
          nodes: [
            { key: 'start', block: 'manual.start' },
            call('bad', '/later', {}, { onError: 'route' }),
            { key: 'each', block: 'core.forEach', params: { list: [1, 2], onItemError: 'skip', result: '{{ turn.body.path }}' } },
            call('turn', '/turn', {}, { parent: 'each' }),
            { key: 'end', block: 'core.set', params: { fields: { code: '{{ bad.error.code }}', count: '{{ each.size }}' } } },
          ],
          edges: ['start -> bad', 'bad:error -> each', 'each -> end'],
        }),
        {},
      )
      assert.equal(first.status, 'completed', JSON.stringify(first.error))
      const { items } = await it.get(`/api/executions/${first.id}/logs`)
      const closed = items.find((one: { key: string; status: string }) => one.key === 'each' && one.status === 'completed')
      assert.equal(closed.output.length, 2, 'the log has what the container put out')
      const before = service.calls.length
      const { executionId } = await it.post(`/api/executions/${first.id}/fork`, {
        from: 'end',
        changes: { params: { fields: { c: '{{ bad.error.code }}' } } },
      })
      assert.deepEqual((await it.until(executionId, 'completed', 'failed')).output, { c: 'http.status' })
      assert.equal(service.calls.length, before)
    })

    test('what runs is told when it is cancelled', async () => {
      let letGo = () => {}
      hold = new Promise(resolve => {
        letGo = resolve
      })
      const id = await it.start(
        await it.publish({ nodes: [{ key: 'start', block: 'manual.start' }, call('slow', '/slow')], edges: ['start -> slow'] }),
      )
      while (callsTo('/slow') === 0) await new Promise(resolve => setTimeout(resolve, 10))
      const ended = await it.post(`/api/executions/${id}/cancel`)
      assert.equal(ended.status, 'cancelled')
      letGo()
      assert.deepEqual([(await it.get(`/api/executions/${id}`)).status, await it.log(id)], ['cancelled', []])
      assert.equal((await it.post(`/api/executions/${id}/cancel`)).status, 'cancelled')
    })

    test('what must not be repeated and was cut off by a crash is asked about', async () => {
      const workflow = await it.publish({
        nodes: [{ key: 'start', block: 'manual.start' }, call('slow', '/slow'), call('two', '/one', { was: '{{ slow.told }}' })],
        edges: ['start -> slow', 'slow -> two'],
      })
      const answers: [string, object, string][] = [
        ['happened', { output: { told: 'yes' } }, 'completed'],
        ['repeat', {}, 'completed'],
        ['fail', {}, 'failed'],
      ]
      for (const [decision, more, status] of answers) {
        let letGo = () => {}
        hold = new Promise(resolve => {
          letGo = resolve
        })
        const before = callsTo('/slow')
        const id = await it.start(workflow)
        while (callsTo('/slow') === before) await new Promise(resolve => setTimeout(resolve, 10))
        await it.restart(async () => {
          // As a crash does: nothing is written any more.
          const { shell } = it.server.runner
          shell.closing = true
          for (const run of shell.runs.values()) run.gone = true
          shell.runs.clear()
          await it.server.world.db.updateTable('executions').set({ lease_until: 1, due_at: 1 }).where('id', '=', id).execute()
          await it.server.stop()
        })
        await it.until(id, 'paused')
        const { items } = await it.get(`/api/approvals?executionId=${id}`)
        assert.deepEqual([items[0].kind, items[0].path], ['answer', 'slow'])
        if (decision === 'repeat') letGo()
        await it.post(`/api/approvals/${items[0].id}`, { decision, ...more })
        const done = await it.until(id, 'completed', 'failed')
        assert.equal(done.status, status, JSON.stringify(done))
        if (decision === 'happened') assert.deepEqual(done.output.body.got, { was: 'yes' })
        assert.equal(callsTo('/slow') - before, decision === 'repeat' ? 2 : 1)
        letGo()
      }
    })
  })
}
