import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Fault } from '#errors.ts'
import { type Address, type Lookup, makeGuard } from './guard.ts'

const asked: Lookup = async host => {
  const list: Record<string, string[]> = {
    'public.example': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
    'inner.example': ['10.1.2.3'],
    'mixed.example': ['10.1.2.3', '93.184.215.14'],
    'meta.example': ['169.254.169.254'],
    localhost: ['127.0.0.1', '::1'],
    'empty.example': [],
  }
  const found = list[host]
  if (!found) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
  return found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
}
const addresses = (found: readonly Address[]) => found.map(one => one.address)
const is = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}

describe('what may be reached', () => {
  const strict = makeGuard({ allow: [], lookup: asked })

  test('an address in any spelling is refused unless it is public', () => {
    const refused = [
      '127.0.0.1',
      '127.255.255.254',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '100.100.100.200',
      '192.0.0.192',
      '192.0.2.1',
      '198.18.0.1',
      '203.0.113.5',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '168.63.129.16',
      // As one number, octal and hexadecimal.
      '2130706433',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '0x7f000001',
      '127.1',
      '::',
      '[::1]',
      '::ffff:127.0.0.1',
      '[::ffff:7f00:1]',
      '::ffff:169.254.169.254',
      '::127.0.0.1',
      '::ffff:0:127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b::10.0.0.1',
      '64:ff9b:1::7f00:1',
      '2002:7f00:1::',
      '2002:5db8:d70e::',
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      '2001:db8::1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00:ec2::254',
      'fec0::1',
      'ff02::1',
      '100::1',
      '4000::1',
      '5f00::1',
      '127.0.0.1.',
    ]
    for (const host of refused)
      assert.throws(() => strict.check(host), is('outbound.blocked', /not public.*OUTBOUND_ALLOW/), host)
  })

  test('public addresses are reached, also through the translator of the network', () => {
    for (const host of ['93.184.215.14', '8.8.8.8', '[2606:4700:4700::1111]', '::ffff:8.8.8.8', '64:ff9b::808:808'])
      strict.check(host)
  })

  test('a name is what its addresses are, and those that are refused are left out', async () => {
    assert.deepEqual(addresses(await strict.resolve('public.example')), [
      '93.184.215.14',
      '2606:2800:21f:cb07:6820:80da:af6b:8b2c',
    ])
    assert.deepEqual(addresses(await strict.resolve('MIXED.example.')), ['93.184.215.14'])
    await assert.rejects(
      strict.resolve('inner.example'),
      is('outbound.blocked', /inner\.example.*10\.1\.2\.3.*a private network/),
    )
    await assert.rejects(strict.resolve('meta.example'), is('outbound.blocked', /169\.254\.169\.254/))
    await assert.rejects(strict.resolve('localhost'), is('outbound.blocked', /this machine itself/))
    await assert.rejects(strict.resolve('nowhere.example'), is('outbound.unknown_host', /nowhere\.example/))
    await assert.rejects(strict.resolve('empty.example'), is('outbound.unknown_host', /empty\.example/))
  })

  test('a name server without time is not a name that nobody has', async () => {
    const busy = makeGuard({ allow: [], lookup: () => Promise.reject(new Error('getaddrinfo EAI_AGAIN x.example')) })
    await assert.rejects(busy.resolve('x.example'), is('outbound.unreachable', /x\.example.*name server/))
  })

  test('what the operator allows is reached: ranges, addresses and names, and nothing beside', async () => {
    const some = makeGuard({
      allow: ['127.0.0.0/8', 'fd00::/8', '192.168.1.5', 'Inner.Example', '::ffff:10.9.9.9'],
      lookup: asked,
    })
    for (const host of ['127.0.0.1', '127.9.9.9', '::ffff:127.0.0.1', 'fd12::1', '192.168.1.5', '10.9.9.9', '64:ff9b::7f00:1'])
      some.check(host)
    for (const host of ['192.168.1.6', '10.0.0.1', '::1', 'fe80::1'])
      assert.throws(() => some.check(host), is('outbound.blocked', /./), host)
    assert.deepEqual(addresses(await some.resolve('localhost')), ['127.0.0.1'])
    assert.deepEqual(addresses(await some.resolve('inner.example')), ['10.1.2.3'])
    await assert.rejects(some.resolve('meta.example'), is('outbound.blocked', /./))
  })

  test('a connection is told only addresses that were checked', async () => {
    const lookup = promisify(
      (host: string, options: { all?: boolean; family?: number }, done: (e: unknown, a?: unknown) => void) =>
        strict.lookup(host, options, (error, address) => done(error, address)),
    )
    assert.deepEqual(await lookup('mixed.example', { all: true }), [{ address: '93.184.215.14', family: 4 }])
    assert.equal(await lookup('public.example', {}), '93.184.215.14')
    assert.equal(await lookup('public.example', { family: 6 }), '2606:2800:21f:cb07:6820:80da:af6b:8b2c')
    await assert.rejects(lookup('mixed.example', { family: 6 }), is('outbound.unknown_host', /./))
    await assert.rejects(lookup('inner.example', { all: true }), is('outbound.blocked', /./))
  })
})
