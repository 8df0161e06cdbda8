import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workflows } from '#workflows/drafts/contract.ts'
import { isWhole, queryOf, viewOf } from './view.ts'

test('an address says what is shown, and nonsense in it says nothing', () => {
  assert.deepEqual(viewOf({ folder: 'fld_1', q: 'mail', show: 'live', sort: 'name', open: 'new' }), {
    folder: 'fld_1',
    q: 'mail',
    show: 'live',
    sort: 'name',
    open: 'new',
  })
  assert.deepEqual(viewOf({ folder: '../x', q: '', show: 'everything', sort: 7, open: null, more: 1 }), {})
  assert.equal(viewOf({ q: 'x'.repeat(500) }).q?.length, 200)
})

test('whatever the address says is a query that the server takes', () => {
  for (const show of ['active', 'live', 'archived'] as const)
    for (const sort of ['changed', 'name'] as const) {
      const { success } = workflows.query.safeParse(queryOf({ folder: 'fld_1', q: ' a ', show, sort }))
      assert.ok(success)
    }
  assert.deepEqual(queryOf({ q: '  ' }), { limit: '100' })
})

test('a view without folder, search and filter is the whole list, however it is sorted', () => {
  assert.ok(isWhole({ sort: 'name', open: 'new' }))
  for (const view of [{ folder: 'fld_1' }, { q: 'a' }, { show: 'live' as const }]) assert.ok(!isWhole(view))
})
