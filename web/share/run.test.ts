import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joiner } from './run.ts'

test('pieces of what is said are joined, whoever goes on, and begin anew where it is said anew', () => {
  const join = joiner()
  assert.equal(join({ part: 0, at: 0, text: 'Hel' }), 'Hel')
  assert.equal(join({ part: 0, at: 3, text: 'lo' }), 'Hello')
  assert.equal(join({ part: 1, at: 0, text: 'And' }), 'And')
  assert.equal(join({ part: 0, at: 5, text: '!' }), 'Hello!')
  assert.equal(join({ part: 0, at: 0, text: 'Good day' }), 'Good day')
  assert.equal(join({ part: 0, at: 3, text: 'd day' }), 'Good day')
})
