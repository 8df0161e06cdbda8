import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { holdDraft, meet, onChange, signInAgain } from './session.ts'

const seen: string[] = []
const form = {}

beforeEach(() => {
  seen.length = 0
  holdDraft(form, false)
  signInAgain.set(false)
  onChange({ leave: () => seen.push('leave'), lookAgain: () => seen.push('look again') })
})

test('when a session ends on a screen without input, the screen is left for the sign-in', () => {
  meet({ code: 'auth.required' })
  assert.deepEqual(seen, ['leave'])
  assert.equal(signInAgain.get(), false)
})

test('when a session ends over a form that is not sent, the screen stays and asks to sign in again', () => {
  holdDraft(form, true)
  meet({ code: 'auth.required' })
  assert.deepEqual(seen, [])
  assert.equal(signInAgain.get(), true)
})

test('a wrong password is not the end of a session', () => {
  meet({ code: 'auth.wrong_login' })
  assert.deepEqual(seen, [])
})

test('a role or workspace that is not what it was is looked at again', () => {
  meet({ code: 'role.too_small' })
  meet({ code: 'workspace.not_found' })
  assert.deepEqual(seen, ['look again', 'look again'])
})
