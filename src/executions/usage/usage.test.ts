import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { readJournal } from '#executions/own.ts'
import { until } from '#executions/testing.ts'
import { stream } from '#models/testing.ts'
import { join, PASSWORD } from '#testing.ts'
import { ANSWER, COST, type Paid, setPaidStage } from './testing.ts'

const money = (calls: number) => (calls * COST) / 1e6

for (const kind of databases()) {
  describe(`what models take (${kind.name})`, { skip: kind.skip }, () => {
    let it: Paid
    before(async () => {
      it = await setPaidStage(await kind.place())
    })
    after(() => it.close())

    const of = async (workflowId: string, by = 'day', token = it.token) =>
      (await it.server.send(`/api/usage?workflowId=${workflowId}&by=${by}`, { token })).body

    test('is shown of an execution and its attempts, with what was cached and thought apart', async () => {
      const id = await it.publish(it.asking({ times: 2 }))
      const execution = await it.run(id)
      const all = { inputTokens: 20, outputTokens: 10, cachedTokens: 4, reasoningTokens: 2, cost: money(2) }
      assert.deepEqual(execution.usage, all)
      const { items } = await it.get(`/api/executions/${execution.id}/logs`)
      assert.deepEqual([items[0].model, items[0].usage], ['openai/gpt-5', all])
      const { items: listed, total } = await of(id)
      const sum = { calls: 2, ...all, knownCost: money(2), unpricedCalls: 0 }
      const day = new Date().toISOString().slice(0, 10)
      assert.deepEqual(listed, [{ key: day, name: day, ...sum }])
      assert.deepEqual(total, sum)
    })

    test('counts failed attempts, and those that were tried again', async () => {
      const id = await it.publish(it.asking({ fail: 'once' }))
      assert.equal((await it.run(id)).usage.cost, money(2))
      assert.deepEqual((await of(id)).total.calls, 2)
      const bad = await it.publish(it.asking({ fail: 'always', times: 3 }))
      const failed = await it.run(bad)
      assert.deepEqual([failed.status, failed.usage.cost, (await of(bad)).total.calls], ['failed', money(3), 3])
      await it.post(`/api/executions/${failed.id}/retry`, { from: 'failed' })
      await it.until(failed.id, 'failed')
      await until('what was taken again is counted', async () => (await of(bad)).total.calls === 6)
    })

    test('has no cost where the price of a model is not known, and tells how many calls that were', async () => {
      it.wire.says(stream(ANSWER.map(frame => frame.replaceAll('gpt-5-2025-08-07', 'one-of-tomorrow'))))
      const id = await it.publish(it.asking({ model: 'openai/one-of-tomorrow' }))
      assert.equal((await it.run(id)).usage.cost, null)
      it.wire.says(stream(ANSWER))
      const { total } = await of(id)
      assert.deepEqual([total.cost, total.knownCost, total.unpricedCalls, total.inputTokens], [null, 0, 1, 10])
    })

    test('is summed by all that is asked about, and anybody sees only what is theirs', async () => {
      const editor = await join(it.server, it.token, 'editor@example.org', 'editor')
      const { body: me } = await it.server.send('/api/me', { token: editor })
      const { body: key } = await it.server.send('/api/keys', { token: editor, body: { name: 'of a program' } })
      const id = await it.publish(it.asking({ embed: true }))
      const run = (token: string) =>
        it.server.send(`/api/workflows/${id}/execute`, { token, body: { wait: true }, headers: { 'x-workspace': '' } })
      await run(it.token)
      await run(editor)
      const { body: execution } = await run(key.key)
      assert.deepEqual([execution.userId, execution.keyId, execution.trigger], [me.user.id, key.id, 'api'])

      const calls = async (by: string, token = it.token) =>
        Object.fromEntries((await of(id, by, token)).items.map((one: { name: string; calls: number }) => [one.name, one.calls]))
      assert.deepEqual(await calls('model'), { 'openai/gpt-5': 3, 'demo/meaning': 3 })
      assert.deepEqual(await calls('kind'), { ask: 3, embed: 3 })
      assert.deepEqual(await calls('member'), { owner: 2, editor: 4 })
      assert.deepEqual(await calls('key'), { null: 4, 'of a program': 2 })
      assert.deepEqual(await calls('workflow'), { 'a test': 6 })
      assert.deepEqual(await calls('member', editor), { editor: 4 }, 'others are not shown')
      const filtered = await it.get(
        `/api/usage?workflowId=${id}&userId=${me.user.id}&keyId=${key.id}&kind=ask&model=openai/gpt-5`,
      )
      assert.equal(filtered.total.calls, 1)
      const { body: mine } = await it.server.send('/api/me', { token: it.token })
      assert.equal((await it.server.send(`/api/usage?userId=${mine.user.id}`, { token: editor })).status, 403)
      assert.equal((await it.server.send('/api/usage?from=2026-02-02&to=2026-01-01', { token: editor })).status, 400)
      const none = await it.get('/api/usage?from=2020-01-01&to=2020-02-01')
      assert.deepEqual([none.items, none.total.calls, none.total.cost], [[], 0, 0])

      const csv = await it.server.send(`/api/usage/export?workflowId=${id}&kind=ask`, { token: it.token })
      const [head = '', ...lines] = csv.text.trim().split('\r\n')
      assert.ok(head.startsWith('day,workflow,model,'))
      assert.equal(lines.length, 3)
      assert.ok(
        lines.every(line => line.endsWith(`,ask,1,10,5,2,1,${money(1)},0`)),
        csv.text,
      )
    })

    test('belongs to who started it, also of what that started and of what is tried anew', async () => {
      const child = await it.publish(it.asking({}))
      const parent = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'child', block: 'core.workflow', params: { workflow: child } },
        ],
        edges: ['start -> child'],
      })
      const { body: me } = await it.server.send('/api/me', { token: it.token })
      const { id } = await it.run(parent)
      const { items } = await it.get(`/api/executions?workflowId=${child}`)
      assert.equal(items[0].userId, me.user.id)
      const editor = await join(it.server, it.token, 'other@example.org', 'operator')
      const { body } = await it.server.send(`/api/executions/${id}/retry`, { token: editor, body: { from: 'start' } })
      const { userId } = await it.get(`/api/executions/${body.executionId}`)
      assert.equal(userId, (await it.server.send('/api/me', { token: editor })).body.user.id)
      const hook = await it.publish({ nodes: [{ key: 'hook', block: 'webhook.receive', params: {} }], edges: [] })
      const { items: triggers } = await it.get(`/api/triggers?workflowId=${hook}`)
      const called = await it.server.send(new URL(triggers[0].url).pathname, { body: {} })
      const { userId: nobody, keyId } = await it.get(`/api/executions/${called.body.executionId}`)
      assert.deepEqual([nobody, keyId], [null, null])
    })

    test('is counted of what was cancelled in the middle, and once', async () => {
      const id = await it.publish(it.asking({ times: 2 }))
      const held = Promise.withResolvers<void>()
      const answer = stream(ANSWER)
      it.wire.says(answer, async () => held.promise)
      const execution = await it.start(id)
      await until('the second call is under way', () => it.wire.sent.length === 2)
      await it.post(`/api/executions/${execution}/cancel`)
      await until('the first is counted', async () => (await of(id)).total.calls === 1)
      held.resolve()
      it.wire.says(answer)
      const events = await readJournal(it.server.runner.shell, execution)
      assert.equal(events.at(-1)?.type, 'finished')
    })

    test('of somebody who erases the account stays in the sums, without the name', async () => {
      const leaving = await join(it.server, it.token, 'leaving@example.org', 'editor')
      const id = await it.publish(it.asking({}))
      await it.server.send(`/api/workflows/${id}/execute`, { token: leaving, body: { wait: true } })
      const [line] = (await of(id, 'member')).items
      assert.equal(line.name, 'leaving')
      const gone = await it.server.send('/api/me/erase', { token: leaving, body: { password: PASSWORD } })
      assert.equal(gone.status, 200, gone.text)
      const [left] = (await of(id, 'member')).items
      assert.deepEqual([left.name, left.calls], [null, 1])
      assert.notEqual(left.key, line.key)
    })
  })
}
