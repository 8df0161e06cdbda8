import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedBy, inputAtFirst } from './input.ts'

test('what a trigger asks for is a form: each field of its kind, with what it begins with', () => {
  const schema = askedBy({
    params: {
      fields: [
        { name: 'who', title: 'Who is it?', required: true },
        { name: 'seats', type: 'number', default: 2 },
        { name: 'meal', type: 'choice', options: ['fish', 'soup'] },
        { name: '' },
        'nonsense',
      ],
    },
  })
  assert.deepEqual(schema, {
    type: 'object',
    properties: {
      who: { type: 'string', title: 'Who is it?' },
      seats: { type: 'number', title: 'seats', default: 2 },
      meal: { enum: ['fish', 'soup'], title: 'meal' },
    },
    required: ['who'],
  })
  assert.deepEqual(inputAtFirst(schema), { seats: 2 })
})

test('a schema of the trigger is the form, and where nothing is asked for anything may be given', () => {
  const schema = { type: 'object', properties: { id: { type: 'number' } } }
  assert.deepEqual(askedBy({ params: { schema } }), schema)
  assert.equal(askedBy({ params: { schema: { type: 'array' } } }), null)
  assert.equal(askedBy({ params: {} }), null)
  assert.deepEqual(inputAtFirst(null), {})
})
