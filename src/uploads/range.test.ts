import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRange } from './range.ts'

test('one range is read as HTTP means it', () => {
  const cases: [string | undefined, number, ReturnType<typeof readRange>][] = [
    [undefined, 10, 'all'],
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=2-5', 10, { start: 2, end: 5 }],
    ['bytes=2-', 10, { start: 2, end: 9 }],
    ['bytes=2-99', 10, { start: 2, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-99', 10, { start: 0, end: 9 }],
    ['BYTES = 1 - 2 ', 10, { start: 1, end: 2 }],
    ['bytes=9-9', 10, { start: 9, end: 9 }],
    ['bytes=0-99999999999999999999999', 10, { start: 0, end: 9 }],
  ]
  for (const [header, size, range] of cases) assert.deepEqual(readRange(header, size), range, header)
})

test('a range that the file does not have, or several of them, are refused', () => {
  for (const header of [
    'bytes=10-',
    'bytes=10-12',
    'bytes=99999999999999999999999-',
    'bytes=-0',
    'bytes=0-1,3-4',
    'bytes=0-0,-1',
  ])
    assert.equal(readRange(header, 10), 'none', header)
  for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) assert.equal(readRange(header, 0), 'none', header)
})

test('what is no range is ignored', () => {
  for (const header of [
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=a-b',
    'bytes=1-2-3',
    'items=0-1',
    'bytes=0x1-2',
    'bytes=1.5-2',
    'bytes=+1-2',
  ])
    assert.equal(readRange(header, 10), 'all', header)
})
