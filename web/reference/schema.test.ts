import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byTag, found, referenceOf } from './openapi.ts'
import { curlOf, linesOf, sampleOf, typeOf } from './schema.ts'

const schemas = {
  User: {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, role: { type: 'string', enum: ['viewer', 'owner'] } },
  },
  Tree: { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Tree' } } },
}
const document = {
  openapi: '3.1.0',
  info: { title: 'PromptPilot', version: '1.2.3', description: 'The API.' },
  paths: {
    '/api/things/{id}': {
      patch: {
        operationId: 'patchThingsId',
        tags: ['things'],
        summary: 'Change a thing.',
        description: 'Change a thing. Nobody loses anything.\n\nNeeds: the role editor or higher, with a session.',
        security: [{ cookie: [] }],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name'],
                properties: { name: { type: 'string', maxLength: 100 }, note: { type: 'string' } },
              },
            },
          },
        },
        responses: {
          200: { description: 'Done.', content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } },
          404: { description: '`thing.not_found`: There is no such thing.\n\n`thing.gone`: It is gone.' },
        },
      },
    },
    '/api/health': {
      get: {
        operationId: 'getHealth',
        tags: ['health'],
        summary: 'Alive?',
        description: 'Alive?\n\nNeeds: nothing.',
        security: [],
        responses: { 200: { description: 'Yes.' } },
      },
    },
  },
  components: { schemas },
}
const { calls, version } = referenceOf(document)
const [change, health] = calls

test('a call is read with what it needs, takes, answers and fails with', () => {
  assert.ok(change && health)
  assert.equal(version, '1.2.3')
  assert.equal(change.needs, 'the role editor or higher, with a session')
  assert.equal(change.about, 'Nobody loses anything.')
  assert.deepEqual(change.fails, [
    { status: '404', code: 'thing.not_found', title: 'There is no such thing.' },
    { status: '404', code: 'thing.gone', title: 'It is gone.' },
  ])
  assert.equal(change.open, false)
  assert.equal(health.open, true)
  assert.deepEqual(
    byTag(calls).map(([tag, all]) => [tag, all.length]),
    [
      ['things', 1],
      ['health', 1],
    ],
  )
})

test('a search finds calls that have all its words, codes included', () => {
  assert.deepEqual(
    found(calls, 'PATCH thing.gone').map(call => call.id),
    ['patchThingsId'],
  )
  assert.deepEqual(found(calls, 'health things'), [])
  assert.equal(found(calls, '  ').length, 2)
})

test('a schema is told in lines, through references, and one that holds itself ends', () => {
  const [id, role] = linesOf({ type: 'array', items: { $ref: '#/components/schemas/User' } }, schemas)
  assert.deepEqual([id?.name, id?.type, id?.required], ['id', 'string', true])
  assert.deepEqual([role?.type, role?.required], ['"viewer" | "owner"', false])
  assert.equal(typeOf({ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, schemas), '(string | null)[]')
  assert.ok(JSON.stringify(linesOf({ $ref: '#/components/schemas/Tree' }, schemas)).length < 2000)
  assert.ok(JSON.stringify(sampleOf({ $ref: '#/components/schemas/Tree' }, schemas)).length < 2000)
})

test('a line for the terminal carries the method, a key and a body with what is required', () => {
  assert.ok(change && health)
  assert.equal(
    curlOf(change, schemas, 'https://pilot.example'),
    `curl -X PATCH 'https://pilot.example/api/things/ID' \\\n  -H "Authorization: Bearer $PROMPTPILOT_API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '{\n  "name": "My name"\n}'`,
  )
  assert.equal(curlOf(health, schemas, ''), "curl '/api/health'")
})
