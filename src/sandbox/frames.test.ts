import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frame, unframe } from './frames.ts'

test('frames arrive whole, however they are cut up', () => {
  const sent: [number, string][] = [
    [1, ''],
    [2, 'é☃😀'],
    [3, 'x'.repeat(1_000)],
    [1, '{}'],
  ]
  const bytes = Buffer.concat(sent.map(([kind, text]) => frame(kind, text)))
  for (const size of [1, 2, 3, 7, 64, 1_009, bytes.length]) {
    const got: [number, string][] = []
    const take = unframe(10_000, (kind, text) => got.push([kind, text]))
    for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size))
    assert.deepEqual(got, sent, `in pieces of ${size}`)
  }
})

test('a frame that says it is too large is refused before it arrives', () => {
  assert.throws(() => unframe(10, () => {})(frame(1, 'x'.repeat(11)).subarray(0, 5)), /11 bytes/)
})
