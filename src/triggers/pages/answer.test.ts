import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf, withLinks } from './answer.ts'

test('a chat answers with the text, with what is called the text, or with all of it', () => {
  const cases: [unknown, string][] = [
    ['hi', 'hi'],
    [{ text: 'hi', message: 'no' }, 'hi'],
    [{ text: 7, message: 'hi' }, 'hi'],
    [{ answer: 'hi' }, 'hi'],
    [null, ''],
    [undefined, ''],
    [7, '7'],
    [['a'], '[\n  "a"\n]'],
    [{ n: 1 }, '{\n  "n": 1\n}'],
  ]
  for (const [output, text] of cases) assert.equal(textOf(output), text)
})

test('only what is a file all through gets a link', () => {
  const file = { id: 'file_1', name: 'a.txt', type: 'text/plain', size: 1, url: '/api/files/file_1' }
  const link = () => 'linked'
  assert.deepEqual(withLinks({ a: [file], b: { c: file }, d: 1 }, link), { a: ['linked'], b: { c: 'linked' }, d: 1 })
  for (const other of [
    { ...file, url: '/api/files/file_2' },
    { ...file, size: '1' },
    { id: 'file_1', url: '/api/files/file_1' },
  ])
    assert.deepEqual(withLinks({ a: other }, link), { a: other })
})
