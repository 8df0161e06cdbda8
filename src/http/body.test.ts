import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { textOf } from './body.ts'

suite('the text of a body', () => {
  test('is the whole of a large one, whose bytes are given back', () => {
    const said = 'ä€💥'.repeat(200_000)
    const bytes = Buffer.from(said)
    assert.equal(textOf(bytes), said)
    assert.equal(bytes.length, 0)
  })

  test('leaves the bytes of a small one, beside which others stand', () => {
    const bytes = Buffer.from('{"a":1}')
    assert.equal(textOf(bytes), '{"a":1}')
    assert.equal(bytes.toString(), '{"a":1}')
  })
})
