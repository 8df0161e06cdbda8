import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOf, wordsOf } from './look.ts'

const file = { id: 'f', name: 'a.pdf', type: 'application/pdf', size: 3, url: '/api/public/files/abc.def' }

test('each kind of output has a look', () => {
  assert.deepEqual(lookOf(null), { as: 'nothing' })
  assert.deepEqual(lookOf('hi'), { as: 'text', text: 'hi' })
  assert.deepEqual(lookOf(7), { as: 'text', text: '7' })
  assert.deepEqual(lookOf(false), { as: 'text', text: 'false' })
  assert.equal(lookOf(file).as, 'file')
  assert.deepEqual(lookOf({ $large: { bytes: 9 } }), { as: 'large', bytes: 9 })
  assert.deepEqual(lookOf(['a', file]).as, 'list')
  assert.deepEqual(lookOf([{ a: 1 }]).as, 'tree')
  assert.deepEqual(lookOf([]), { as: 'tree', json: '[]' })
  assert.deepEqual(lookOf({}), { as: 'tree', json: '{}' })
  const pairs = lookOf({ sum: 7, paper: file, deep: { a: 1 }, tags: ['x', 'y'] })
  assert.ok(pairs.as === 'pairs')
  assert.deepEqual(
    pairs.pairs.map(({ name, look }) => [name, look.as]),
    [
      ['sum', 'text'],
      ['paper', 'file'],
      ['deep', 'tree'],
      ['tags', 'list'],
    ],
  )
})

test('only a link of ours is a file: no other address becomes one', () => {
  for (const url of ['https://elsewhere.example/x', 'javascript:alert(1)', '/api/files/file_1', '/api/public/files/../x'])
    assert.notEqual(lookOf({ ...file, url }).as, 'file', url)
})

test('names are read as words', () => {
  for (const [name, words] of [
    ['orderId', 'Order id'],
    ['order_id', 'Order id'],
    ['sum', 'Sum'],
    ['_', '_'],
  ] as const)
    assert.equal(wordsOf(name), words)
})
