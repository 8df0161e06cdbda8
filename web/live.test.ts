import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listener } from './live.ts'

test('events come out whole, however the stream is cut', () => {
  const text =
    'retry: 2000\n\nid: aud_1\nevent: entry\ndata: {"a":1}\n\n: still here\n\nid: aud_2\nevent: entry\ndata: {"b":"x: y"}\n\n'
  const whole = [
    { id: 'aud_1', event: 'entry', data: '{"a":1}' },
    { id: 'aud_2', event: 'entry', data: '{"b":"x: y"}' },
  ]
  for (const size of [1, 3, 7, 1000]) {
    const cut = listener()
    const heard = Array.from({ length: Math.ceil(text.length / size) }, (_none, at) =>
      cut(text.slice(at * size, (at + 1) * size)),
    ).flat()
    assert.deepEqual(heard, whole, `in pieces of ${size}`)
  }
})

test('several data lines are one value, and an unfinished event is not told', () => {
  const cut = listener()
  assert.deepEqual(cut('data: one\ndata: two\n\ndata: thr'), [{ id: null, event: 'message', data: 'one\ntwo' }])
  assert.deepEqual(cut('ee\n\n'), [{ id: null, event: 'message', data: 'three' }])
})
