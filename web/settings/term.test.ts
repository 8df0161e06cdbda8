import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKey } from '#workspaces/contract.ts'
import { ends, TERMS } from './term.ts'

test('a key ends as many days from now as was chosen, in the form that the call takes', () => {
  assert.equal(ends('30', Date.UTC(2026, 0, 1)), '2026-01-31T00:00:00.000Z')
  assert.equal(ends('never', 0), null)
  for (const term of TERMS) {
    const expiresAt = ends(term, Date.UTC(2026, 0, 1)) ?? undefined
    assert.equal(createKey.body.safeParse({ name: 'x', expiresAt }).success, true, term)
  }
})
