import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { z } from 'zod'
import { contract } from './contract.ts'
import { makeLimits } from './limits.ts'
import { serve } from './serve.ts'
import { handClock, heapInUse, speak, testFrame } from './testing.ts'
import { makeWindow } from './window.ts'

const open = contract({
  method: 'get',
  path: '/api/open',
  area: 'test',
  needs: 'nobody',
  about: 'For all.',
  reply: z.object({ ok: z.literal(true) }),
})
const own = contract({ ...open, path: '/api/own', needs: 'viewer', about: 'For members.' })
const door = contract({ ...open, method: 'post', path: '/api/door', about: 'Can be forced.', rate: 5 })
const dear = contract({ ...own, path: '/api/dear', about: 'Costs money.', share: 2 })
const health = contract({ ...open, path: '/api/health', about: 'Lives.' })

describe('rate limits', () => {
  async function start(context: TestContext, rateLimit = true) {
    const clock = handClock()
    const it = await testFrame(
      frame => {
        for (const one of [open, own, door, dear, health]) serve(frame, one, () => ({ ok: true as const }))
      },
      { rateLimit, clock, trustedProxies: ['127.0.0.1'] },
    )
    context.after(() => it.stop())
    const ask = async (path: string, { from = '203.0.113.1', as = '', method = 'GET' } = {}) => {
      const headers = { 'x-forwarded-for': from, ...(as ? { authorization: `Bearer ${as}` } : {}) }
      const got = await fetch(it.url + path, { method, headers })
      return { status: got.status, headers: got.headers, body: await got.json() }
    }
    /** Sends many requests in a row on one connection, and counts the answers by their status. */
    const many = async (count: number, path: string, { from = '203.0.113.1', as = '', method = 'GET' } = {}) => {
      const head = `${method} ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${from}\r\n${as ? `authorization: Bearer ${as}\r\n` : ''}`
      const heard = await speak(it.port, `${head}\r\n`.repeat(count - 1), `${head}connection: close\r\n\r\n`)
      const statuses: Record<string, number> = {}
      for (const [, status = ''] of heard.matchAll(/HTTP\/1\.1 (\d+)/g)) statuses[status] = (statuses[status] ?? 0) + 1
      return statuses
    }
    return { it, clock, ask, many }
  }

  test('a door that can be forced opens so many times a minute for one address', async context => {
    const { ask, clock } = await start(context)
    for (const left of ['4', '3', '2', '1', '0']) {
      const { status, headers } = await ask('/api/door', { method: 'POST' })
      assert.deepEqual(
        [status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining'), headers.get('ratelimit-reset')],
        [200, '5', left, '60'],
      )
    }
    clock.move(17_500)
    const { status, headers, body } = await ask('/api/door', { method: 'POST' })
    assert.deepEqual([status, body.code], [429, 'request.too_many'])
    assert.equal(headers.get('retry-after'), '43')
    assert.equal(headers.get('ratelimit-reset'), '43')
    assert.equal(headers.get('ratelimit-remaining'), '0')
    assert.match(body.error, /Try again in 43 s/)
    assert.equal((await ask('/api/door', { method: 'POST', from: '203.0.113.2' })).status, 200)
    clock.move(42_500)
    assert.equal((await ask('/api/door', { method: 'POST' })).status, 200)
  })

  test('a stranger is counted by address, and being signed in is another count', async context => {
    const { ask, many } = await start(context)
    assert.deepEqual(await many(310, '/api/open'), { 200: 300, 429: 10 })
    assert.equal((await ask('/api/open', { from: '203.0.113.2' })).status, 200)
    assert.equal((await ask('/api/own', { as: 'ann' })).status, 200)
    assert.equal((await ask('/api/own')).status, 429, 'a stranger at a closed door is counted as well')
  })

  test('whoever has a network of IPv6 is counted as one', async context => {
    const { many, ask } = await start(context)
    for (let at = 0; at < 6; at += 1) await many(50, '/api/open', { from: `2001:db8:1:2::${at}` })
    assert.equal((await ask('/api/open', { from: '2001:db8:1:2:ffff::1' })).status, 429)
    assert.equal((await ask('/api/open', { from: '2001:db8:1:3::1' })).status, 200)
  })

  test('a forged address does not help', async context => {
    const { ask } = await start(context)
    const lie = (at: number) => ask('/api/door', { method: 'POST', from: `198.51.100.${at}, 203.0.113.7` })
    for (let at = 0; at < 5; at += 1) assert.equal((await lie(at)).status, 200)
    assert.equal((await lie(9)).status, 429)
  })

  test('every key has a count of its own', async context => {
    const { ask, many } = await start(context)
    assert.equal((await ask('/api/own', { as: 'key1' })).headers.get('ratelimit-limit'), '3000')
    assert.equal((await ask('/api/own', { as: 'ann' })).headers.get('ratelimit-limit'), '6000')
    assert.deepEqual(await many(3_000, '/api/own', { as: 'key1' }), { 200: 2_999, 429: 1 })
    assert.equal((await ask('/api/own', { as: 'key2' })).status, 200)
    assert.deepEqual(await many(2_999, '/api/own', { as: 'key3' }), { 200: 2_999 })
  })

  test('all keys and sessions of a person share one count', async context => {
    const { many, ask } = await start(context)
    assert.deepEqual(await many(6_001, '/api/own', { as: 'ann' }), { 200: 6_000, 429: 1 })
    assert.equal((await ask('/api/own', { as: 'keyann' })).status, 429)
    assert.equal((await ask('/api/own', { as: 'bob' })).status, 200)
  })

  test('of what is dear each person has a share, with all keys, wherever they are', async context => {
    const { ask, clock } = await start(context)
    assert.equal((await ask('/api/dear', { as: 'ann' })).headers.get('ratelimit-limit'), '2')
    assert.equal((await ask('/api/dear', { as: 'keyann', from: '203.0.113.9' })).status, 200)
    const { status, body, headers } = await ask('/api/dear', { as: 'ann' })
    assert.deepEqual([status, body.code, headers.get('retry-after')], [429, 'request.too_many', '60'])
    assert.equal((await ask('/api/own', { as: 'ann' })).status, 200)
    assert.equal((await ask('/api/dear', { as: 'bob' })).status, 200)
    clock.move(60_000)
    assert.equal((await ask('/api/dear', { as: 'ann' })).status, 200)
  })

  test('whether the server lives may always be asked', async context => {
    const { many } = await start(context)
    assert.deepEqual(await many(400, '/api/health'), { 200: 400 })
  })

  test('switched off, nothing is counted and nothing said', async context => {
    const { many, ask } = await start(context, false)
    assert.deepEqual(await many(20, '/api/door', { method: 'POST' }), { 200: 20 })
    assert.equal((await ask('/api/open')).headers.get('ratelimit-limit'), null)
  })

  test('ten failures close a door for a quarter of an hour, and success forgets them', async () => {
    const clock = handClock()
    const { failures } = makeLimits(true, clock)
    for (let at = 0; at < 9; at += 1) await failures.count('ann')
    await failures.refuse('ann')
    await failures.count('ann')
    await assert.rejects(failures.refuse('ann'), { code: 'request.too_many', retryAfter: 900 })
    await failures.refuse('bob')
    clock.move(15 * 60_000)
    await failures.refuse('ann')
    for (let at = 0; at < 10; at += 1) await failures.count('ann')
    await failures.forget('ann')
    await failures.refuse('ann')
  })
})

test('a window remembers so many and not more, and forgets the oldest first', () => {
  const clock = handClock()
  const window = makeWindow(1_000, clock, 100)
  for (let at = 0; at < 100; at += 1) {
    window.count(`${at}`)
    clock.move(1)
  }
  for (let at = 100; at < 105; at += 1) window.count(`${at}`)
  assert.equal(window.look('9').used, 0)
  assert.equal(window.look('10').used, 1)
  assert.equal(window.look('104').used, 1)
  clock.move(1_000)
  assert.deepEqual(window.count('50'), { used: 1, left: 1_000 })
})

test('hundreds of thousands of addresses do not fill the memory', () => {
  const window = makeWindow(60_000, handClock())
  const before = heapInUse()
  for (let at = 0; at < 300_000; at += 1) window.count(`2001:db8:${at >> 16}:${at & 0xffff}::/64`)
  assert.ok(heapInUse() - before < 20 * 2 ** 20)
  assert.equal(window.look('nobody').used, 0)
})
