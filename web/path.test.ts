import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sitePath, tokenOf } from './path.ts'

test('a path of this site is kept with its query and its fragment', () => {
  assert.equal(sitePath('/settings/audit?action=key.*#top'), '/settings/audit?action=key.*#top')
  assert.equal(sitePath('/'), '/')
})

test('nothing that leads to another site gets through', () => {
  const tricks = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\/evil',
    '/\t/evil.example',
    '/\n/evil',
    'javascript:alert(1)',
    '/a/..//evil.example',
    '',
    'home',
    undefined,
    7,
    ['/a'],
  ]
  for (const trick of tricks) assert.equal(sitePath(trick), null, JSON.stringify(trick))
})

test('a token is read from behind the # of a link', () => {
  assert.equal(tokenOf('#abc-_123'), 'abc-_123')
  assert.equal(tokenOf('#token=a%2Bb'), 'a+b')
  assert.equal(tokenOf('#100%'), '100%')
  assert.equal(tokenOf(''), '')
})
