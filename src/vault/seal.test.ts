import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyFrom } from './key.ts'
import { type About, open, rewrap, seal } from './seal.ts'

const key = keyFrom('a master key of enough characters, no. 1')
const other = keyFrom('a master key of enough characters, no. 2')
const about: About = ['credential', 'wsp_1', 'cred_1']
const plain = Buffer.from('tôken')

test('what is sealed opens again, and nothing of it shows', () => {
  const sealed = seal(key, about, plain)
  assert.deepEqual(open(key, about, sealed), plain)
  assert.equal(sealed.keyId, key.id)
  assert.ok(!JSON.stringify(sealed).includes(plain.toString('base64url')))
  assert.deepEqual(open(key, about, seal(key, about, Buffer.alloc(0))), Buffer.alloc(0))
})

test('the same value is sealed differently every time', () => {
  const [a, b] = [seal(key, about, plain), seal(key, about, plain)]
  assert.notEqual(a.sealed, b.sealed)
  assert.notEqual(a.wrapped, b.wrapped)
})

test('it opens neither with another key, nor for another workspace, credential or purpose', () => {
  const sealed = seal(key, about, plain)
  const wrong: About[] = [
    ['credential', 'wsp_2', 'cred_1'],
    ['credential', 'wsp_1', 'cred_2'],
    ['other', 'wsp_1', 'cred_1'],
    ['credential', 'wsp_1'],
    ['credential', 'wsp_1cred_1'],
  ]
  for (const about of wrong) assert.throws(() => open(key, about, sealed))
  assert.throws(() => open(other, about, sealed))
})

test('the data key of one credential does not open the value of another', () => {
  const [a, b] = [seal(key, about, plain), seal(key, ['credential', 'wsp_1', 'cred_2'], plain)]
  assert.throws(() => open(key, about, { wrapped: a.wrapped, sealed: b.sealed }))
  assert.throws(() => open(key, about, { wrapped: a.sealed, sealed: a.wrapped }))
})

test('not one bit may change, and nothing may be cut off', () => {
  const { wrapped, sealed } = seal(key, about, plain)
  for (const text of [wrapped, sealed]) {
    const bytes = Buffer.from(text.slice(3), 'base64url')
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      const coded = `v1.${changed.toString('base64url')}`
      assert.throws(() => open(key, about, text === wrapped ? { wrapped: coded, sealed } : { wrapped, sealed: coded }))
    }
    for (const cut of ['', 'v1', 'v1.', text.slice(0, 30), text.slice(0, -4), `v2${text.slice(2)}`])
      assert.throws(() => open(key, about, text === wrapped ? { wrapped: cut, sealed } : { wrapped, sealed: cut }))
  }
})

test('another master key can take over without the value being touched', () => {
  const sealed = seal(key, about, plain)
  const wrapped = rewrap(key, other, about, sealed.wrapped)
  assert.deepEqual(open(other, about, { wrapped, sealed: sealed.sealed }), plain)
  assert.throws(() => open(key, about, { wrapped, sealed: sealed.sealed }))
  assert.throws(() => rewrap(other, key, about, sealed.wrapped))
})
