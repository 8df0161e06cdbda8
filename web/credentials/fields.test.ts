import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeCredential, createCredential } from '#vault/contract.ts'
import { KINDS, rowsFor, rowsOf, valuesOf, withRow, wrongRows } from './fields.ts'

test('every kind that is offered can be sent as it stands', () => {
  for (const kind of Object.keys(KINDS)) {
    const rows = rowsFor(kind).map(row => ({ ...row, value: 'x' }))
    assert.equal(createCredential.body.safeParse({ name: 'n', kind, values: valuesOf(rows) }).success, true, kind)
  }
})

test('a stored value that is left alone is not sent, one that is entered is, one that is removed becomes null', () => {
  const [kept, changed, gone] = rowsOf(['token', 'url', 'old'])
  assert.ok(kept && changed && gone)
  const rows = withRow([kept, { ...changed, value: 'https://x' }, { ...gone, gone: true }]).map(row =>
    row.name === '' ? { ...row, name: ' extra ', value: '1' } : row,
  )
  const values = valuesOf(rows)
  assert.deepEqual(values, { url: 'https://x', old: null, extra: '1' })
  assert.equal(changeCredential.body.safeParse({ values }).success, true)
})

test('a row that is empty altogether is passed over, a half one is not', () => {
  const row = { id: 1, name: '', value: '', stored: false, gone: false }
  assert.equal(wrongRows([row]).size, 0)
  assert.deepEqual([...wrongRows([{ ...row, value: 'x' }])], [[1, 'name']])
  assert.deepEqual([...wrongRows([{ ...row, name: '9lives', value: 'x' }])], [[1, 'name']])
  assert.deepEqual([...wrongRows([{ ...row, name: 'token' }])], [[1, 'value']])
  assert.deepEqual(
    [
      ...wrongRows([
        { ...row, name: 'a', value: '1' },
        { ...row, id: 2, name: 'a', value: '2' },
      ]),
    ],
    [[2, 'twice']],
  )
})
