import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sortableIds, systemClock } from './ids.ts'

test('an id is its prefix and 26 characters that nobody mistakes for others', () => {
  const { next } = sortableIds(systemClock)
  for (const prefix of ['wsp', 'req', 'key']) assert.match(next(prefix), new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`))
})

test('ids sort in the order in which they were made, also within a millisecond and when the clock goes back', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  const steps = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -1_000_000, max: 1_000_000 })), {
    maxLength: 200,
  })
  const sorted = fc.property(steps, moves => {
    let now = 1_800_000_000_000
    const ids = sortableIds({ now: () => now })
    const made = moves.map(move => {
      now += move
      return ids.next('x')
    })
    assert.deepEqual(made, made.toSorted())
    assert.equal(new Set(made).size, made.length)
  })
  fc.assert(sorted, { seed, numRuns: 100 })
})

test('a million ids within one millisecond are different and sorted', () => {
  const { next } = sortableIds({ now: () => 1_800_000_000_000 })
  let last = ''
  for (let at = 0; at < 1_000_000; at += 1) {
    const id = next('x')
    assert.ok(id > last)
    last = id
  }
})

test('an id of a later millisecond tells nothing about the one before it', () => {
  let now = 1_800_000_000_000
  const { next } = sortableIds({ now: () => (now += 1) })
  const tails = new Set(Array.from({ length: 1_000 }, () => next('x').slice(-16, -10)))
  assert.ok(tails.size > 950)
})

test('two processes that start in the same moment make different ids', () => {
  const clock = { now: () => 1_800_000_000_000 }
  const all = Array.from({ length: 100 }, () => sortableIds(clock)).flatMap(ids =>
    Array.from({ length: 100 }, () => ids.next('x')),
  )
  assert.equal(new Set(all).size, all.length)
})

test('a secret is as long as it is asked to be, and can stand in an address', () => {
  const { secret } = sortableIds(systemClock)
  assert.match(secret(), /^[\w-]{43}$/)
  assert.match(secret(9), /^[\w-]{12}$/)
  assert.equal(new Set(Array.from({ length: 1_000 }, () => secret(12))).size, 1_000)
})
