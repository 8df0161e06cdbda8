import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allOrNone, NONE, reached, rowFor, still, toggled } from './picked.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const ids = (picked: typeof NONE) => [...picked.ids].toSorted().join('')

test('a row is chosen and let go again', () => {
  const one = toggled(NONE, 'b')
  assert.equal(ids(one), 'b')
  assert.equal(ids(toggled(one, 'b')), '')
})

test('a range goes from the row that was chosen last, up or down, and keeps what was chosen before', () => {
  const begun = toggled(toggled(NONE, 'e'), 'c')
  assert.equal(ids(reached(begun, order, 'a')), 'abce')
  assert.equal(ids(reached(reached(begun, order, 'a'), order, 'd')), 'abcde')
  assert.equal(ids(reached(NONE, order, 'b')), 'b')
  assert.equal(ids(reached({ ids: new Set(['x']), from: 'gone' }, order, 'b')), 'bx')
})

test('all are chosen, and once more none; what has left the list is let go', () => {
  const all = allOrNone(NONE, order)
  assert.equal(ids(all), 'abcde')
  assert.equal(ids(allOrNone(all, order)), '')
  assert.equal(ids(allOrNone(toggled(NONE, 'a'), order)), 'abcde')
  assert.equal(ids(still(all, ['b', 'd'])), 'bd')
  assert.equal(still(all, order), all)
})

test('keys move within the list', () => {
  const go = (key: string, at: number) => rowFor(key, at, 5, 3)
  assert.deepEqual([go('ArrowDown', 0), go('ArrowDown', 4), go('ArrowUp', 0), go('Home', 3), go('End', 1)], [1, 4, 0, 0, 4])
  assert.deepEqual([go('PageDown', 0), go('PageUp', 4), go('x', 0), rowFor('End', 0, 0, 3)], [3, 1, null, null])
})
