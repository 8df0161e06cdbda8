import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audit } from '#audit/contract.ts'
import { filterOf, matches, queryOf } from './filter.ts'

test('a filter is read from an address; nonsense in it is left out, the rest is kept', () => {
  const search = { action: 'key.*', actor: 'ada@example.org', from: '2026-02-01', to: 'soon', page: 7 }
  assert.deepEqual(filterOf(search), { action: 'key.*', actor: 'ada@example.org', from: '2026-02-01' })
  assert.deepEqual(filterOf({ action: 5, from: ['2026-02-01'] }), {})
})

test('days become moments that the call takes, the last day included', () => {
  const query = queryOf({ from: '2026-02-01', to: '2026-02-01', actor: ' Ada@Example.org ' })
  assert.equal(audit.query.safeParse(query).success, true)
  assert.equal(query.actor, 'ada@example.org')
  assert.equal(Date.parse(query.to ?? '') - Date.parse(query.from ?? ''), 86_400_000)
})

test('an entry that has just come is shown only where the filter would have found it', () => {
  const entry = { action: 'key.created', actor: 'ada@example.org', at: new Date(2026, 1, 1, 12).toISOString() }
  const shown = [
    {},
    { action: 'key.created' },
    { action: 'key.*' },
    { actor: 'Ada@example.org' },
    { from: '2026-02-01', to: '2026-02-01' },
  ]
  const hidden = [
    { action: 'key.revoked' },
    { action: 'session.*' },
    { actor: 'bob@example.org' },
    { from: '2026-02-02' },
    { to: '2026-01-31' },
  ]
  for (const filter of shown) assert.equal(matches(entry, filter), true, JSON.stringify(filter))
  for (const filter of hidden) assert.equal(matches(entry, filter), false, JSON.stringify(filter))
})
