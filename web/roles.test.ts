import assert from 'node:assert/strict'
import { test } from 'node:test'
import { login, me } from '#accounts/contract.ts'
import { createKey, invite } from '#workspaces/contract.ts'
import { atLeast, givable, missing } from './roles.ts'

test('a higher role is enough for what a lower one may do, never the other way round', () => {
  assert.equal(atLeast('owner', 'admin'), true)
  assert.equal(atLeast('editor', 'editor'), true)
  assert.equal(atLeast('operator', 'editor'), false)
})

test('what a call asks for comes from its contract', () => {
  assert.equal(missing(invite, 'viewer'), 'admin')
  assert.equal(missing(invite, 'admin'), null)
  assert.equal(missing(createKey, 'viewer'), null)
  assert.equal(missing(createKey, null), 'viewer')
  assert.equal(missing(me, null), null)
  assert.equal(missing(login, null), null)
})

test('nobody can give a role above their own', () => {
  assert.deepEqual(givable('editor'), ['editor', 'operator', 'viewer'])
  assert.deepEqual(givable('viewer'), ['viewer'])
})
