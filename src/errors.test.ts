import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, Fault, messageOf, Stop } from './errors.ts'

/** Where no one can act by asking differently: we, or what we depend on, did not do it. */
const OURS = [
  'storage.full',
  'mail.not_sent',
  'mail.later',
  'mail.in_doubt',
  'credential.unreadable',
  'script.lost',
  'execution.backlog',
  'execution.moved',
  'outbound.unreachable',
  'outbound.timeout',
  'program.ended',
  'program.busy',
  'ai.busy',
  'ai.too_slow',
  'ai.no_workflow',
]

test('every code names what it is about and what went wrong, and tells a person what and what to do', () => {
  for (const [code, { status, title, advice }] of Object.entries(catalogue)) {
    assert.match(code, /^[a-z]+\.[a-z_]+$/)
    assert.ok(status >= 400 && status <= 599, code)
    for (const text of [title, advice]) {
      assert.match(text, /^[A-Z].*[.]$/s, code)
      assert.ok(text.length < 200, code)
      assert.doesNotMatch(text, /undefined|null|exception|error code/i, code)
    }
  }
})

test('a status says who must act: the one who asks, or the server', () => {
  for (const [code, { status }] of Object.entries(catalogue)) {
    const ours = code.startsWith('server.') || OURS.includes(code)
    assert.equal(status >= 500, ours, code)
  }
  for (const code of ['member.not_found', 'file.not_found', 'key.not_found', 'workspace.not_found'] as const)
    assert.equal(catalogue[code].status, 404)
})

test('a fault says what the catalogue says unless it knows better', () => {
  const plain = new Fault('key.not_found')
  assert.deepEqual(
    [plain.message, plain.status, plain.details, plain.retryAfter, plain.cause],
    ['There is no such API key.', 404, [], undefined, undefined],
  )
  const cause = new Error('deeper')
  const full = new Fault('request.too_many', { message: 'Wait.', details: [{ path: 'a', message: 'b' }], retryAfter: 3, cause })
  assert.deepEqual(
    [full.message, full.status, full.details, full.retryAfter, full.cause],
    ['Wait.', 429, [{ path: 'a', message: 'b' }], 3, cause],
  )
  assert.ok(full instanceof Error && full.name === 'Fault')
})

test('a stop is for the operator, with its cause', () => {
  const stop = new Stop('Set PORT.', { cause: 1 })
  assert.deepEqual([stop.name, stop.message, stop.cause], ['Stop', 'Set PORT.', 1])
})

test('anything that was thrown has a message', () => {
  assert.deepEqual([new Error('a'), 'b', null, undefined, 7, {}].map(messageOf), [
    'a',
    'b',
    'null',
    'undefined',
    '7',
    '[object Object]',
  ])
})
