import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOfDay, stepsOf } from './steps.ts'

const fresh = {
  twoFactor: false,
  keys: 0,
  members: 1,
  invitations: 0,
  credentials: 0,
  lookedAtReference: false,
  mayInvite: true,
  mayKeep: true,
}
const done = (known: typeof fresh) =>
  stepsOf(known)
    .filter(step => step.done)
    .map(step => step.word)

test('a fresh owner has made an account and everything else before them', () => {
  assert.deepEqual(
    stepsOf(fresh).map(step => step.word),
    ['account', 'secure', 'invite', 'key', 'credential', 'reference'],
  )
  assert.deepEqual(done(fresh), ['account'])
})

test('an invitation counts as soon as it is sent, and still when it was accepted', () => {
  assert.deepEqual(done({ ...fresh, invitations: 1 }), ['account', 'invite'])
  assert.deepEqual(done({ ...fresh, members: 2 }), ['account', 'invite'])
})

test('a viewer is not asked for what a viewer may not do', () => {
  const words = stepsOf({ ...fresh, mayInvite: false, mayKeep: false }).map(step => step.word)
  assert.deepEqual(words, ['account', 'secure', 'key', 'reference'])
})

test('the greeting follows the hour', () => {
  assert.deepEqual([3, 8, 13, 20, 23].map(partOfDay), ['night', 'morning', 'day', 'evening', 'night'])
})
