import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Service, type Stage, setStage, startService } from './testing.ts'

for (const kind of databases()) {
  describe(`what a person must allow (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let service: Service
    let workflow: string
    before(async () => {
      it = await setStage(await kind.place())
      service = await startService(() => ({ body: { paid: true } }))
      workflow = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          {
            key: 'pay',
            block: 'http.request',
            name: 'Pay the bill',
            askFirst: true,
            params: { method: 'POST', url: `${service.url}/pay`, body: { kind: 'json', value: { sum: '{{ trigger.sum }}' } } },
          },
        ],
        edges: ['start -> pay'],
      })
    })
    after(async () => {
      await service.close()
      await it.close()
    })

    const questionOf = async (execution: string) => (await it.get(`/api/approvals?executionId=${execution}`)).items[0]

    test('a node that is asked for does nothing before it is allowed, also over a restart, and shows what it is about to do', async () => {
      service.calls.length = 0
      const paused = await it.run(workflow, { sum: 4711 })
      assert.equal(paused.status, 'paused')
      await it.restart()
      const question = await questionOf(paused.id)
      assert.equal(question.kind, 'permission')
      assert.equal(question.title, 'May “Pay the bill” run?')
      assert.match(question.message, /4711/)
      assert.equal(service.calls.length, 0)
      await it.post(`/api/approvals/${question.id}`, { decision: 'approved' })
      const done = await it.until(paused.id, 'completed')
      assert.deepEqual(done.output.body, { paid: true })
      assert.equal(service.calls.length, 1)
      assert.equal(await questionOf(paused.id), undefined)
      assert.deepEqual(await it.log(paused.id), ['pay waiting', 'pay running', 'pay completed'])
    })

    test('what was not allowed fails with the words of who said no', async () => {
      service.calls.length = 0
      const paused = await it.run(workflow, { sum: 1 })
      const { id } = await questionOf(paused.id)
      await it.post(`/api/approvals/${id}`, { decision: 'happened' }, 422)
      await it.post(`/api/approvals/${id}`, { decision: 'rejected', comment: 'too dear' })
      const done = await it.until(paused.id, 'failed')
      assert.equal(done.error.code, 'node.not_allowed')
      assert.match(done.error.message, /owner@example\.org did not allow it: too dear/)
      assert.equal(service.calls.length, 0)
      await it.post(`/api/approvals/${id}`, { decision: 'approved' }, 409)
    })

    test('who tries again is asked again', async () => {
      service.calls.length = 0
      const paused = await it.run(workflow, { sum: 2 })
      const first = await questionOf(paused.id)
      await it.post(`/api/approvals/${first.id}`, { decision: 'rejected' })
      await it.until(paused.id, 'failed')
      await it.post(`/api/executions/${paused.id}/retry`, { from: 'failed' })
      await it.until(paused.id, 'paused')
      const second = await questionOf(paused.id)
      assert.notEqual(second.id, first.id)
      await it.post(`/api/approvals/${second.id}`, { decision: 'approved' })
      await it.until(paused.id, 'completed')
      assert.equal(service.calls.length, 1)
    })
  })
}
