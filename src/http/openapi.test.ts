import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { databases, type Where } from '#db/testing.ts'
import { startServer, type TestServer } from '#testing.ts'

describe('the reference of the API', () => {
  let where: Where
  let server: TestServer

  before(async () => {
    const [sqlite] = databases()
    assert.ok(sqlite)
    where = await sqlite.place()
    server = await startServer(where)
  })
  after(async () => {
    await server.stop()
    await where.drop()
  })

  test('lints without an error', async () => {
    const { text } = await server.send('/api/openapi.json')
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
    const errors = problems.filter(problem => problem.severity === 'error')
    assert.deepEqual(
      errors.map(problem => `${problem.location[0]?.pointer}: ${problem.message}`),
      [],
    )
  })

  test('describes every contract with its parameters, its body, its answer and its refusals', async () => {
    const { body } = await server.send('/api/openapi.json')
    assert.equal(body.openapi, '3.1.0')
    for (const one of server.frame.contracts) {
      const operation = body.paths[one.path.replace(/:(\w+)/g, '{$1}')]?.[one.method]
      assert.ok(operation, `${one.method} ${one.path} is missing`)
      assert.ok(operation.responses[one.status ?? 200], one.path)
      if (one.needs !== 'nobody') assert.ok(operation.responses[401] && operation.security.length > 0, one.path)
      if (one.body) assert.ok(operation.requestBody.content['application/json'].schema, one.path)
    }
  })

  test('names the things of the product once, among the components', async () => {
    const { body } = await server.send('/api/openapi.json')
    for (const name of ['User', 'Workspace', 'Member', 'Invitation', 'ApiKey', 'AuditEntry', 'Failure'])
      assert.ok(body.components.schemas[name], name)
    assert.ok(!JSON.stringify(body).includes('#/$defs/'))
  })
})
