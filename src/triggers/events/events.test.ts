import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { earsOf } from '#executions/ears.ts'
import { type Box, type Stage, setStage, until } from '#executions/testing.ts'
import { join } from '#testing.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'

const end = (fields: Record<string, unknown> = { got: '{{ trigger }}' }): Box => ({
  key: 'end',
  block: 'core.set',
  params: { fields },
})
const start = { key: 'start', block: 'manual.start' }

for (const kind of databases()) {
  describe(`events (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    /** A workflow that listens; `into` is what stands behind its trigger. */
    const listen = (event: unknown, more: Record<string, unknown> = {}, into: Box = end()) =>
      it.publish({
        name: `hears ${event}`,
        nodes: [{ key: 'on', block: 'event.on', params: { event, ...more } }, into],
        edges: [`on -> ${into.key}`],
      })
    const emit = async (event: string, data: unknown = {}, more = {}) =>
      (await it.post('/api/events', { event, data, ...more })).id
    const started = async (workflow: string) => (await it.get(`/api/executions?workflowId=${workflow}`)).items
    const ledger = async (workflow: string) => {
      const { items } = await it.get(`/api/triggers?workflowId=${workflow}`)
      return (await it.get(`/api/triggers/${items[0].id}/activity?limit=200`)).items
    }
    /** What the workflow was started with, when it was as often as is wanted and everything has ended. */
    const heard = async (workflow: string, times = 1) => {
      await until(`it hears ${times}`, async () => (await started(workflow)).length >= times)
      const ids = (await started(workflow)).map((one: { id: string }) => one.id)
      return Promise.all(ids.toReversed().map(async (id: string) => (await it.until(id, 'completed')).output.got))
    }
    /** Whoever was to hear of what happened so far has heard of it. */
    const quiet = () =>
      until('nothing is open', async () => {
        const open = await it.server.world.db.selectFrom('happenings').select('id').where('open', '=', 1).execute()
        return open.length === 0
      })

    test('one that is told of starts everybody who listens, with what it carries', async () => {
      const [one, other, deaf] = [await listen('order.paid'), await listen('order.*'), await listen('order.sent')]
      const { status, body } = await it.server.send('/api/events', {
        token: it.token,
        body: { event: 'order.paid', data: { total: 12 } },
      })
      assert.deepEqual([status, body.id.slice(0, 4)], [202, 'evt_'])
      const [got] = await heard(one)
      assert.deepEqual([got.event, got.data, got.id], ['order.paid', { total: 12 }, body.id])
      assert.match(got.at, /^\d{4}-\d\d-\d\dT/)
      assert.deepEqual(await heard(other), [got])
      const [execution] = await started(one)
      assert.deepEqual([execution.trigger, execution.parentId, execution.triggerId.slice(0, 4)], ['event', null, 'trg_'])
      const [line] = await ledger(one)
      assert.deepEqual(
        [line.outcome, line.executionId, line.why.code, line.why.message],
        ['fired', execution.id, 'event', `order.paid ${body.id}`],
      )
      await quiet()
      assert.deepEqual([(await started(deaf)).length, (await ledger(deaf)).length], [0, 0])
    })

    test('a list of names, and an end with .* that is no beginning of a word', async () => {
      const id = await listen(['a.b', 'list.*'])
      for (const name of ['a.b', 'a.c', 'list.x', 'list.x.y', 'lists.x']) await emit(name)
      assert.deepEqual((await heard(id, 3)).map(one => one.event).sort(), ['a.b', 'list.x', 'list.x.y'])
      await quiet()
      assert.equal((await started(id)).length, 3)
    })

    test('they are listed, newest first, by name or by how the name begins', async () => {
      const ids = [await emit('shop.opened', { n: 1 }), await emit('shop.closed', { n: 2 }), await emit('shopping.done')]
      const { items } = await it.get('/api/events?limit=3')
      assert.deepEqual(
        items.map((one: { id: string }) => one.id),
        ids.toReversed(),
      )
      const both = await it.get('/api/events?event=shop.*')
      assert.deepEqual(
        both.items.map((one: { event: string; data: unknown }) => [one.event, one.data]),
        [
          ['shop.closed', { n: 2 }],
          ['shop.opened', { n: 1 }],
        ],
      )
      const page = await it.get('/api/events?event=shop.*&limit=1')
      const rest = await it.get(`/api/events?event=shop.*&limit=1&cursor=${page.next}`)
      assert.deepEqual([page.items[0].id, rest.items[0].id, rest.next], [ids[1], ids[0], null])
      await quiet()
      assert.equal((await it.get('/api/events?event=shop.opened')).items[0].open, false)
    })

    test('a filter lets through what it says; one that cannot be asked is refused in the ledger', async () => {
      const filter = { all: [{ left: '{{ trigger.data.total }}', op: 'greater', right: '{{ vars.least }}' }] }
      const id = await it.publish({
        nodes: [{ key: 'on', block: 'event.on', params: { event: 'bill.paid', filter } }, end()],
        edges: ['on -> end'],
        variables: { least: 100 },
      })
      for (const total of [50, 250, { net: 1 }, 300]) await emit('bill.paid', { total })
      assert.deepEqual(
        (await heard(id, 2)).map(one => one.data.total),
        [250, 300],
      )
      await quiet()
      const lines = await ledger(id)
      assert.deepEqual(
        lines.map((line: { outcome: string }) => line.outcome),
        ['fired', 'refused', 'fired'],
      )
      assert.deepEqual([lines[1].why.code, lines[1].replayable], ['event.bad_filter', true])
      assert.match(lines[1].why.message, /left side is an object/)
    })

    test('a node tells of one: with the end of the node, and of nothing where it fails', async () => {
      const ears = await listen('cake.*')
      const tell = {
        key: 'tell',
        block: 'event.emit',
        params: { event: 'cake.{{ trigger.what }}', data: { slices: '{{ trigger.n }}' } },
      }
      const id = await it.publish({ nodes: [start, tell], edges: ['start -> tell'] })
      const done = await it.run(id, { what: 'baked', n: 8 })
      const [got] = await heard(ears)
      assert.deepEqual([got.event, got.data, got.id], ['cake.baked', { slices: 8 }, done.output.id])
      const [execution] = await started(ears)
      assert.equal(execution.parentId, done.id)
      assert.equal((await it.get('/api/events?event=cake.baked')).items[0].executionId, done.id)
      for (const [what, n, code] of [
        ['no name', 1, 'node.bad_input'],
        ['large', 'x'.repeat(257 * 1024), 'event.too_large'],
      ] as const) {
        const failed = await it.run(id, { what, n })
        assert.deepEqual([failed.status, failed.error.code], ['failed', code])
      }
      await quiet()
      assert.equal((await started(ears)).length, 1)
    })

    test('a node with a cache tells of it each time', async () => {
      const ears = await listen('tea.made')
      const tell = { key: 'tell', block: 'event.emit', params: { event: 'tea.made' }, cache: { ttl: 60_000 } }
      const id = await it.publish({ nodes: [start, tell], edges: ['start -> tell'] })
      for (const _ of [1, 2]) assert.equal((await it.run(id)).status, 'completed')
      assert.equal((await heard(ears, 2)).length, 2)
    })

    test('names that cannot be are refused, whoever uses them', async () => {
      for (const event of [
        'paid',
        'order.',
        '.paid',
        'order paid',
        'order..paid',
        '1.a',
        'execution.completed',
        'File.made',
        'a.*',
        `a.${'b'.repeat(99)}`,
      ]) {
        const { code } = await it.post('/api/events', { event, data: 1 }, 400)
        assert.equal(code, 'event.bad_name', event)
      }
      const large = await it.post('/api/events', { event: 'a.b', data: 'x'.repeat(256 * 1024) }, 413)
      assert.equal(large.code, 'event.too_large')
      const problems = async (block: string, event: unknown) => {
        const { id } = await it.post('/api/workflows', {
          name: 'bad',
          nodes: [{ id: 'n', key: 'n', block, params: { event } }],
        })
        const { body } = await it.server.send(`/api/workflows/${id}/validate`, { token: it.token, body: {} })
        return body.problems.filter((one: { field: string }) => one.field?.startsWith('params.event')).length
      }
      for (const event of ['execution.started', 'paid', '*', 'order.*.paid', ['a.b', 'c']])
        assert.ok(await problems('event.on', event), `${event}`)
      for (const event of ['execution.*', 'prompt.published', 'label.moved', 'a.b', 'a.*'])
        assert.equal(await problems('event.on', event), 0, event)
      for (const event of ['member.left', 'a.*']) assert.ok(await problems('event.emit', event), event)
    })

    test('one that is told of again under its own id, or with the same Idempotency-Key, is one', async () => {
      const ears = await listen('once.only')
      const same = { id: 'order-4711' }
      const ids = await Promise.all(Array.from({ length: 5 }, () => emit('once.only', { n: 1 }, same)))
      assert.equal(new Set(ids).size, 1)
      assert.equal(await emit('once.only', { n: 2 }, same), ids[0])
      const keyed = () =>
        it.server.send('/api/events', {
          token: it.token,
          headers: { 'idempotency-key': 'once' },
          body: { event: 'once.only', data: { n: 3 } },
        })
      assert.equal((await keyed()).body.id, (await keyed()).body.id)
      assert.deepEqual((await heard(ears, 2)).map(one => one.data.n).sort(), [1, 3])
      await quiet()
      assert.equal((await started(ears)).length, 2)
      assert.equal((await it.get('/api/events?event=once.only')).items.length, 2)
    })

    test('the end of an execution is heard of, where somebody listens', async () => {
      const plain = await it.publish({ name: 'plain', nodes: [start, end()], edges: ['start -> end'] })
      const broken = await it.publish({
        name: 'broken',
        nodes: [start, { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'no more' } }],
        edges: ['start -> stop'],
      })
      const { workspace } = await it.get('/api/me')
      const ears = earsOf(it.server.runner.shell)
      await until('it is known that nobody listens', () => !ears.hear(workspace, 'execution.completed'))
      const { items: before } = await it.get('/api/events?event=execution.*&limit=200')
      await it.run(plain)
      assert.equal((await it.get('/api/events?event=execution.*&limit=200')).items.length, before.length)
      it.server.world.feed.nudge(TRIGGERS)
      assert.ok(ears.hear(workspace, 'execution.completed'), 'somebody may listen from now on')
      const only = (id: string) => ({ filter: { all: [{ left: '{{ trigger.data.workflowId }}', op: 'equals', right: id }] } })
      const [completed, failed] = [await listen('execution.completed', only(plain)), await listen('execution.failed')]
      const [one, other] = [await it.run(plain), await it.run(broken)]
      const [{ data }] = await heard(completed)
      const { startedAt, completedAt, ...rest } = data
      assert.deepEqual(rest, {
        executionId: one.id,
        workflowId: plain,
        workflowName: 'plain',
        version: 1,
        status: 'completed',
        trigger: 'manual',
        error: null,
      })
      assert.ok(startedAt <= completedAt && startedAt === one.startedAt)
      const [told] = await heard(failed)
      assert.deepEqual(
        [told.event, told.data.executionId, told.data.status, told.data.error.message],
        ['execution.failed', other.id, 'failed', 'no more'],
      )
      assert.equal((await started(completed))[0].parentId, one.id)
      for (const id of [completed, failed]) await it.post(`/api/workflows/${id}/deactivate`)
      await it.run(plain)
      await quiet()
      assert.equal((await started(completed)).length, 1)
    })

    test('those who listen to every end leave each other alone', async () => {
      const all = await Promise.all([1, 2, 3].map(() => listen('execution.*')))
      const plain = await it.publish({ nodes: [start, end()], edges: ['start -> end'] })
      await it.run(plain)
      // Each hears of the first, each of the others that heard of it, and so on: of the ways in which they can follow each other.
      const count = async () =>
        (await Promise.all(all.map(async id => (await started(id)).length))).reduce((sum, one) => sum + one, 0)
      await until('all have heard', async () => (await count()) === 15)
      await quiet()
      await until('all have ended', () => it.server.runner.shell.runs.size === 0)
      await quiet()
      assert.equal(await count(), 15)
      for (const id of all) await it.post(`/api/workflows/${id}/deactivate`)
    })

    test('a request for an approval, a file and a new member are heard of', async () => {
      const ears = await listen(['approval.*', 'file.*', 'member.*'])
      const ask = {
        key: 'ask',
        block: 'core.approve',
        params: { title: 'May {{ trigger.who }} go?', assignees: ['owner@example.org'] },
      }
      const asking = await it.publish({ nodes: [start, ask], edges: ['start -> ask'] })
      const paused = await it.run(asking, { who: 'Ada' })
      const [approval] = await heard(ears, 1)
      const [question] = (await it.get(`/api/approvals?executionId=${paused.id}`)).items
      assert.deepEqual(
        [approval.event, approval.data],
        [
          'approval.requested',
          {
            executionId: paused.id,
            workflowId: asking,
            approvalId: question.id,
            title: 'May Ada go?',
            assignees: ['owner@example.org'],
            deadline: null,
          },
        ],
      )
      const form = new FormData()
      form.append('file', new Blob(['hello']), 'hello.txt')
      const { body: file } = await it.server.send('/api/files', { token: it.token, body: form })
      const [, created] = await heard(ears, 2)
      assert.deepEqual(
        [created.event, created.data],
        ['file.created', { fileId: file.id, name: 'hello.txt', type: 'text/plain', size: 5 }],
      )
      await join(it.server, it.token, 'new@example.org', 'operator')
      const [, , joined] = await heard(ears, 3)
      const member = (await it.get('/api/members')).items.find((one: { email: string }) => one.email === 'new@example.org')
      assert.deepEqual(
        [joined.event, joined.data],
        ['member.joined', { userId: member.id, name: 'new', email: 'new@example.org', role: 'operator' }],
      )
      assert.equal((await started(ears)).length, 3)
    })

    test('a circle of events ends, and the ledger says where', async () => {
      const into = {
        key: 'again',
        block: 'event.emit',
        params: { event: 'ping.sent', data: { n: '{{ trigger.data.n | plus: 1 }}' } },
      }
      const id = await listen('ping.sent', {}, into)
      await emit('ping.sent', { n: 0 })
      await until('it has ended', async () => (await ledger(id)).some((line: { outcome: string }) => line.outcome === 'refused'))
      await quiet()
      const [last, ...lines] = await ledger(id)
      assert.deepEqual([last.outcome, last.why.code], ['refused', 'event.too_deep'])
      assert.equal(lines.length, 26)
      assert.equal((await started(id)).length, 26)
    })

    test('who is turned off or asleep hears of nothing, also not later', async () => {
      const [off, asleep] = [await listen('lamp.lit'), await listen('lamp.lit')]
      const { items } = await it.get(`/api/triggers?workflowId=${off}`)
      await it.server.send(`/api/triggers/${items[0].id}`, { token: it.token, method: 'PATCH', body: { enabled: false } })
      await it.post(`/api/workflows/${asleep}/deactivate`)
      await emit('lamp.lit')
      await quiet()
      await it.server.send(`/api/triggers/${items[0].id}`, { token: it.token, method: 'PATCH', body: { enabled: true } })
      await it.post(`/api/workflows/${asleep}/activate`)
      await emit('lamp.lit', { second: true })
      for (const id of [off, asleep])
        assert.deepEqual(
          (await heard(id)).map(one => one.data),
          [{ second: true }],
        )
    })

    test('one that was refused in the ledger is replayed by hand', async () => {
      const id = await listen('odd.one', { filter: { all: [{ left: '{{ trigger.data }}', op: 'less', right: 1 }] } })
      await emit('odd.one', { n: 7 })
      await until('it is refused', async () => (await ledger(id)).length === 1)
      const [line] = await ledger(id)
      const { items } = await it.get(`/api/triggers?workflowId=${id}`)
      const { executionId } = await it.post(`/api/triggers/${items[0].id}/activity/${line.id}/replay`)
      assert.deepEqual((await it.until(executionId, 'completed')).output.got.data, { n: 7 })
    })
  })
}
