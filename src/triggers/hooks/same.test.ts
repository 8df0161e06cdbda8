import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { onBoth } from './testing.ts'

const WEEK = 7 * 86_400_000

onBoth('a webhook that takes the same call once', yard => {
  const send = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    yard.stage.server.send(path, { body, headers: { 'content-type': 'application/json', ...headers } })

  test('knows it by a header, an expression or its body', async () => {
    const ways: [object | string, [string, Record<string, string>][], [string, Record<string, string>][]][] = [
      [
        { by: 'header', header: 'X-Delivery' },
        [
          ['{"n":1}', { 'x-delivery': 'a' }],
          ['{"n":2}', { 'x-delivery': 'a' }],
        ],
        [
          ['{"n":1}', { 'x-delivery': 'b' }],
          ['{"n":1}', {}],
          ['{"n":1}', {}],
        ],
      ],
      [
        { by: 'expression', expression: '{{ trigger.body.id }}' },
        [
          ['{"id":1}', {}],
          ['{"id":1,"x":2}', {}],
        ],
        [
          ['{"id":2}', {}],
          ['{"n":1}', {}],
          ['{"n":1}', {}],
        ],
      ],
      [
        '{{ trigger.body.a }}-{{ trigger.body.b }}',
        [
          ['{"a":1,"b":2}', {}],
          ['{"b":2,"a":1}', {}],
        ],
        [['{"a":2,"b":1}', {}]],
      ],
      [
        { by: 'body' },
        [
          ['{"n":1}', {}],
          ['{"n":1}', { 'x-delivery': 'b' }],
        ],
        [['{"n": 1}', {}]],
      ],
    ]
    for (const [dedupe, repeated, others] of ways) {
      const { path, id } = await yard.open({ dedupe })
      const told: boolean[] = []
      for (const [body, headers] of repeated) told.push((await send(path, body, headers)).body.duplicate === true)
      assert.deepEqual(told, [false, true], JSON.stringify(dedupe))
      for (const [body, headers] of others) assert.equal((await send(path, body, headers)).body.duplicate, undefined, body)
      assert.equal(await yard.count(id), 1 + others.length)
    }
  })

  test('a body is the same however it was packed', async () => {
    const { path } = await yard.open({ dedupe: { by: 'body' } })
    await send(path, '{"n":1}')
    assert.equal((await send(path, gzipSync('{"n":1}'), { 'content-encoding': 'gzip' })).body.duplicate, true)
  })

  test('forgets it when its time is over, also where that is longer than a week', async () => {
    const { world } = yard.stage.server
    const { now } = world.clock
    try {
      for (const [window, within, after] of [
        ['30d', 29, 31],
        ['1h', 0.04, 0.05],
        [undefined, 6.9, 7.1],
      ] as const) {
        const { path, id } = await yard.open({ dedupe: { by: 'body', ...(window ? { window } : {}) } })
        const first = await send(path, '{"n":1}')
        world.clock.now = () => now() + within * (WEEK / 7)
        // As the housekeeping does.
        await world.db
          .deleteFrom('hook_calls')
          .where('at', '<', world.clock.now() - WEEK)
          .execute()
        const again = await send(path, '{"n":1}')
        assert.deepEqual(again.body, { executionId: first.headers.get('x-execution-id'), duplicate: true }, window)
        world.clock.now = () => now() + after * (WEEK / 7)
        assert.equal((await send(path, '{"n":1}')).body.duplicate, undefined, window)
        world.clock.now = now
        assert.equal(await yard.count(id), 2)
      }
    } finally {
      world.clock.now = now
    }
  })
})
