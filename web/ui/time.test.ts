import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromNow, sizeOf } from './time.ts'

const NOW = Date.UTC(2026, 4, 10, 12)
const ago = (ms: number) => new Date(NOW - ms).toISOString()

test('a time is told by its distance, in the largest unit that fits', () => {
  assert.equal(fromNow(ago(20_000), NOW, 'en'), 'now')
  assert.equal(fromNow(ago(61_000), NOW, 'en'), '1 minute ago')
  assert.equal(fromNow(ago(3 * 3_600_000 + 5), NOW, 'en'), '3 hours ago')
  assert.equal(fromNow(ago(86_400_000), NOW, 'en'), 'yesterday')
  assert.equal(fromNow(ago(-40 * 86_400_000), NOW, 'en'), 'next month')
  assert.equal(fromNow(ago(2 * 86_400_000), NOW, 'de'), 'vorgestern')
})

test('a size is told in the unit a person would use', () => {
  assert.equal(sizeOf(0, 'en'), '0 byte')
  assert.equal(sizeOf(999, 'en'), '999 byte')
  assert.equal(sizeOf(1_500, 'en'), '1.5 kB')
  assert.equal(sizeOf(104_857_600, 'en'), '104.9 MB')
})
