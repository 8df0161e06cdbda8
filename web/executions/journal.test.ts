import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSame, shownOf } from './held.ts'
import { isBehind, reader } from './journal.ts'

const accepted = JSON.stringify({ type: 'accepted', at: 0, trigger: 'n1', input: { value: {} }, deadline: null })

test('places of a journal are compared as numbers', () => {
  assert.ok(isBehind('10.1', '9.9'))
  assert.ok(isBehind('9.10', '9.9'))
  assert.ok(!isBehind('9.9', '9.9'))
  assert.ok(!isBehind('9.1', '10.1'))
})

test('what comes twice, because the line broke, is told once', () => {
  const { read, place } = reader()
  const tell = (id: string) => read({ id, event: 'accepted', data: accepted })?.is ?? null
  assert.deepEqual([tell('1.1'), tell('1.2'), tell('1.2'), tell('1.1'), tell('2.1')], ['event', 'event', null, null, 'event'])
  assert.equal(place(), '2.1')
})

test('a piece of text has no place, and the end is told as such', () => {
  const { read, place } = reader()
  assert.deepEqual(read({ id: null, event: 'text', data: '{"path":"a","at":0,"text":"x"}' }), {
    is: 'piece',
    piece: { path: 'a', at: 0, text: 'x' },
  })
  assert.deepEqual(read({ id: null, event: 'end', data: '{}' }), { is: 'end' })
  assert.equal(place(), null)
})

test('what the journal keeps elsewhere becomes an address, also in a list', () => {
  const ref = 'a'.repeat(64)
  assert.deepEqual(shownOf({ list: [{ value: 1 }, { ref, bytes: 9 }] }, 'exe_1'), [
    1,
    { $large: { bytes: 9, url: `/api/executions/exe_1/values/${ref}` } },
  ])
  assert.ok(isSame({ ref, bytes: 9 }, { ref, bytes: 9 }))
  assert.ok(!isSame({ value: 1 }, { value: 2 }))
})
