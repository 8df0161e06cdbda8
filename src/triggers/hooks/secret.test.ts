import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { join } from '#testing.ts'
import { echoing, onBoth } from './testing.ts'

onBoth('the secret of a webhook in a credential', yard => {
  const send = (path: string, secret: string) =>
    yard.stage.server.send(path, { body: {}, headers: { authorization: `Bearer ${secret}` } })
  const change = (trigger: string, body: object = {}, token = yard.stage.token) =>
    yard.stage.server.send(`/api/triggers/${trigger}/secret`, { token, body })
  const bearing = async (values: Record<string, string>) => {
    const credential = await yard.credential(values)
    return { credential, ...(await yard.open({ verify: { kind: 'bearer' } }, { credential })) }
  }
  const problemsOf = async (params: object, node: object = {}) => {
    const { nodes } = echoing({})
    const [hook, echo] = nodes.map(({ key, ...rest }) => ({ id: key, key, ...rest }))
    const document = { name: 'x', nodes: [{ ...hook, params, ...node }, echo], edges: [{ source: 'hook', target: 'echo' }] }
    const { id } = await yard.stage.post('/api/workflows', document)
    const { problems } = await yard.stage.post(`/api/workflows/${id}/validate`)
    return problems.map(({ field, severity }: { field: string; severity: string }) => `${severity} ${field}`)
  }

  test('is what its callers must show, and never what the parameters say beside it', async () => {
    const credential = await yard.credential({ secret: 'in the vault' })
    const { path } = await yard.open({ verify: { kind: 'bearer', secret: 'of the node' } }, { credential })
    assert.equal((await send(path, 'in the vault')).status, 200)
    assert.equal((await send(path, 'of the node')).status, 401)
    await yard.stage.server.send(`/api/credentials/${credential}`, { token: yard.stage.token, method: 'DELETE' })
    yard.stage.server.world.feed.nudge('triggers')
    for (const secret of ['in the vault', 'of the node', ''])
      assert.equal((await send(path, secret)).body.code, 'hook.refused', 'nobody is let in when it is gone')
  })

  test('a way to verify without any secret is an error that names the field', async () => {
    const credential = await yard.credential({ secret: 's' })
    for (const kind of ['bearer', 'github', 'stripe', 'slack', 'standard']) {
      assert.deepEqual(await problemsOf({ verify: { kind } }), ['error credential'])
      assert.deepEqual(await problemsOf({ verify: { kind } }, { credential }), [])
      assert.deepEqual(await problemsOf({ verify: { kind, secret: 's' } }), [])
    }
    assert.deepEqual(await problemsOf({ verify: { kind: 'none' } }), [])
    assert.deepEqual(await problemsOf({}), [])
    assert.deepEqual(await problemsOf({ verify: { kind: 'hmac' } }, { credential }), ['error params.verify.header'])
    const other = await yard.credential({ token: 's' }, 'http.bearer')
    assert.deepEqual(await problemsOf({ verify: { kind: 'bearer' } }, { credential: other }), ['error credential'])
  })

  test('is changed without a call being lost: the one before is taken for a while', async () => {
    const { world } = yard.stage.server
    const { path, trigger } = await bearing({ secret: 'the first' })
    assert.equal((await send(path, 'the first')).status, 200)
    const { status, body, text } = await change(trigger, { secret: 'the second', keepPrevious: 3600 })
    assert.deepEqual([status, body.secret], [200, 'the second'], text)
    const until = Date.parse(body.previousUntil)
    assert.ok(Math.abs(until - world.clock.now() - 3_600_000) < 60_000)
    for (const secret of ['the first', 'the second']) assert.equal((await send(path, secret)).status, 200, secret)
    const { now } = world.clock
    try {
      world.clock.now = () => until + 1
      assert.equal((await send(path, 'the first')).status, 401)
      assert.equal((await send(path, 'the second')).status, 200)
    } finally {
      world.clock.now = now
    }
    const third = await change(trigger, { keepPrevious: 0 })
    assert.deepEqual([third.status, third.body.previousUntil], [200, null])
    assert.ok(third.body.secret.length >= 32)
    for (const secret of ['the first', 'the second']) assert.equal((await send(path, secret)).status, 401, secret)
    assert.equal((await send(path, third.body.secret)).status, 200)
  })

  test('one that is made for Standard Webhooks is written as they write it', async () => {
    const credential = await yard.credential({ secret: 'x' })
    const { path, trigger } = await yard.open({ verify: { kind: 'standard' } }, { credential })
    const { secret } = (await change(trigger)).body
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    const at = Math.floor(yard.stage.server.world.clock.now() / 1000)
    const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`m.${at}.{}`)
      .digest('base64')
    const headers = { 'webhook-id': 'm', 'webhook-timestamp': `${at}`, 'webhook-signature': `v1,${signature}` }
    assert.equal((await yard.stage.server.send(path, { body: '{}', headers })).status, 200)
  })

  test('is shown once and nowhere else, and the audit log says who changed it', async () => {
    const { trigger, credential } = await bearing({ secret: 'the old one' })
    const { body } = await change(trigger)
    const places = ['/api/audit', '/api/credentials', `/api/triggers/${trigger}`, `/api/triggers/${trigger}/activity`]
    for (const place of places) {
      const text = JSON.stringify(await yard.stage.get(place))
      assert.ok(!text.includes(body.secret) && !text.includes('the old one'), place)
    }
    const { items } = await yard.stage.get('/api/audit?action=trigger.secret_changed')
    assert.deepEqual([items[0].targetId, items[0].details.credential], [trigger, credential])
    const rows = await yard.stage.server.world.db.selectFrom('credentials').selectAll().where('id', '=', credential).execute()
    assert.ok(!JSON.stringify(rows).includes(body.secret))
    assert.deepEqual(JSON.parse(rows[0]?.fields ?? ''), ['previous', 'previousUntil', 'secret'])
  })

  test('cannot be changed where there is none, nor by an operator', async () => {
    const without = await yard.open({ verify: { kind: 'bearer', secret: 'of the node' } })
    const { status, body } = await change(without.trigger)
    assert.deepEqual([status, body.code], [409, 'trigger.no_secret'])
    const { trigger } = await bearing({ secret: 'x' })
    const operator = await join(
      yard.stage.server,
      yard.stage.token,
      `op${yard.stage.server.url.slice(-5)}@example.org`,
      'operator',
    )
    assert.equal((await change(trigger, {}, operator)).body.code, 'role.too_small')
  })
})
