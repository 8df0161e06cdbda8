import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { echoing, onBoth } from './testing.ts'

onBoth('a test call of a webhook', yard => {
  const draft = async (params: Record<string, unknown> = {}, node: Record<string, unknown> = {}) => {
    const { nodes } = echoing(params, node)
    const document = { name: 'a draft', nodes: nodes.map(({ key, ...rest }) => ({ id: key, key, ...rest })) }
    const { id } = await yard.stage.post('/api/workflows', { ...document, edges: [{ source: 'hook', target: 'echo' }] })
    return id
  }
  const rehearse = async (id: string, body: object = { node: 'hook' }) => {
    const made = await yard.stage.post(`/api/workflows/${id}/rehearse`, body, 201)
    return { ...made, path: new URL(made.url).pathname }
  }
  const look = (id: string) => yard.stage.get(`/api/rehearsals/${id}`)
  const send = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    yard.stage.server.send(path, { body, headers })

  test('shows what a draft that was never published would be given, and starts nothing', async () => {
    const id = await draft()
    const { id: key, path, until } = await rehearse(id)
    const { world } = yard.stage.server
    assert.ok(Math.abs(Date.parse(until) - world.clock.now() - 600_000) < 60_000)
    assert.deepEqual([(await look(key)).state, (await look(key)).sample], ['waiting', null])
    const got = await send(
      `${path}/orders/7?a=1`,
      { n: 1 },
      { 'x-own': 'yes', cookie: 'session=tell nobody', authorization: 'Bearer x' },
    )
    assert.deepEqual([got.status, got.body], [200, { received: true }])
    const { state, sample, nodeId, workflowId, heardAt } = await look(key)
    assert.deepEqual([state, nodeId, workflowId, typeof heardAt], ['heard', 'hook', id, 'string'])
    assert.deepEqual(
      [
        sample.body,
        sample.path,
        sample.query,
        sample.method,
        sample.files,
        sample.headers['x-own'],
        sample.headers.cookie,
        sample.headers.authorization,
      ],
      [{ n: 1 }, '/orders/7', { a: '1' }, 'POST', [], 'yes', '•••', '•••'],
    )
    assert.equal(await yard.count(id), 0)
    const second = await send(path)
    assert.deepEqual([second.status, second.body.code], [404, 'hook.not_found'], 'the first one counts')
  })

  test('is verified as the draft says; one that is not says why, and it goes on waiting', async () => {
    const credential = await yard.credential({ secret: 'tell nobody' })
    const id = await draft({ verify: { kind: 'bearer' }, size: 100 }, { credential })
    const { id: key, path } = await rehearse(id)
    const wrong = await send(path, {}, { authorization: 'Bearer x' })
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'hook.refused'])
    const refused = await look(key)
    assert.deepEqual([refused.state, refused.refused.code, refused.sample], ['waiting', 'hook.refused', null])
    const right = { authorization: 'Bearer tell nobody' }
    assert.equal((await send(path, { x: 'x'.repeat(200) }, right)).status, 413)
    assert.equal((await look(key)).refused.code, 'request.too_large')
    assert.equal((await send(path, {}, right)).status, 200)
    const heard = await look(key)
    assert.deepEqual([heard.state, heard.refused], ['heard', null])
    assert.ok(!JSON.stringify(heard).includes('tell nobody'))
  })

  test('is told as it comes, to whoever listens anywhere', async () => {
    const id = await draft({ verify: { kind: 'header', header: 'x-secret', secret: 's' } })
    const { id: key, path } = await rehearse(id)
    const listening = fetch(`${yard.stage.server.url}/api/rehearsals/${key}/events`, {
      headers: { authorization: `Bearer ${yard.stage.token}` },
    })
    const response = await listening
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    let text = ''
    const upTo = async (words: string) => {
      while (!text.includes(words)) {
        const { value, done } = (await reader?.read()) ?? {}
        assert.ok(!done, text)
        text += decoder.decode(value, { stream: true })
      }
    }
    await upTo('event: waiting')
    await send(path)
    await upTo('event: refused')
    await send(path, { n: 1 }, { 'x-secret': 's' })
    await upTo('event: heard')
    assert.match(text, /"sample":\{"body":\{"n":1\}/)
    for (let over = false; !over; ) over = (await reader?.read())?.done ?? true
    const late = await yard.stage.server.send(`/api/rehearsals/${key}/events`, { token: yard.stage.token })
    assert.deepEqual(
      [...late.text.matchAll(/^event: (\w+)$/gm)].map(match => match[1]),
      ['heard'],
    )
  })

  test('is over after ten minutes', async () => {
    const { world } = yard.stage.server
    const { id: key, path } = await rehearse(await draft())
    const { now } = world.clock
    try {
      world.clock.now = () => now() + 600_001
      assert.equal((await send(path)).body.code, 'hook.not_found')
      assert.equal((await look(key)).state, 'expired')
      const { text } = await yard.stage.server.send(`/api/rehearsals/${key}/events`, { token: yard.stage.token })
      assert.match(text, /event: expired/)
    } finally {
      world.clock.now = now
    }
  })

  test('of several at the same moment one is taken, and a large one is not', async () => {
    const { id: key, path } = await rehearse(await draft())
    assert.equal((await send(path, { x: 'x'.repeat(300_000) })).status, 413)
    assert.equal((await look(key)).refused.code, 'request.too_large')
    const got = await Promise.all(Array.from({ length: 8 }, (_, n) => send(path, { n })))
    const statuses = got.map(one => one.status).toSorted()
    assert.deepEqual(statuses, [200, 404, 404, 404, 404, 404, 404, 404])
    assert.equal(
      (await look(key)).sample.body.n,
      got.findIndex(one => one.status === 200),
    )
  })

  test('needs a node that is called, and finds the only one by itself', async () => {
    const id = await draft()
    assert.equal((await rehearse(id, {})).path.startsWith('/hooks/'), true)
    const ask = (body: object, workflow = id) =>
      yard.stage.server.send(`/api/workflows/${workflow}/rehearse`, { token: yard.stage.token, body })
    assert.equal((await ask({ node: 'echo' })).body.code, 'trigger.not_a_trigger')
    assert.equal((await ask({ node: 'nobody' })).body.code, 'node.not_found')
    assert.equal((await ask({}, 'wf_nothing')).body.code, 'workflow.not_found')
    const { path } = await rehearse(id)
    await yard.stage.post(`/api/workflows/${id}/archive`)
    assert.equal((await ask({})).body.code, 'workflow.archived')
    assert.equal((await send(path)).body.code, 'hook.not_found')
  })

  test('of a draft with errors says so, and is taken when they are mended', async () => {
    for (const params of [
      { rate: 5 },
      { dedupe: '{{ trigger | nothing }}' },
      { verify: { kind: 'hmac', header: 'x', secret: 's', algorithm: 'md5' } },
    ]) {
      const id = await draft(params)
      const { id: key, path } = await rehearse(id)
      const { status, body } = await send(path)
      assert.deepEqual([status, body.code], [400, 'trigger.bad_params'])
      assert.equal((await look(key)).refused.code, 'trigger.bad_params')
      const { rev, nodes, edges } = await yard.stage.get(`/api/workflows/${id}`)
      const mended = nodes.map((node: { id: string }) => (node.id === 'hook' ? { ...node, params: {} } : node))
      await yard.stage.server.send(`/api/workflows/${id}`, {
        token: yard.stage.token,
        method: 'PUT',
        body: { rev, nodes: mended, edges },
      })
      assert.equal((await send(path)).status, 200)
    }
  })

  test('the question of Slack is answered and is not the call', async () => {
    const { id: key, path } = await rehearse(await draft({ verify: { kind: 'slack', secret: 's' } }))
    const at = Math.floor(yard.stage.server.world.clock.now() / 1000)
    const body = '{"type":"url_verification","challenge":"abc"}'
    const signature = `v0=${createHmac('sha256', 's').update(`v0:${at}:${body}`).digest('hex')}`
    const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': `${at}`, 'x-slack-signature': signature }
    assert.equal((await yard.stage.server.send(path, { body, headers })).text, 'abc')
    assert.equal((await look(key)).state, 'waiting')
  })
})
