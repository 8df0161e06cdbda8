import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '#accounts/contract.ts'
import { type Contract, isRaw } from '#http/contract.ts'
import { changeRole } from '#workspaces/contract.ts'
import { problemsFrom, problemsOf } from './form.ts'

test('what can be sent has no problems', () => {
  assert.deepEqual(problemsOf(register.body, { email: 'Ada@Example.org', password: 'correct horse', name: 'Ada' }), {})
})

test('every field that is wrong is named once, with the number that matters', () => {
  assert.deepEqual(problemsOf(register.body, { email: 'ada@', password: 'short', name: 'x'.repeat(101) }), {
    email: { word: 'email' },
    password: { word: 'tooShort', count: 10 },
    name: { word: 'tooLong', count: 100 },
  })
})

test('what was left empty is asked for, not judged', () => {
  assert.deepEqual(problemsOf(register.body, { email: '', password: '', name: '   ' }), {
    email: { word: 'required' },
    password: { word: 'required' },
    name: { word: 'required' },
  })
})

test('a value outside a list is plainly not valid', () => {
  const schema: Contract['body'] = changeRole.body
  assert.ok(schema && !isRaw(changeRole.reply))
  assert.deepEqual(problemsOf(schema, { role: 'emperor' }), { role: { word: 'invalid' } })
})

test('what the server found is laid at the field it is about', () => {
  const details = [
    { path: 'body.email', message: 'is not welcome here' },
    { path: 'body.email', message: 'is also too long' },
    { path: 'body', message: 'has an unknown field' },
  ]
  assert.deepEqual(problemsFrom(details), { email: { text: 'is not welcome here' }, '': { text: 'has an unknown field' } })
})
