import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lacking, plannedOf, valuesOf } from './asked.ts'

const FIELDS = [
  { name: 'amount', title: 'Amount', type: 'number', required: true },
  { name: 'paid', title: 'Paid', type: 'boolean', required: true },
  { name: 'note', title: 'Note', type: 'text', required: false },
  { name: 'team', title: 'Team', type: 'select', required: true, options: ['a', 'b'], default: 'a' },
]

test('what was entered is sent as the kind that was asked for, and what is empty is left out', () => {
  assert.deepEqual(valuesOf(FIELDS, { amount: ' 12.5 ', note: ' ' }), { amount: 12.5, paid: false, team: 'a' })
  assert.deepEqual(valuesOf(FIELDS, { amount: '0', paid: 'true', team: 'b' }), { amount: 0, paid: true, team: 'b' })
})

test('what must be there and is not is named, and so is a number that is none', () => {
  assert.deepEqual(lacking(FIELDS, {}), ['amount'])
  assert.deepEqual(lacking(FIELDS, { amount: 'many' }), ['amount'])
  assert.deepEqual(lacking(FIELDS, { amount: '1' }), [])
})

test('what a node is about to do is taken apart; what was cut off is shown as it is', () => {
  assert.deepEqual(plannedOf('Send a mail, with\n\n{\n  "to": "a"\n}'), { what: 'Send a mail', given: { to: 'a' } })
  assert.equal(plannedOf('Send a mail, with\n\n{ "to": …'), null)
})
