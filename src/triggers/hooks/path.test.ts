import assert from 'node:assert/strict'
import { test } from 'node:test'
import { echoing, onBoth } from './testing.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

onBoth('the address of a webhook', yard => {
  const send = (path: string, method = 'POST') =>
    yard.stage.server.send(path, { method, ...(method === 'POST' ? { body: {} } : {}) })

  test('goes on as its caller likes, and the workflow sees what follows', async () => {
    const { path } = await yard.open({})
    const follows = [
      ['', ''],
      ['/', ''],
      ['?a=/b', ''],
      ['/orders/7', '/orders/7'],
      ['/orders/7?x=1', '/orders/7'],
      ['/a%2Fb/%C3%A4', '/a%2Fb/%C3%A4'],
      ['/../x', null],
      [`/${'deep/'.repeat(200)}`, `/${'deep/'.repeat(200)}`],
    ]
    for (const [suffix, seen] of follows) {
      const { status, body } = await send(path + suffix)
      if (seen === null) assert.equal(status, 404)
      else assert.deepEqual([status, body.got?.path], [200, seen])
    }
    const { path: other } = await yard.open({})
    assert.notEqual(other, path)
    assert.equal((await send(`${path}x/orders`)).body.code, 'hook.not_found')
  })

  test('takes every method that is named, with what follows too', async () => {
    const { path } = await yard.open({ methods: METHODS })
    for (const method of METHODS)
      for (const suffix of ['', '/orders/7']) {
        const { status, body } = await send(path + suffix, method)
        assert.deepEqual([status, body.got?.method, body.got?.path], [200, method, suffix])
      }
    const { path: posted, id } = await yard.open({ methods: ['POST'] })
    for (const method of [...METHODS, 'HEAD'].filter(one => one !== 'POST'))
      assert.equal((await send(posted, method)).status, 405, method)
    assert.equal(await yard.count(id), 0)
  })

  test('HEAD is answered without a body, however it would be answered', async () => {
    for (const reply of ['accepted', 'finished', 'respond', 'stream']) {
      const { path, id } = await yard.open({ methods: ['HEAD'], reply })
      const { status, text, headers } = await send(path, 'HEAD')
      assert.deepEqual([status, text], [reply === 'accepted' ? 202 : 200, ''], reply)
      assert.match(headers.get('x-execution-id') ?? '', /^exe_/)
      assert.equal(await yard.count(id), 1)
    }
  })

  test('is nobody’s before it is published, and while its workflow or its trigger sleeps', async () => {
    const { stage } = yard
    const closed = async (path: string) => {
      for (const [suffix, method] of [
        ['', 'POST'],
        ['/x', 'GET'],
        ['', 'OPTIONS'],
        ['', 'HEAD'],
      ] as const) {
        const { status, body, text } = await send(path + suffix, method)
        assert.equal(status, 404)
        if (method === 'HEAD') continue
        assert.equal(body.code, 'hook.not_found')
        const { body: nobody } = await send(`/hooks/nobody-knows-this${suffix}`, method)
        assert.deepEqual({ ...body, requestId: '' }, { ...nobody, requestId: '' }, text)
      }
    }
    const opened = async (path: string) => assert.equal((await send(path)).status, 200)
    const drawing = echoing({})
    const { id: draft } = await stage.post('/api/workflows', {
      name: 'a draft',
      nodes: drawing.nodes.map(({ key, ...node }) => ({ id: key, key, ...node })),
    })
    assert.deepEqual((await stage.get(`/api/triggers?workflowId=${draft}`)).items, [])
    const { path, id, trigger } = await yard.open({})
    const change = (enabled: boolean) =>
      stage.server.send(`/api/triggers/${trigger}`, { token: stage.token, method: 'PATCH', body: { enabled } })
    await opened(path)
    await change(false)
    await closed(path)
    await change(true)
    await opened(path)
    const { world } = stage.server
    await world.db.updateTable('triggers').set({ paused_at: 1, paused_why: 'it failed' }).where('id', '=', trigger).execute()
    world.feed.nudge('triggers')
    await closed(path)
    await change(true)
    await opened(path)
    await stage.post(`/api/workflows/${id}/deactivate`)
    await closed(path)
    await stage.post(`/api/workflows/${id}/activate`)
    await opened(path)
    await stage.post(`/api/workflows/${id}/archive`)
    await closed(path)
  })

  test('with characters that no database keeps is refused as any other', async () => {
    const { path } = await yard.open({ methods: METHODS })
    for (const method of METHODS) {
      const { status, body } = await send(`${path}/%00`, method)
      assert.deepEqual([status, body.code], [400, 'request.invalid'], method)
    }
  })
})
