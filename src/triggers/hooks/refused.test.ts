import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { test } from 'node:test'
import { until } from '#executions/testing.ts'
import { onBoth } from './testing.ts'

onBoth('the ledger of a webhook', yard => {
  const send = (path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST') =>
    yard.stage.server.send(path, { ...(method === 'POST' ? { body } : {}), method, headers })
  const codes = async (trigger: string) => (await yard.lines(trigger)).map(({ why, times }) => `${why?.code} ${times}`)

  test('has a line for every reason for which a call was refused, with nothing secret in it', async () => {
    const { path, trigger } = await yard.open({
      verify: { kind: 'header', header: 'x-secret', secret: 'tell nobody' },
      rate: { calls: 2, per: '1h' },
      size: 1000,
      schema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
    })
    const right = { 'content-type': 'application/json', 'x-secret': 'tell nobody' }
    await send(path, {}, { 'x-secret': 'tell somebody', authorization: 'Bearer tell nobody' })
    await send(`${path}/orders/7?token=tell-nobody`, {}, right, 'GET')
    await send(path, `"${'x'.repeat(2000)}"`, right)
    await send(path, '{"n":', right)
    await send(path, { n: 'one' }, right)
    await send(path, { n: 1 }, right)
    await send(path, 'x'.repeat(17 * 2 ** 20), right)
    const lines = await yard.lines(trigger)
    assert.deepEqual(lines.map(({ why, outcome }) => `${outcome} ${why?.code}`).toSorted(), [
      'refused hook.refused',
      'refused hook.unfit',
      'refused hook.wrong_method',
      'refused request.bad_json',
      'refused request.too_large',
      'refused request.too_many',
    ])
    const method = lines.find(({ why }) => why?.code === 'hook.wrong_method')
    assert.deepEqual(method?.call, { method: 'GET', path: '/orders/7', address: '127.0.0.1', bytes: 0 })
    assert.match(method?.why?.message ?? '', /takes POST, not GET/)
    for (const words of ['tell nobody', 'tell-nobody', 'tell somebody', path.split('/').at(-1) ?? ''])
      assert.ok(!JSON.stringify(lines).includes(words), words)
  })

  test('one that does not fit the schema says where, and can be started all the same', async () => {
    const { path, trigger, id } = await yard.open({ schema: { type: 'object', properties: { n: { type: 'number' } } } })
    const { status, body } = await send(path, { n: 'one' }, { 'x-own': 'yes', authorization: 'Basic tell-nobody' })
    assert.deepEqual([status, body.code, body.details[0].path], [422, 'hook.unfit', 'body.n'])
    const [line] = await yard.lines(trigger)
    assert.deepEqual([line?.why?.code, line?.replayable], ['hook.unfit', true])
    assert.match(line?.why?.message ?? '', /body\.n/)
    assert.equal(await yard.count(id), 0)
    const { executionId } = await yard.stage.post(`/api/triggers/${trigger}/activity/${line?.id}/replay`)
    const { output } = await yard.stage.until(executionId, 'completed')
    assert.deepEqual(
      [output.got.body, output.got.headers['x-own'], output.got.headers.authorization],
      [{ n: 'one' }, 'yes', '•••'],
    )
    const large = await yard.open({ schema: { type: 'object' } })
    await send(large.path, `"${'x'.repeat(70_000)}"`, { 'content-type': 'application/json' })
    assert.equal((await yard.lines(large.trigger))[0]?.replayable, false, 'a large one is not kept')
  })

  test('is not filled by whoever calls again and again: what follows within ten seconds becomes one line', async () => {
    const { world } = yard.stage.server
    const { path, trigger } = await yard.open({ verify: { kind: 'bearer', secret: 'tell nobody' } })
    const { now } = world.clock
    const later = { by: 0 }
    try {
      world.clock.now = () => now() + later.by
      await Promise.all(Array.from({ length: 40 }, () => send(path, {})))
      await send(path, {}, {}, 'GET')
      assert.deepEqual((await codes(trigger)).toSorted(), ['hook.refused 1', 'hook.wrong_method 1'])
      later.by = 10_001
      await until('the others are written down', async () => (await codes(trigger)).length === 3)
      assert.equal((await codes(trigger))[0], 'hook.refused 39')
      await send(path, {})
      assert.equal((await codes(trigger)).length, 3, 'the next ten seconds have begun with that line')
      later.by = 20_003
      await until('it is written down', async () => (await codes(trigger)).length === 4)
      assert.equal((await codes(trigger))[0], 'hook.refused 1')
    } finally {
      world.clock.now = now
    }
  })

  test('has what was gathered when the server stops', async () => {
    const { path, trigger } = await yard.open({ verify: { kind: 'bearer', secret: 'tell nobody' } })
    for (let times = 0; times < 5; times += 1) await send(path, {})
    await yard.stage.restart()
    assert.deepEqual(await codes(trigger), ['hook.refused 4', 'hook.refused 1'])
  })

  test('has a line of what was refused because too much waits', async () => {
    const { path, trigger } = await yard.open({})
    const { limits } = yard.stage.server.runner.shell
    const { backlog } = limits
    try {
      limits.backlog = -1
      const { status, body } = await send(path, {})
      assert.deepEqual([status, body.code], [503, 'execution.backlog'])
    } finally {
      limits.backlog = backlog
    }
    await yard.stage.restart()
    assert.deepEqual(await codes(trigger), ['execution.backlog 1'])
  })

  test('a call that breaks off is none, and one of an address that is nobody’s leaves no line', async () => {
    const { path, trigger } = await yard.open({})
    const { port } = new URL(yard.stage.server.url)
    const socket = createConnection(Number(port), '127.0.0.1')
    await new Promise<void>(resolve => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"n"`,
        () => {
          socket.destroy()
          resolve()
        },
      )
    })
    assert.equal((await send('/hooks/nobody-knows-this', {})).status, 404)
    assert.equal((await send(path, {})).status, 200)
    assert.deepEqual((await yard.lines(trigger)).filter(({ outcome }) => outcome === 'fired').length, 1)
  })
})
