import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'

for (const kind of databases()) {
  describe(`triggers over HTTP (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    const end = { key: 'end', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } }
    const hooked = (params = {}) => ({
      nodes: [{ key: 'hook', block: 'webhook.receive', params: { reply: 'finished', ...params } }, end],
      edges: ['hook -> end'],
    })
    const only = async (workflow: string) => (await it.get(`/api/triggers?workflowId=${workflow}`)).items[0]
    const lines = async (trigger: string) => (await it.get(`/api/triggers/${trigger}/activity`)).items
    const send = (url: string, body: unknown) => it.server.send(new URL(url).pathname, { body })

    test('are listed with how they stand and what they did last', async () => {
      const id = await it.publish(hooked())
      const trigger = await only(id)
      assert.deepEqual(
        [trigger.kind, trigger.block, trigger.state, trigger.secret, trigger.lastFires, trigger.nextAt],
        ['webhook', 'webhook.receive', 'on', null, [], null],
      )
      await send(trigger.url, { n: 1 })
      const [{ outcome, executionId }] = (await only(id)).lastFires
      assert.deepEqual([outcome, executionId.slice(0, 4)], ['fired', 'exe_'])
      await it.post(`/api/workflows/${id}/deactivate`)
      assert.equal((await only(id)).state, 'asleep')
      assert.equal((await send(trigger.url, {})).status, 404)
    })

    test('every call is a line of the ledger that names its execution', async () => {
      const id = await it.publish(hooked())
      const { id: trigger, url } = await only(id)
      const { headers } = await send(url, { n: 1 })
      await send(url, { n: 2 })
      const found = await lines(trigger)
      assert.deepEqual(
        found.map((line: { outcome: string; call: { method: string; bytes: number } }) => [
          line.outcome,
          line.call.method,
          line.call.bytes,
        ]),
        [
          ['fired', 'POST', 7],
          ['fired', 'POST', 7],
        ],
      )
      assert.equal(found[1].executionId, headers.get('x-execution-id'))
      const { items, next } = await it.get(`/api/triggers/${trigger}/activity?limit=1`)
      const rest = await it.get(`/api/triggers/${trigger}/activity?limit=1&cursor=${next}`)
      assert.deepEqual([items[0].id, rest.items[0].id, rest.next], [found[0].id, found[1].id, null])
      assert.deepEqual((await it.get(`/api/triggers/${trigger}/activity?outcome=refused`)).items, [])
    })

    test('a line is replayed with what it came with, and says who did so', async () => {
      const id = await it.publish(hooked())
      const { id: trigger, url } = await only(id)
      await send(url, { n: 7 })
      const [line] = await lines(trigger)
      const { executionId } = await it.post(`/api/triggers/${trigger}/activity/${line.id}/replay`)
      assert.notEqual(executionId, line.executionId)
      assert.deepEqual((await it.until(executionId, 'completed')).output.got.body, { n: 7 })
      const [again] = await lines(trigger)
      assert.deepEqual(
        [again.executionId, again.why.code, again.why.message.includes('owner@example.org')],
        [executionId, 'replayed', true],
      )
      assert.equal((await it.post(`/api/triggers/${trigger}/activity/fir_none/replay`, {}, 409)).code, 'trigger.nothing_kept')
      await it.server.world.db.deleteFrom('executions').where('id', '=', line.executionId).execute()
      assert.equal((await it.post(`/api/triggers/${trigger}/activity/${line.id}/replay`, {}, 409)).code, 'trigger.nothing_kept')
    })

    test('one is fired by hand as it would fire, also while it is off', async () => {
      const id = await it.publish(hooked())
      const { id: trigger, url } = await only(id)
      const off = await it.server.send(`/api/triggers/${trigger}`, { method: 'PATCH', token: it.token, body: { enabled: false } })
      assert.deepEqual([off.status, off.body.enabled, off.body.state], [200, false, 'off'])
      assert.equal((await send(url, {})).status, 404)
      const { executionId } = await it.post(`/api/triggers/${trigger}/fire`, { input: { body: 'by hand' } })
      const done = await it.until(executionId, 'completed')
      assert.deepEqual([done.trigger, done.triggerId, done.output], ['webhook', trigger, { got: { body: 'by hand' } }])
      const on = await it.server.send(`/api/triggers/${trigger}`, { method: 'PATCH', token: it.token, body: { enabled: true } })
      assert.equal(on.body.state, 'on')
      assert.equal((await send(url, {})).status, 200)
    })

    test('one is added to a draft before what nothing leads to, and published where that is wanted', async () => {
      const { id, rev } = await it.post('/api/workflows', { name: 'x', nodes: [{ id: 'end', ...end }], edges: [] })
      const made = await it.post('/api/triggers', {
        workflowId: id,
        block: 'webhook.receive',
        params: { reply: 'finished' },
        rev,
      })
      assert.deepEqual([made.nodeId, made.rev, made.trigger], ['webhook', rev + 1, null])
      const draft = await it.get(`/api/workflows/${id}`)
      assert.deepEqual(
        draft.edges.map((edge: { source: string; target: string }) => [edge.source, edge.target]),
        [['webhook', 'end']],
      )
      const second = await it.post('/api/triggers', { workflowId: id, block: 'api.call', publish: true })
      assert.deepEqual([second.trigger.kind, second.trigger.state], ['api', 'on'])
      assert.equal(
        (await send((await it.get(`/api/triggers?workflowId=${id}&kind=webhook`)).items[0].url, { n: 1 })).body.got.body.n,
        1,
      )
      const stale = await it.post('/api/triggers', { workflowId: id, block: 'api.call', rev }, 409)
      assert.equal(stale.code, 'workflow.stale')
      const wrong = await it.post('/api/triggers', { workflowId: id, block: 'webhook.receive', params: { reply: 'never' } }, 400)
      assert.deepEqual([wrong.code, wrong.details[0].path], ['trigger.bad_params', 'params.reply'])
      assert.equal((await it.post('/api/triggers', { workflowId: id, block: 'core.set' }, 400)).code, 'trigger.not_a_trigger')
      assert.equal((await it.post('/api/triggers', { workflowId: id, block: 'no.such' }, 404)).code, 'block.not_found')
      assert.equal(
        (await it.post('/api/triggers', { workflowId: id, block: 'api.call', to: ['nobody'] }, 400)).details[0].path,
        'body.to',
      )
    })

    test('one is taken away: off at once, out of the draft, and its ledger stays readable', async () => {
      const id = await it.publish(hooked())
      const { id: trigger, url } = await only(id)
      await send(url, { n: 1 })
      const gone = await it.server.send(`/api/triggers/${trigger}`, { method: 'DELETE', token: it.token })
      assert.equal(gone.status, 200)
      assert.equal((await send(url, {})).status, 404)
      const draft = await it.get(`/api/workflows/${id}`)
      assert.deepEqual([draft.nodes.length, draft.edges], [1, []])
      assert.equal((await lines(trigger)).length, 1)
    })

    test('editing a draft changes nothing that is live', async () => {
      const id = await it.publish(hooked())
      const { url } = await only(id)
      const { rev } = await it.get(`/api/workflows/${id}`)
      const put = await it.server.send(`/api/workflows/${id}`, {
        method: 'PUT',
        token: it.token,
        body: { rev, nodes: [{ id: 'end', ...end }], edges: [] },
      })
      assert.equal(put.status, 200)
      assert.equal((await send(url, { n: 1 })).status, 200)
    })
  })
}
