import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from './testing.ts'

for (const kind of databases()) {
  describe(`what ran, and what was asked (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    const drawing = (text: string) => ({
      name: 'say it',
      nodes: [
        { id: 'a', key: 'start', block: 'manual.start' },
        { id: 'b', key: 'say', block: 'core.set', params: { fields: { text } } },
      ],
      edges: [{ source: 'a', target: 'b' }],
      layout: { nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: 40 } } },
    })

    test('the workflow of an execution stays as it ran, also where it was a draft that was changed since', async () => {
      const { id, rev } = await it.post('/api/workflows', drawing('before'))
      const { executionId } = await it.post(`/api/workflows/${id}/execute`, { wait: true })
      const changed = await it.server.send(`/api/workflows/${id}`, {
        token: it.token,
        method: 'PUT',
        body: { rev, ...drawing('after') },
      })
      assert.equal(changed.status, 200, changed.text)
      const ran = await it.get(`/api/executions/${executionId}/workflow`)
      assert.equal(ran.nodes[1].params.fields.text, 'before')
      assert.deepEqual(ran.layout.nodes.b, { x: 300, y: 40 })
    })

    test('a question can be read while it is open, when it is decided, and when its execution is over', async () => {
      const workflow = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'ask', block: 'core.approve', params: { title: 'May it go on?' } },
        ],
        edges: ['start -> ask'],
      })
      const ask = async () => {
        const run = await it.start(workflow)
        await it.until(run, 'paused')
        const { items } = await it.get(`/api/approvals?executionId=${run}`)
        return { run, id: items[0].id }
      }
      const one = await ask()
      const open = await it.get(`/api/approvals/${one.id}`)
      assert.deepEqual([open.title, open.open, open.decidedAt], ['May it go on?', true, null])
      await it.post(`/api/approvals/${one.id}`, { decision: 'approved' })
      const decided = await it.get(`/api/approvals/${one.id}`)
      assert.equal(decided.open, false)
      assert.ok(decided.decidedAt)

      const other = await ask()
      await it.post(`/api/executions/${other.run}/cancel`)
      const over = await it.get(`/api/approvals/${other.id}`)
      assert.deepEqual([over.open, over.decidedAt], [false, null])
      assert.equal((await it.server.send('/api/approvals/wai_nothing', { token: it.token })).status, 404)
    })
  })
}
