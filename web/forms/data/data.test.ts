import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesIn, largeOf, proseOf, shownAs, viewsOf } from './kind.ts'
import { pagesOf } from './pages.ts'
import { csvOf, gridOf } from './table.ts'
import { idOf, PIECE, revealing, rowsOf, search } from './tree.ts'

const none = new Map<string, boolean>()

test('a tree is open two levels deep, and further where somebody opens it', () => {
  const value = { a: { b: { c: 1 } }, d: [] }
  assert.deepEqual(
    rowsOf(value, none).map(row => [row.name, row.depth, row.open]),
    [
      [null, 0, true],
      ['a', 1, true],
      ['b', 2, false],
      ['d', 1, false],
    ],
  )
  assert.equal(rowsOf(value, new Map([['["a","b"]', true]])).length, 5)
  assert.equal(rowsOf(value, new Map([['[]', false]])).length, 1)
})

test('of a long list a piece is shown, and the next when it is asked for', () => {
  const list = Array.from({ length: 1200 }, (_none, at) => at)
  const rows = rowsOf(list, none)
  assert.deepEqual([rows.length, rows.at(-1)?.more], [PIECE + 2, 700])
  assert.equal(rowsOf(list, none, new Map([['[]', 3]])).length, 1201)
})

test('a word is found in names and values, and its place can be brought into sight', () => {
  const value = { orders: Array.from({ length: 900 }, (_none, at) => ({ no: `A${at}` })) }
  const [first, ...more] = search(value, 'a899')
  assert.deepEqual([first, more], [['orders', 899, 'no'], []])
  assert.deepEqual(search(value, 'ORDERS'), [['orders']])
  assert.deepEqual(search(value, '  '), [])
  const { opened, pieces } = revealing(first ?? [])
  const rows = rowsOf(value, new Map(opened.map(id => [id, true])), new Map(pieces))
  assert.ok(rows.some(row => row.id === idOf(first ?? [])))
})

test('a list of objects is a table, and as CSV runs no formula', () => {
  const grid = gridOf([
    { a: 1, b: 'x,"y"' },
    { b: '=1+1', c: -5 },
  ])
  assert.deepEqual(grid, {
    columns: ['a', 'b', 'c'],
    rows: [
      [1, 'x,"y"', undefined],
      [undefined, '=1+1', -5],
    ],
  })
  assert.equal(grid && csvOf(grid), `a,b,c\r\n1,"x,""y""",\r\n,'=1+1,-5`)
  assert.deepEqual([gridOf([]), gridOf([1]), gridOf([{}]), gridOf({})], [null, null, null, null])
})

const file = { id: 'file_01k9x', name: 'a.png', type: 'image/png', size: 12, url: '/api/files/file_01k9x' }

test('a value is looked at as what it is', () => {
  assert.deepEqual(viewsOf({ answer: [file, file] }), ['files', 'tree'])
  assert.deepEqual(viewsOf([{ a: 1 }]), ['table', 'tree'])
  assert.deepEqual(viewsOf({ text: 'Hello', cost: 0 }), ['text', 'tree'])
  assert.deepEqual([viewsOf('Hello'), viewsOf(5), viewsOf(null)], [['text'], ['tree'], ['tree']])
  assert.equal(filesIn([file, { file }]).length, 1)
  assert.equal(proseOf({ text: 5 }), null)
  assert.deepEqual(['image/png', 'image/svg+xml', 'video/mp4', 'text/html', 'text/csv'].map(shownAs), [
    'image',
    null,
    'video',
    null,
    'text',
  ])
})

test('a large value is fetched only from where such values are', () => {
  const url = `/api/executions/exe_1/values/${'a'.repeat(64)}`
  assert.deepEqual(largeOf({ $large: { bytes: 5, url } }), { bytes: 5, url })
  for (const other of ['https://evil.example/', '/api/credentials', `${url}/../../..`, '//x'])
    assert.equal(largeOf({ $large: { bytes: 5, url: other } }), null, other)
  assert.equal(largeOf({ $large: { bytes: 5, url }, more: 1 }), null)
})

test('a long text is cut into pages at the ends of lines, and nothing of it is lost', () => {
  const text = `${'word '.repeat(10)}\n${'😀'.repeat(30)}`
  const pages = pagesOf(text, 35)
  assert.equal(pages.map(({ from, to }) => text.slice(from, to)).join(''), text)
  assert.ok(pages.every(({ from, to }) => to > from && text.slice(from, to).isWellFormed()))
  assert.deepEqual(pagesOf(''), [{ from: 0, to: 0 }])
})
