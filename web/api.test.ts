import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, failureOf } from './api.ts'

test('an address carries parameters encoded and leaves out what is not set', () => {
  const path = { path: '/api/things/:id/parts' }
  assert.equal(addressOf(path, { params: { id: 'a/b c' } }), '/api/things/a%2Fb%20c/parts')
  assert.equal(
    addressOf(path, { params: { id: 'x' }, query: { limit: 5, cursor: undefined, q: '' } }),
    '/api/things/x/parts?limit=5',
  )
})

test('an answer of the catalogue becomes a failure with its code, its details and its request id', () => {
  const text = JSON.stringify({
    error: 'The request is not valid.',
    code: 'request.invalid',
    details: [{ path: 'body.email', message: 'must be an e-mail address' }],
  })
  const failure = failureOf(400, text, new Headers({ 'x-request-id': 'req_1' }))
  assert.equal(failure.code, 'request.invalid')
  assert.equal(failure.message, 'The request is not valid.')
  assert.deepEqual(failure.details, [{ path: 'body.email', message: 'must be an e-mail address' }])
  assert.equal(failure.requestId, 'req_1')
  assert.equal(failure.retryAfter, null)
})

test('a failure without details has none, and says how long to wait when the server does', () => {
  const failure = failureOf(429, '{"error":"Too many requests.","code":"request.too_many"}', new Headers({ 'retry-after': '12' }))
  assert.deepEqual(failure.details, [])
  assert.equal(failure.retryAfter, 12)
})

test('an answer that is not of the catalogue, such as the page of a proxy, is still a failure with its status', () => {
  const failure = failureOf(502, '<html>Bad gateway</html>', new Headers())
  assert.equal(failure.status, 502)
  assert.equal(failure.code, 'server.fault')
  assert.equal(failureOf(404, 'nothing', new Headers()).code, 'unreadable')
})
