import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { z } from 'zod'
import { databases } from '#db/testing.ts'
import { PASSWORD, startServer } from '#testing.ts'
import { networkOf, plainAddress } from './address.ts'
import { contract } from './contract.ts'
import { addressOf } from './frame.ts'
import { serve } from './serve.ts'
import { speak, type TestFrame, testFrame } from './testing.ts'

test('an address is written without port, brackets and scope, and IPv4 as IPv4', () => {
  const written = {
    '203.0.113.9': '203.0.113.9',
    '203.0.113.9:1234': '203.0.113.9',
    '::ffff:203.0.113.9': '203.0.113.9',
    '::FFFF:203.0.113.9': '203.0.113.9',
    '2001:DB8::1': '2001:db8::1',
    '[2001:db8::1]': '2001:db8::1',
    '[2001:db8::1]:443': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    '[::ffff:203.0.113.9]:80': '203.0.113.9',
  }
  for (const [text, plain] of Object.entries(written)) assert.equal(plainAddress(text), plain)
})

test('what is no address is unknown', () => {
  for (const text of [
    '',
    'unknown',
    'example.org',
    '1.2.3',
    '999.1.1.1',
    '1.2.3.4.5',
    '<script>',
    'a'.repeat(10_000),
    '[',
    '[]',
    undefined,
  ])
    assert.equal(plainAddress(text), 'unknown')
})

test('one who has a /64 of IPv6 is one, however the address is written', () => {
  const network = networkOf('2001:db8:1:2::1')
  for (const address of [
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:0db8:0001:0002:0:0:0:9',
    '2001:db8:1:2:3::',
    '2001:db8:1:2:3:4:1.2.3.4',
  ])
    assert.equal(networkOf(address), network)
  for (const address of ['2001:db8:1:3::1', '2001:db8:1::1', '2001:db8::1', '::1']) assert.notEqual(networkOf(address), network)
  assert.equal(networkOf('::1'), networkOf('::2'))
  assert.equal(networkOf('203.0.113.9'), '203.0.113.9')
  assert.equal(networkOf('unknown'), 'unknown')
})

describe('behind proxies', () => {
  const frames: TestFrame[] = []
  after(async () => {
    for (const one of frames) await one.stop()
  })

  const whoami = contract({
    method: 'get',
    path: '/api/whoami',
    area: 'test',
    needs: 'nobody',
    about: 'Says who asks.',
    reply: z.object({ address: z.string(), host: z.string(), protocol: z.string() }),
  })

  async function ask(trustedProxies: string[], headers: string[]): Promise<Record<string, string>> {
    const one = await testFrame(
      frame =>
        serve(frame, whoami, ({ request }) => ({ address: addressOf(request), host: request.host, protocol: request.protocol })),
      { trustedProxies },
    )
    frames.push(one)
    const heard = await speak(
      one.port,
      `GET /api/whoami HTTP/1.1\r\nhost: inside\r\nconnection: close\r\n${headers.map(line => `${line}\r\n`).join('')}\r\n`,
    )
    const logged = one.lines.find(line => line.path === '/api/whoami')
    return {
      ...JSON.parse(heard.slice(heard.indexOf('{'))),
      logged: logged?.address,
      hsts: String(/strict-transport-security/i.test(heard)),
    }
  }
  const forwarded = ['x-forwarded-for: 203.0.113.9', 'x-forwarded-host: pilot.example.org', 'x-forwarded-proto: https']

  test('nobody is believed unless it is said so', async () => {
    assert.deepEqual(await ask([], forwarded), {
      address: '127.0.0.1',
      host: 'inside',
      protocol: 'http',
      logged: '127.0.0.1',
      hsts: 'false',
    })
    assert.deepEqual(await ask(['10.0.0.0/8'], forwarded), {
      address: '127.0.0.1',
      host: 'inside',
      protocol: 'http',
      logged: '127.0.0.1',
      hsts: 'false',
    })
  })

  test('a trusted proxy says who asks, for which host and how', async () => {
    assert.deepEqual(await ask(['127.0.0.1'], forwarded), {
      address: '203.0.113.9',
      host: 'pilot.example.org',
      protocol: 'https',
      logged: '203.0.113.9',
      hsts: 'true',
    })
  })

  test('what the client wrote itself before the proxy added the truth is not believed', async () => {
    for (const list of [
      '1.1.1.1, 203.0.113.9',
      '127.0.0.1, 203.0.113.9',
      'nonsense, 203.0.113.9',
      '127.0.0.1, 10.1.1.1, 203.0.113.9',
    ])
      assert.equal((await ask(['127.0.0.1'], [`x-forwarded-for: ${list}`])).address, '203.0.113.9', list)
    assert.equal((await ask(['127.0.0.1'], ['x-forwarded-for: 1.1.1.1', 'x-forwarded-for: 203.0.113.9'])).address, '203.0.113.9')
  })

  test('a chain of trusted proxies is followed to the first that is not', async () => {
    const chain = ['x-forwarded-for: 1.1.1.1, 203.0.113.9, 10.1.2.3']
    assert.equal((await ask(['127.0.0.1', '10.0.0.0/8'], chain)).address, '203.0.113.9')
    assert.equal((await ask(['127.0.0.1'], chain)).address, '10.1.2.3')
  })

  test('addresses with ports and of IPv6 are understood, and nonsense is nobody', async () => {
    const from = async (text: string) => (await ask(['127.0.0.1'], [`x-forwarded-for: ${text}`])).address
    assert.equal(await from('203.0.113.9:4711'), '203.0.113.9')
    assert.equal(await from('[2001:db8::1]:4711'), '2001:db8::1')
    assert.equal(await from('::ffff:203.0.113.9'), '203.0.113.9')
    assert.equal(await from('<script>'), 'unknown')
  })

  test('the audit log and the list of sessions name the one who asked', async () => {
    const [kind] = databases()
    assert.ok(kind)
    for (const [proxies, address] of [
      ['', '127.0.0.1'],
      ['127.0.0.1', '203.0.113.9'],
    ] as const) {
      const where = await kind.place()
      const server = await startServer(where, { TRUSTED_PROXIES: proxies })
      const headers = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9' }
      const body = { email: 'ann@example.org', password: PASSWORD, name: 'Ann' }
      const { token } = (await server.send('/api/auth/register', { body, headers })).body
      await server.send('/api/keys', { token, headers, body: { name: 'one' } })
      const entries = (await server.send('/api/audit', { token })).body.items
      assert.ok(entries.length >= 2)
      assert.deepEqual(new Set(entries.map((entry: { address: string }) => entry.address)), new Set([address]))
      const sessions = (await server.send('/api/me/sessions', { token })).body.items
      assert.equal(sessions[0].address, address)
      await server.stop()
      await where.drop()
    }
  })
})
