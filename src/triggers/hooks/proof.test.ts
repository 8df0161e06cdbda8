import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { onBoth } from './testing.ts'

const SECRET = 'a shared secret'

onBoth('a signed call of a webhook', yard => {
  const now = () => Math.floor(yard.stage.server.world.clock.now() / 1000)
  const slack = (body: string, at = now()) => ({
    'content-type': 'application/json',
    'x-slack-request-timestamp': `${at}`,
    'x-slack-signature': `v0=${createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex')}`,
  })
  const send = (path: string, body: string, headers: Record<string, string>) => yard.stage.server.send(path, { body, headers })
  const verify = { kind: 'slack', secret: SECRET }

  test('counts once, whoever sends it again, and the ledger names what the first one started', async () => {
    const { path, id, trigger } = await yard.open({ verify })
    const headers = slack('{"n":1}')
    const first = await send(path, '{"n":1}', headers)
    assert.deepEqual([first.status, first.body.got.body], [200, { n: 1 }])
    const again = await send(path, '{"n":1}', { ...headers, 'x-other': 'disguised' })
    const execution = first.headers.get('x-execution-id')
    assert.deepEqual([again.status, again.body], [200, { executionId: execution, duplicate: true }])
    assert.equal((await send(path, '{"n":2}', slack('{"n":2}'))).status, 200)
    assert.equal(await yard.count(id), 2)
    const duplicates = (await yard.lines(trigger)).filter(line => line.outcome === 'duplicate')
    assert.deepEqual(
      duplicates.map(line => line.executionId),
      [execution],
    )
  })

  test('counts once also where something else says what is the same, and under another name', async () => {
    const { path, id } = await yard.open({ verify, dedupe: { by: 'header', header: 'X-Delivery' } })
    const headers = slack('{"n":1}')
    const first = await send(path, '{"n":1}', { ...headers, 'x-delivery': 'a' })
    assert.equal(first.body.got?.body.n, 1, first.text)
    // Somebody who has listened, and changes what is not signed.
    const disguised = await send(path, '{"n":1}', { ...headers, 'x-delivery': 'b' })
    assert.deepEqual(disguised.body, { executionId: first.headers.get('x-execution-id'), duplicate: true })
    const nameless = await send(path, '{"n":1}', headers)
    assert.equal(nameless.body.duplicate, true, nameless.text)
    // The sender tries again and signs anew.
    const retried = await send(path, '{"n":1}', { ...slack('{"n":1}', now() - 5), 'x-delivery': 'a' })
    assert.equal(retried.body.duplicate, true, retried.text)
    assert.equal(await yard.count(id), 1)
    // What was refused as a whole has left nothing behind.
    const other = await send(path, '{"n":3}', { ...slack('{"n":3}'), 'x-delivery': 'b' })
    assert.equal(other.body.got?.body.n, 3, other.text)
  })

  test('of several at the same moment one counts', async () => {
    const { path, id } = await yard.open({ verify, dedupe: { by: 'header', header: 'x-delivery' } })
    const headers = slack('{"n":1}')
    const got = await Promise.all(
      Array.from({ length: 12 }, (_, at) => send(path, '{"n":1}', { ...headers, 'x-delivery': `${at}` })),
    )
    assert.deepEqual(new Set(got.map(one => one.status)), new Set([200]))
    assert.equal(got.filter(one => one.body.duplicate).length, 11)
    assert.equal(await yard.count(id), 1)
  })

  test('a signature that has no time may come again', async () => {
    const { path, id } = await yard.open({ verify: { kind: 'github', secret: SECRET } })
    const headers = { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update('x').digest('hex')}` }
    for (const _ of [1, 2]) assert.equal((await send(path, 'x', headers)).body.got.body, 'x')
    assert.equal(await yard.count(id), 2)
  })

  test('the question of Slack is answered, but only to Slack, and starts nothing', async () => {
    const { path, id } = await yard.open({ verify })
    const question = '{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}'
    const forged = await send(path, question, { ...slack(question), 'x-slack-signature': 'v0=00' })
    assert.deepEqual([forged.status, forged.body.code], [401, 'hook.refused'])
    assert.ok(!forged.text.includes('3eZbrw1a'))
    const { status, text } = await send(path, question, slack(question))
    assert.deepEqual([status, text], [200, '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P'])
    assert.equal(await yard.count(id), 0)
    const open = await yard.open({})
    assert.equal(
      (await send(open.path, question, { 'content-type': 'application/json' })).body.got.body.type,
      'url_verification',
      'elsewhere it is a call',
    )
  })

  test('a token may come as Authorization or as X-Api-Key, and neither is shown', async () => {
    const { path } = await yard.open({ verify: { kind: 'bearer', secret: SECRET } })
    for (const headers of [{ authorization: `Bearer ${SECRET}` }, { 'x-api-key': SECRET }]) {
      const { status, text } = await send(path, '{}', { 'content-type': 'application/json', ...headers })
      assert.equal(status, 200, text)
      assert.ok(!text.includes(SECRET))
    }
    for (const headers of [{ 'x-api-key': `${SECRET}!` }, { 'x-api-key': '' }, { authorization: SECRET }])
      assert.equal((await send(path, '{}', headers)).status, 401)
  })
})
