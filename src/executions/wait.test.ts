import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { databases } from '#db/testing.ts'
import { join } from '#testing.ts'
import { type Service, type Stage, setStage, startService } from './testing.ts'

const asking = (params: Record<string, unknown> = {}) => ({
  nodes: [
    { key: 'start', block: 'manual.start' },
    { key: 'ask', block: 'core.approve', params: { title: 'May {{ trigger.who }} go?', ...params } },
    { key: 'go', block: 'core.set', params: { fields: { by: '{{ ask.by.email }}', note: '{{ ask.fields.note }}' } } },
    { key: 'stay', block: 'core.set', params: { fields: { stays: true } } },
    { key: 'late', block: 'core.set', params: { fields: { late: true } } },
  ],
  edges: ['start -> ask', 'ask:approved -> go', 'ask:rejected -> stay', 'ask:expired -> late'],
})

for (const kind of databases()) {
  describe(`what waits (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let service: Service
    before(async () => {
      it = await setStage(await kind.place())
      service = await startService(() => ({}))
    })
    after(async () => {
      await service.close()
      await it.close()
    })

    const questionOf = async (execution: string) => (await it.get(`/api/approvals?executionId=${execution}`)).items[0]

    test('an approval is asked for, decided once, and takes the way that was decided', async () => {
      const id = await it.publish(asking({ fields: [{ name: 'note', title: 'A note', type: 'text', required: true }] }))
      const paused = await it.run(id, { who: 'Ada' })
      assert.deepEqual([paused.status, paused.currentNode], ['paused', 'ask'])
      assert.equal(it.server.runner.shell.runs.has(paused.id), false, 'nothing of it is kept in memory')
      const question = await questionOf(paused.id)
      assert.equal(question.title, 'May Ada go?')
      const wrong = await it.post(`/api/approvals/${question.id}`, { decision: 'approved', fields: { other: 1 } }, 422)
      assert.deepEqual(wrong.details.map((one: { path: string }) => one.path).sort(), ['body.fields.note', 'body.fields.other'])
      const both = await Promise.all(
        ['approved', 'rejected'].map(decision =>
          it.server.send(`/api/approvals/${question.id}`, { token: it.token, body: { decision, fields: { note: 'yes' } } }),
        ),
      )
      assert.deepEqual(both.map(one => one.status).sort(), [200, 409])
      const done = await it.until(paused.id, 'completed')
      const approved = both[0]?.status === 200
      assert.deepEqual(done.output, approved ? { by: 'owner@example.org', note: 'yes' } : { stays: true })
      assert.equal(await questionOf(paused.id), undefined)
    })

    test('only those who are asked may decide, and admins', async () => {
      const other = await join(it.server, it.token, `other-${kind.name}@example.org`, 'operator')
      const paused = await it.run(await it.publish(asking({ assignees: ['nobody@example.org'] })))
      const { id } = await questionOf(paused.id)
      const refused = await it.server.send(`/api/approvals/${id}`, { token: other, body: { decision: 'approved' } })
      assert.deepEqual([refused.status, refused.body.code], [403, 'approval.not_yours'])
      await it.post(`/api/approvals/${id}`, { decision: 'rejected' })
      assert.deepEqual((await it.until(paused.id, 'completed')).output, { stays: true })
    })

    test('members who are asked are written to, once more when they are to be reminded, and strangers never', async () => {
      const letters = () =>
        it.server.lines.filter(line => typeof line.link === 'string' && String(line.link).includes('/approvals/'))
      const before = letters().length
      const asked = { assignees: ['owner@example.org', 'stranger@example.org'], reminder: '1s', deadline: '1h' }
      const paused = await it.run(await it.publish(asking(asked)), { who: 'Eve' })
      const { id } = await questionOf(paused.id)
      for (const late = Date.now() + 15_000; letters().length < before + 2; ) {
        assert.ok(Date.now() < late, 'nobody was reminded')
        await sleep(50)
      }
      const sent = letters().slice(before)
      assert.deepEqual(
        sent.map(line => [line.to, String(line.message).split(' (')[0]]),
        [
          ['owner@example.org', 'May Eve go?'],
          ['owner@example.org', 'Reminder: May Eve go?'],
        ],
      )
      assert.ok(String(sent[0]?.link).endsWith(`/approvals/${id}`))
      await it.post(`/api/approvals/${id}`, { decision: 'rejected' })
    })

    test('what nobody decided in time takes the way for that', async () => {
      const id = await it.start(await it.publish(asking({ deadline: '1s' })))
      assert.deepEqual((await it.until(id, 'completed')).output, { late: true })
    })

    test('a time is waited for, also when the server is stopped meanwhile', async () => {
      const workflow = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'wait', block: 'core.wait', params: { for: '1s' } },
          { key: 'end', block: 'core.set', params: { fields: { waited: true } } },
        ],
        edges: ['start -> wait', 'wait -> end'],
      })
      const id = await it.start(workflow)
      await it.restart()
      assert.deepEqual((await it.until(id, 'completed')).output, { waited: true })
    })

    test('a decision is not lost when the server was stopped in between', async () => {
      const paused = await it.run(await it.publish(asking()), { who: 'Bob' })
      await it.restart()
      const { id } = await questionOf(paused.id)
      await it.post(`/api/approvals/${id}`, { decision: 'approved' })
      assert.equal((await it.until(paused.id, 'completed')).output.by, 'owner@example.org')
    })

    test('a callback is heard once, also when it comes before its node waits', async () => {
      const workflow = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          {
            key: 'tell',
            block: 'http.request',
            params: {
              method: 'POST',
              url: `${service.url}/tell`,
              body: { url: '{{ execution.callbacks.back }}' },
            },
          },
          { key: 'first', block: 'core.approve', params: { title: 'go on' } },
          { key: 'back', block: 'core.callback', params: { timeout: '1h' } },
          { key: 'end', block: 'core.set', params: { fields: { got: '{{ back.body.answer }}' } } },
        ],
        edges: ['start -> tell', 'tell -> first', 'first:approved -> back', 'back -> end'],
      })
      const paused = await it.run(workflow)
      const { url } = Object(service.calls.at(-1)?.body)
      const call = (answer: number) => it.server.send(new URL(url).pathname, { body: { answer } })
      assert.equal((await call(1)).status, 200)
      assert.equal((await call(2)).status, 409)
      assert.equal((await it.server.send(`${new URL(url).pathname}x`, { body: {} })).status, 404)
      await it.post(`/api/approvals/${(await questionOf(paused.id)).id}`, { decision: 'approved' })
      assert.deepEqual((await it.until(paused.id, 'completed')).output, { got: 1 })
    })

    test('a child that waits lets its parent wait, and both go on', async () => {
      const child = await it.publish(asking())
      const parent = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'child', block: 'core.workflow', params: { workflow: child, input: { who: 'a child' } } },
        ],
        edges: ['start -> child'],
      })
      const id = await it.start(parent)
      await it.until(id, 'paused')
      await it.restart()
      const asked = async () =>
        (await it.get('/api/approvals')).items.find((one: { title: string }) => one.title === 'May a child go?')
      let question = await asked()
      for (; !question; question = await asked()) await sleep(10)
      await it.post(`/api/approvals/${question.id}`, { decision: 'rejected' })
      assert.deepEqual((await it.until(id, 'completed')).output, { stays: true })
    })

    test('what was started and waited for ends with the one that started it', async () => {
      const child = await it.publish(asking())
      const parent = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'child', block: 'core.workflow', params: { workflow: child, input: { who: 'an orphan' } } },
        ],
        edges: ['start -> child'],
      })
      const id = await it.start(parent)
      await it.until(id, 'paused')
      const { items } = await it.get(`/api/executions?workflowId=${child}`)
      await it.until(items[0].id, 'paused')
      assert.equal((await it.post(`/api/executions/${id}/cancel`)).status, 'cancelled')
      assert.match((await it.until(items[0].id, 'cancelled')).error.message, new RegExp(id))
    })

    test('one that waits can be cancelled, and is heard no more', async () => {
      const paused = await it.run(await it.publish(asking()))
      const { id } = await questionOf(paused.id)
      const ended = await it.post(`/api/executions/${paused.id}/cancel`)
      assert.deepEqual([ended.status, ended.error.code], ['cancelled', 'execution.cancelled'])
      await it.post(`/api/approvals/${id}`, { decision: 'approved' }, 409)
      assert.equal(await questionOf(paused.id), undefined)
    })
  })
}
