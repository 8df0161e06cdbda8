import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hueOf, initials } from './initials.ts'

test('a name is stood for by the first letters of its first and last word', () => {
  assert.equal(initials('Ada Lovelace'), 'AL')
  assert.equal(initials('ada king lovelace'), 'AL')
  assert.equal(initials('Plato'), 'P')
})

test('emoji, accents and right-to-left names stay whole', () => {
  assert.equal(initials('👩‍🚀 Valentina'), '👩‍🚀V')
  assert.equal(initials('é́tienne'), 'É́')
  assert.equal(initials('محمد علي'), 'مع')
  assert.equal(initials('   '), '?')
})

test('the same text always gets the same number, within the count', () => {
  assert.equal(hueOf('ada@example.org', 5), hueOf('ada@example.org', 5))
  for (const text of ['a', 'b', 'c', '👩‍🚀', '']) assert.ok(hueOf(text, 5) < 5)
})
