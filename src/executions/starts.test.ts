import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { join } from '#testing.ts'
import { type Gate, type Stage, setStage, startGate } from './testing.ts'

for (const kind of databases()) {
  describe(`what one may start (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    let gate: Gate
    let held: string
    let quick: string
    before(async () => {
      it = await setStage(await kind.place(), { MEMBER_AT_ONCE: '3', KEY_STARTS_PER_MINUTE: '4' })
      gate = await startGate()
      quick = await it.publish({ nodes: [{ key: 'start', block: 'manual.start' }], edges: [] })
      held = await it.publish({
        nodes: [
          { key: 'start', block: 'manual.start' },
          { key: 'held', block: 'http.request', params: { method: 'PUT', url: `${gate.url}/held/{{ execution.id }}` } },
        ],
        edges: ['start -> held'],
      })
    })
    after(async () => {
      gate.open()
      await gate.close()
      await it.close()
    })

    const start = (token: string, workflow = held) => it.server.send(`/api/workflows/${workflow}/execute`, { token, body: {} })
    const key = async (token: string, more: object = {}) =>
      (await it.server.send('/api/keys', { token, body: { name: 'a key', ...more } })).body

    test('a member has so many under way, also when all are asked for at the same moment, and others have theirs', async () => {
      gate.shut()
      const all = await Promise.all(Array.from({ length: 8 }, () => start(it.token)))
      assert.deepEqual(all.map(({ status }) => status).toSorted(), [202, 202, 202, 429, 429, 429, 429, 429])
      const refused = all.find(({ status }) => status === 429)
      assert.deepEqual([refused?.body.code, refused?.headers.get('retry-after')], ['execution.at_once', '5'])
      const editor = await join(it.server, it.token, 'editor@example.org', 'editor')
      assert.equal((await start(editor)).status, 202)
      const [running = ''] = all.flatMap(({ body }) => body.executionId ?? [])
      for (const way of ['retry', 'fork']) {
        const { status } = await it.server.send(`/api/executions/${running}/${way}`, { token: it.token, body: { from: 'start' } })
        assert.equal(status, 429, way)
      }
      gate.open()
      for (const { body } of all) if (body.executionId) await it.until(body.executionId, 'completed')
      assert.equal((await start(it.token)).status, 202)
    })

    test('a key has so many starts in a minute, and says in each answer how many are left', async () => {
      const { key: secret } = await key(it.token)
      const answers = []
      for (let at = 0; at < 6; at += 1) answers.push(await start(secret, quick))
      assert.deepEqual(
        answers.map(({ status }) => status),
        [202, 202, 202, 202, 429, 429],
      )
      assert.deepEqual(
        answers.map(({ headers }) => `${headers.get('ratelimit-remaining')} of ${headers.get('ratelimit-limit')}`),
        ['3 of 4', '2 of 4', '1 of 4', '0 of 4', '0 of 4', '0 of 4'],
      )
      const last = answers.at(-1)
      assert.equal(last?.body.code, 'request.too_many')
      assert.ok(Number(last?.headers.get('retry-after')) > 0)
      assert.equal((await it.server.send('/api/workflows', { token: secret })).status, 200, 'it may still look')
    })

    test('a key may have limits of its own', async () => {
      const made = await key(it.token, { startsPerMinute: 6, atOnce: 1 })
      assert.deepEqual([made.startsPerMinute, made.atOnce], [6, 1])
      gate.shut()
      const first = await start(made.key)
      assert.equal(first.status, 202)
      const { status, body } = await start(made.key)
      assert.deepEqual([status, body.code], [429, 'execution.at_once'])
      gate.open()
      await it.until(first.body.executionId, 'completed')
      for (let at = 0; at < 4; at += 1) assert.equal((await start(made.key, quick)).status, 202)
      assert.equal((await start(made.key, quick)).body.code, 'request.too_many')
      const bad = await it.server.send('/api/keys', { token: it.token, body: { name: 'bad', atOnce: 0 } })
      assert.equal(bad.status, 400)
    })

    test('a trigger that is fired by hand counts for who does it', async () => {
      const hook = await it.publish({
        nodes: [
          { key: 'hook', block: 'webhook.receive' },
          { key: 'held', block: 'http.request', params: { method: 'PUT', url: `${gate.url}/held/{{ execution.id }}` } },
        ],
        edges: ['hook -> held'],
      })
      const { items } = await it.get(`/api/triggers?workflowId=${hook}`)
      gate.shut()
      const operator = await join(it.server, it.token, 'operator@example.org', 'operator')
      const fire = () => it.server.send(`/api/triggers/${items[0].id}/fire`, { token: operator, body: {} })
      for (let at = 0; at < 3; at += 1) assert.ok((await fire()).status < 300)
      assert.equal((await fire()).status, 429)
      const called = await it.server.send(new URL(items[0].url).pathname, { body: {} })
      assert.equal(called.status, 202, 'its calls are not')
      gate.open()
    })
  })
}
