import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithin, networksOf } from './allow.ts'

test('an address is judged by its bits, never by how it is written', () => {
  const cases: [string[], string[], string[]][] = [
    [
      ['10.0.0.0/8'],
      ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:0a01:0203', '::FFFF:a01:203'],
      ['11.0.0.1', '110.1.2.3', '1.10.0.0', '10', ''],
    ],
    [['192.0.2.7'], ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.70', '192.0.2.77', '192.0.2.6']],
    [['2001:db8::/32'], ['2001:db8::1', '2001:0DB8:ffff::', '2001:db8:0:0:0:0:0:1'], ['2001:db9::1', '::1', '32.1.13.184']],
    [['2001:db8::1'], ['2001:db8:0:0::1'], ['2001:db8::2']],
    [['::ffff:10.0.0.0/104'], ['10.9.9.9', '::ffff:10.9.9.9'], ['11.0.0.0']],
    [['0.0.0.0/0'], ['203.0.113.9', '::ffff:203.0.113.9'], ['2001:db8::1', 'unknown']],
    [['::/0'], ['2001:db8::1'], ['203.0.113.9', 'unknown']],
    [['10.0.0.0/8', '192.0.2.0/24'], ['10.1.1.1', '192.0.2.255'], ['192.0.3.0']],
    [['nonsense', '10.0.0.0/33', '10.1', '0x0a000001', ''], [], ['10.1.2.3', '10.0.0.1', '::1', 'nonsense']],
    [[], [], ['10.1.2.3', '127.0.0.1']],
  ]
  for (const [ranges, inside, outside] of cases) {
    const networks = networksOf(ranges)
    for (const address of inside) assert.ok(isWithin(networks, address), `${address} in ${ranges}`)
    for (const address of outside) assert.ok(!isWithin(networks, address), `${address} in ${ranges}`)
  }
})
