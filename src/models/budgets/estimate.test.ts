import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asking } from '#models/testing.ts'
import { sizeOfAsk, sizeOfDrawing, sizeOfTexts, USUAL_OUTPUT } from './estimate.ts'
import { spanOf } from './span.ts'

test('a call is as large as what is read, and the most that may be written', () => {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(100)
  const size = sizeOfAsk(asking(text, { settings: { maxTokens: 50 } }))
  // A sentence of nine words and a full stop is ten tokens to most.
  assert.ok(size.input > 800 && size.input < 1_300, String(size.input))
  assert.equal(size.output, 50)
  assert.equal(sizeOfAsk(asking('Hello')).output, USUAL_OUTPUT)
})

test('everything that is sent along makes it larger', () => {
  const base = sizeOfAsk(asking('Hello')).input
  const more = (change: object) => sizeOfAsk(asking('Hello', change)).input - base
  const part = (it: object) => more({ messages: [{ role: 'user', parts: [{ is: 'text', text: 'Hello' }, it] }] })
  const tool = { name: 'weather', about: 'Tells the weather of a city.', input: { type: 'object' } }
  assert.ok(more({ system: 'Be brief and kind to everybody.' }) >= 5)
  assert.ok(more({ tools: [tool] }) >= 10)
  assert.ok(more({ schema: { type: 'object', properties: { city: { type: 'string' } } } }) >= 8)
  assert.ok(part({ is: 'file', type: 'image/png', bytes: new Uint8Array(10) }) >= 1_000)
  assert.ok(part({ is: 'file', type: 'application/pdf', bytes: new Uint8Array(200_000) }) >= 10_000)
  assert.ok(part({ is: 'call', id: 'a', tool: 'weather', input: { city: 'Köln' } }) >= 5)
  assert.ok(part({ is: 'result', id: 'a', tool: 'weather', output: { sky: 'grey' }, failed: false }) >= 5)
  assert.deepEqual(sizeOfTexts(['one two', 'three']).output, 0)
  assert.ok(sizeOfDrawing({ prompt: 'a cat', count: 3 }).output >= 3 * 4_000)
})

test('a day and a month are those of UTC', () => {
  const at = Date.parse('2027-12-31T23:30:00-02:00')
  assert.deepEqual(spanOf('day', at, 'exe_1'), {
    name: '2028-01-01',
    days: { first: '2028-01-01', last: '2028-01-01' },
    end: Date.parse('2028-01-02T00:00:00Z'),
  })
  assert.deepEqual(spanOf('month', Date.parse('2028-02-10T00:00:00Z'), 'exe_1'), {
    name: '2028-02',
    days: { first: '2028-02-01', last: '2028-02-29' },
    end: Date.parse('2028-03-01T00:00:00Z'),
  })
  assert.deepEqual(spanOf('execution', at, 'exe_1'), { name: 'exe_1', days: null, end: null })
})
