import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import { ANSWER, COST, type Paid, probe, setPaidStage } from '#executions/usage/testing.ts'
import { stream } from '#models/testing.ts'
import { join, startServer } from '#testing.ts'

const dollars = (calls: number) => (calls * COST) / 1e6
/** With this many tokens to write a call reserves 72 millionths of a dollar, and takes 60. */
const SMALL = { maxTokens: 5 }

type Shown = { id: string; state: { spent: number; reserved: number; left: number; tokens: number; exhausted: boolean } }

for (const kind of databases()) {
  describe(`a budget (${kind.name})`, { skip: kind.skip }, () => {
    let it: Paid
    let made: string[] = []
    before(async () => {
      it = await setPaidStage(await kind.place())
    })
    after(() => it.close())
    afterEach(async () => {
      for (const id of made) assert.equal((await state(id)).reserved, 0, 'nothing stays reserved')
      for (const id of made) await it.server.send(`/api/budgets/${id}`, { token: it.token, method: 'DELETE' })
      made = []
      it.wire.says(stream(ANSWER))
    })

    const bound = async (body: object): Promise<string> => {
      const { id } = await it.post('/api/budgets', body, 201)
      made.push(id)
      return id
    }
    const state = async (id: string): Promise<Shown['state']> => {
      const { state } = await it.get(`/api/budgets/${id}`)
      return state ?? { spent: 0, reserved: 0, left: 0, tokens: 0, exhausted: false }
    }
    /** Budgets of a workflow begin with nothing, whatever others took. */
    const ofWorkflow = async (params: object, budget: object) => {
      const workflow = await it.publish(it.asking({ ...SMALL, ...params }))
      return { workflow, budget: await bound({ scope: 'workflow', subjectId: workflow, period: 'day', ...budget }) }
    }
    const events = async (budget: string) => {
      const { items } = await it.get('/api/events?event=budget.*&limit=200')
      return items
        .filter((one: { data: { budgetId: string } }) => one.data.budgetId === budget)
        .map((one: { event: string }) => one.event)
        .toSorted()
    }

    test('lets calls through until one does not fit, makes no other, tells of it once, and shows how it stands', async () => {
      const { workflow, budget } = await ofWorkflow({}, { dollars: 0.0002 })
      const calls = it.wire.sent.length
      for (let at = 1; at <= 3; at += 1) {
        assert.equal((await it.run(workflow)).status, 'completed')
        assert.equal((await state(budget)).spent, dollars(at))
      }
      assert.deepEqual(await events(budget), ['budget.warned'])
      for (let at = 0; at < 2; at += 1) {
        const { status, error } = await it.run(workflow)
        assert.deepEqual([status, error.code, error.details.budgetId], ['failed', 'budget.exhausted', budget], error.message)
        assert.match(error.message, /budget of the workflow for a day is \$0\.000200\. Taken are \$0\.000180.*openai\/gpt-5/)
      }
      assert.equal(it.wire.sent.length, calls + 3)
      assert.deepEqual(await events(budget), ['budget.exhausted', 'budget.warned'])
      const { spent, left, tokens, exhausted } = await state(budget)
      assert.deepEqual([spent, left, tokens, exhausted], [dollars(3), 0.00002, 45, true])
      await it.server.send(`/api/budgets/${budget}`, { token: it.token, method: 'PATCH', body: { dollars: 1 } })
      assert.equal((await it.run(workflow)).status, 'completed')
      assert.equal((await state(budget)).exhausted, false)
    })

    test('is kept by fifty executions at once, whichever server they run on', async () => {
      const { workflow, budget } = await ofWorkflow({}, { dollars: 0.0006 })
      it.wire.says(async (response, sent) => {
        await new Promise(resolve => setTimeout(resolve, 30))
        await stream(ANSWER)(response, sent)
      })
      const other =
        kind.name === 'postgres'
          ? await startServer(it.where, { OUTBOUND_ALLOW: '127.0.0.0/8' }, { connectors: [probe] })
          : it.server
      const calls = it.wire.sent.length
      const start = async (at: number) => {
        const { body } = await (at % 2 === 0 ? it.server : other).send(`/api/workflows/${workflow}/execute`, {
          token: it.token,
          body: {},
        })
        return body.executionId
      }
      const ids = await Promise.all(Array.from({ length: 50 }, (_none, at) => start(at)))
      const ends = await Promise.all(ids.map(id => it.until(id, 'completed', 'failed')))
      const paid = ends.filter(({ status }) => status === 'completed').length
      for (const { status, error } of ends) assert.ok(status === 'completed' || error.code === 'budget.exhausted', error?.message)
      const { spent } = await state(budget)
      assert.equal(it.wire.sent.length - calls, paid)
      assert.equal(spent, dollars(paid))
      assert.ok(paid >= 8 && spent <= 0.0006, `${paid} calls took ${spent}`)
      assert.deepEqual(await events(budget), ['budget.exhausted', 'budget.warned'])
      if (other !== it.server) await other.stop()
    })

    test('may name a cheaper model that is asked instead, as long as that fits', async () => {
      const { workflow, budget } = await ofWorkflow({}, { dollars: 0.0001, onExhausted: 'cheaper', model: 'openai/gpt-5-nano' })
      const first = await it.run(workflow)
      const second = await it.run(workflow)
      assert.deepEqual([first.status, second.status], ['completed', 'completed'])
      const { items } = await it.get(`/api/executions/${second.id}/logs`)
      assert.equal(items[0].model, 'openai/gpt-5-nano')
      assert.match(items[0].lines[0], /^openai\/gpt-5-nano is asked instead of openai\/gpt-5: The budget of the workflow/)
      assert.equal(it.wire.sent.at(-1)?.body.model, 'gpt-5-nano')
      let last = second
      for (let at = 0; at < 30 && last.status === 'completed'; at += 1) last = await it.run(workflow)
      assert.deepEqual([last.status, last.error?.code], ['failed', 'budget.exhausted'])
      assert.ok((await state(budget)).spent <= 0.0001)
    })

    test('may ask a person, who is told what it is about and allows it for this node', async () => {
      const { workflow, budget } = await ofWorkflow({ times: 2 }, { dollars: 0.0001, onExhausted: 'ask' })
      const paused = await it.run(workflow)
      assert.equal(paused.status, 'paused')
      assert.equal(paused.usage.cost, dollars(1), 'the call that was made is counted')
      const asked = async (id: string) => (await it.get(`/api/approvals?executionId=${id}`)).items[0]
      const { id, kind: what, title, message } = await asked(paused.id)
      assert.deepEqual([what, title], ['permission', 'May “ask” go over a budget?'])
      assert.match(
        message,
        /is \$0\.000100\. Taken are \$0\.00, nodes that are not done hold \$0\.000060, and this call of openai\/gpt-5 may take \$0\.0000/,
      )
      await it.post(`/api/approvals/${id}`, { decision: 'approved' })
      assert.equal((await it.until(paused.id, 'completed', 'failed')).status, 'completed')
      assert.equal((await state(budget)).spent, dollars(3), 'the attempt was made anew, and all of it counts')
      const other = await it.run(workflow)
      assert.equal(other.status, 'paused', 'it was allowed to one execution, not to all')
      await it.post(`/api/approvals/${(await asked(other.id)).id}`, { decision: 'rejected' })
      assert.equal((await it.until(other.id, 'completed', 'failed')).status, 'failed')
    })

    test('is asked about although the node was to be allowed before it ran', async () => {
      const workflow = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'ask', block: 'probe.ask', params: { model: 'openai/gpt-5', ...SMALL }, askFirst: true },
        ],
        edges: ['start -> ask'],
      })
      await bound({ scope: 'workflow', subjectId: workflow, period: 'day', dollars: 0.00001, onExhausted: 'ask' })
      const { id } = await it.run(workflow)
      const titles: string[] = []
      for (let at = 0; at < 2; at += 1) {
        await until('somebody is asked', async () => (await it.get(`/api/approvals?executionId=${id}`)).items.length === 1)
        const { items } = await it.get(`/api/approvals?executionId=${id}`)
        titles.push(items[0].title)
        await it.post(`/api/approvals/${items[0].id}`, { decision: 'approved' })
      }
      assert.equal((await it.until(id, 'completed', 'failed')).status, 'completed')
      assert.deepEqual(titles, ['May “ask” run?', 'May “ask” go over a budget?'])
    })

    test('in dollars refuses a model whose price is not known; one in tokens does not', async () => {
      const { workflow } = await ofWorkflow({ model: 'openai/one-of-tomorrow' }, { dollars: 1 })
      const { error } = await it.run(workflow)
      assert.equal(error.code, 'budget.unpriced')
      assert.match(error.message, /openai\/one-of-tomorrow.*price/)
      const counted = await ofWorkflow({ model: 'openai/one-of-tomorrow' }, { tokens: 60 })
      assert.equal((await it.run(counted.workflow)).status, 'completed')
      assert.equal((await state(counted.budget)).tokens, 15)
      let last = await it.run(counted.workflow)
      for (let at = 0; at < 5 && last.status === 'completed'; at += 1) last = await it.run(counted.workflow)
      assert.equal(last.error?.code, 'budget.exhausted')
      assert.match(last.error.message, /is 60 tokens\. Taken are \d+ tokens/)
    })

    test('of an execution begins anew with each', async () => {
      const workflow = await it.publish(it.asking({ ...SMALL, times: 3 }))
      await bound({ scope: 'workspace', period: 'execution', dollars: 0.00014 })
      for (let at = 0; at < 2; at += 1) {
        const { status, error, usage } = await it.run(workflow)
        assert.deepEqual([status, error.code, usage.cost], ['failed', 'budget.exhausted', dollars(2)])
      }
    })

    test('of a member or a key bounds only these, and what was taken before it was made counts', async () => {
      const editor = await join(it.server, it.token, 'member@example.org', 'editor')
      const { body: me } = await it.server.send('/api/me', { token: editor })
      const { body: key } = await it.server.send('/api/keys', { token: editor, body: { name: 'a key' } })
      const workflow = await it.publish(it.asking(SMALL))
      const run = async (token: string) =>
        (await it.server.send(`/api/workflows/${workflow}/execute`, { token, body: { wait: true } })).body.status
      assert.equal(await run(editor), 'completed')
      const member = await bound({ scope: 'member', subjectId: me.user.id, period: 'month', dollars: 0.0002 })
      assert.equal((await state(member)).spent, dollars(1))
      const ofKey = await bound({ scope: 'key', subjectId: key.id, period: 'day', dollars: 0.0001 })
      assert.equal(await run(key.key), 'completed')
      assert.deepEqual([(await state(member)).spent, (await state(ofKey)).spent], [dollars(2), dollars(1)])
      assert.equal(await run(key.key), 'failed')
      assert.equal(await run(editor), 'completed')
      assert.equal(await run(editor), 'failed')
      assert.equal(await run(it.token), 'completed')

      const listed = async (token: string) =>
        (await it.server.send('/api/budgets', { token })).body.items.map((one: Shown) => one.id).toSorted()
      assert.deepEqual(await listed(editor), [member, ofKey].toSorted())
      const viewer = await join(it.server, it.token, 'viewer@example.org', 'viewer')
      assert.deepEqual(await listed(viewer), [])
      assert.equal((await it.server.send(`/api/budgets/${member}`, { token: viewer })).status, 404)
      assert.equal((await it.server.send(`/api/budgets/${member}`, { token: editor })).status, 200)
    })

    test('is made, changed and deleted by admins, with a trace', async () => {
      const send = (path: string, method: string, body?: unknown, token = it.token) =>
        it.server.send(path, { token, method, ...(body === undefined ? {} : { body }) })
      const editor = await join(it.server, it.token, 'editor@example.org', 'editor')
      const right = { scope: 'workspace', period: 'month', dollars: 20 }
      assert.equal((await send('/api/budgets', 'POST', right, editor)).status, 403)
      const { status, body } = await send('/api/budgets', 'POST', right)
      assert.equal(status, 201)
      assert.deepEqual([body.onExhausted, body.model, body.tokens, body.dollars], ['fail', null, null, 20])
      const now = new Date()
      const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
      assert.equal(body.state.resetsAt, next.toISOString())
      const wrong = [
        { ...right, dollars: null },
        { ...right, dollars: -1 },
        { ...right, subjectId: 'wf_x' },
        { ...right, scope: 'workflow' },
        { ...right, scope: 'workflow', subjectId: 'wf_x' },
        { ...right, scope: 'member', subjectId: 'usr_x' },
        { ...right, scope: 'key', subjectId: 'key_x' },
        { ...right, onExhausted: 'cheaper' },
        { ...right, model: 'openai/gpt-5-nano' },
        { ...right, period: 'week' },
      ]
      for (const one of wrong) assert.equal((await send('/api/budgets', 'POST', one)).status, 400, JSON.stringify(one))
      const path = `/api/budgets/${body.id}`
      const changed = await send(path, 'PATCH', { tokens: 1000, onExhausted: 'cheaper', model: 'demo/writer' })
      assert.deepEqual([changed.body.dollars, changed.body.tokens, changed.body.model], [20, 1000, 'demo/writer'])
      assert.equal((await send(path, 'PATCH', { onExhausted: 'ask' })).body.model, null)
      assert.equal((await send(path, 'PATCH', { dollars: null, tokens: null })).status, 400)
      assert.equal((await send(path, 'PATCH', { tokens: 1 }, editor)).status, 403)
      assert.equal((await send(path, 'DELETE')).status, 200)
      assert.equal((await send(path, 'DELETE')).status, 404)
      assert.equal((await send(path, 'PATCH', { tokens: 1 })).status, 404)
      const { items } = await it.get('/api/audit?action=budget.*&limit=20')
      const mine = items.filter((one: { targetId: string }) => one.targetId === body.id)
      assert.deepEqual(
        mine.map((one: { action: string }) => one.action),
        ['budget.deleted', 'budget.changed', 'budget.changed', 'budget.created'],
      )
    })

    test('of a node counts everything that was asked in it, also in attempts that failed', async () => {
      const id = await it.publish(it.asking({ ...SMALL, times: 3, budget: 0.00014 }))
      const { error, usage } = await it.run(id)
      assert.deepEqual([error.code, usage.cost], ['budget.node', dollars(2)], error.message)
      const again = await it.publish(it.asking({ ...SMALL, fail: 'once', budget: 0.0001 }))
      const second = await it.run(again)
      assert.deepEqual([second.error.code, second.usage.cost], ['budget.node', dollars(1)])
      assert.match(second.error.message, /may take \$0\.000100\. It took \$0\.000060/)
      const unknown = await it.run(await it.publish(it.asking({ model: 'openai/one-of-tomorrow', budget: 1 })))
      assert.equal(unknown.error.code, 'budget.unpriced')
    })

    test('has back what a server had reserved that died', async () => {
      const { workflow, budget } = await ofWorkflow({}, { dollars: 0.0001 })
      it.wire.says(() => {})
      const calls = it.wire.sent.length
      const id = await it.start(workflow)
      await until('the call is under way', () => it.wire.sent.length > calls)
      assert.ok((await state(budget)).reserved > 0)
      // Nobody writes any more, as after a kill.
      for (const run of it.server.runner.shell.runs.values()) run.gone = true
      it.server.world.database.flush = () => new Promise(() => {})
      it.wire.says(stream(ANSWER))
      if (kind.name === 'postgres')
        await it.server.world.db
          .updateTable('executions')
          .set({ lease_until: 1, due_at: 1 })
          .where('ended_at', 'is', null)
          .execute()
      await it.restart()
      assert.equal((await it.until(id, 'completed', 'failed')).status, 'completed')
      await until('it is free again', async () => (await state(budget)).reserved === 0)
      assert.equal((await state(budget)).spent, dollars(1))
    })
  })
}
