import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { databases, type Where } from '#db/testing.ts'
import type { Sent } from '#testing.ts'
import { GivenDocument } from '#workflows/contract.ts'
import { settle, type WorkflowDocument } from '#workflows/document.ts'
import { node, startTry, type TryServer, tryLibrary } from '#workflows/testing.ts'
import { importWorkflow } from './contract.ts'
import { type Found, fromFile, toFile } from './file.ts'

const start = node('start', { id: 'start' })

/** A workspace that has some of what is referred to. */
const NAMES = {
  credentials: new Map([['cred_1', { kind: 'try.token', name: 'Team: one' }]]),
  workflows: new Map([['wf_1', 'Billing: “new”']]),
}
const HERE: Found = {
  credential: ({ kind, name }) => (kind === 'try.token' && name === 'Team: one' ? 'cred_1' : null),
  workflow: name => (name === 'Billing: “new”' ? 'wf_1' : null),
}
const NOWHERE: Found = { credential: () => null, workflow: () => null }
const EMPTY = { credentials: new Map(), workflows: new Map() }

const read = (file: string, found: Found): WorkflowDocument =>
  settle(fromFile(importWorkflow.body.parse(JSON.parse(file)), tryLibrary, found), tryLibrary)

const text = fc.string({ unit: 'binary', maxLength: 20 }).map(one => one.toWellFormed().replaceAll('\0', ''))
const value = fc
  .jsonValue({ maxDepth: 4 })
  .map(one => JSON.parse(JSON.stringify(one).replaceAll('__proto__', 'proto').replaceAll('\\u0000', '')))
const params = fc.oneof(
  fc.dictionary(
    text.filter(one => one !== '__proto__'),
    value,
    { maxKeys: 4 },
  ),
  fc.record({ to: text, password: fc.oneof(text, fc.constant('{{ vars.p }}')), file: fc.oneof(fc.constant('file_1'), value) }),
  fc.record({ workflow: fc.constantFrom('wf_1', 'wf_gone', 'name:Other', '{{ trigger.id }}', '') }),
  fc.record({ verify: fc.record({ kind: fc.constant('hmac'), secret: text }) }),
)
const box = fc.record(
  {
    id: fc.stringMatching(/^[a-z0-9]{1,3}$/),
    key: text,
    block: fc.constantFrom('try.echo', 'try.send', 'try.call', 'try.hook', 'no.such'),
    version: fc.constantFrom(1, 2),
    params,
    name: text,
    credential: fc.constantFrom('cred_1', 'cred_gone', 'slack.bot:Team'),
    retry: fc.record({ attempts: fc.nat(5), factor: fc.double({ min: 0, max: 9, noNaN: true }) }, { requiredKeys: [] }),
    disabled: fc.boolean(),
  },
  { requiredKeys: ['id', 'key', 'block', 'version', 'params'] },
)
const line = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{1,3}$/),
  source: fc.constantFrom('a', 'b'),
  target: fc.constantFrom('a', 'b'),
})
const drawn = fc
  .record({
    name: fc.stringMatching(/^[A-Za-zäßЖ漢]{1,20}$/),
    description: text,
    nodes: fc.uniqueArray(box, { maxLength: 6, selector: it => it.id }),
    edges: fc.uniqueArray(line, { maxLength: 6, selector: it => it.id }),
    layout: fc.record({
      nodes: fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,3}$/), fc.record({ x: fc.integer(), y: fc.integer() })),
      notes: fc.array(value, { maxLength: 2 }),
    }),
    variables: fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,5}$/), value),
  })
  .map(it => settle(GivenDocument.parse(it), tryLibrary))

describe('files', () => {
  test('whatever a workflow is, exporting what was imported gives the same bytes, here and elsewhere', () => {
    fc.assert(
      fc.property(drawn, document => {
        const file = toFile(document, tryLibrary, NAMES)
        assert.equal(toFile(read(file, HERE), tryLibrary, NAMES), file)
        const elsewhere = toFile(read(file, NOWHERE), tryLibrary, EMPTY)
        assert.equal(elsewhere, file)
        assert.equal(toFile(read(elsewhere, HERE), tryLibrary, NAMES), file)
      }),
      { numRuns: 500 },
    )
  })

  test('the order in which it was drawn and saved does not show', () => {
    fc.assert(
      fc.property(drawn, document => {
        const turned = { ...document, nodes: document.nodes.toReversed(), edges: document.edges.toReversed() }
        const shuffled = Object.fromEntries(Object.entries(turned).reverse()) as WorkflowDocument
        assert.equal(toFile(shuffled, tryLibrary, NAMES), toFile(document, tryLibrary, NAMES))
      }),
    )
  })

  test('no secret and no id of this installation is in it', () => {
    const nodes = [
      node('send', {
        id: 'a',
        credential: 'cred_1',
        params: { to: 'x', password: 'hunter2', file: { id: 'file_1', name: 'x' } },
      }),
      node('send', { id: 'b', credential: 'cred_gone', params: { to: 'x', password: '{{ vars.p }}', file: 'file_2' } }),
      node('hook', { id: 'c', params: { verify: { kind: 'hmac', secret: 'hunter3' } } }),
      node('call', { id: 'd', params: { workflow: 'wf_1' } }),
      node('call', { id: 'e', params: { workflow: 'wf_gone' } }),
    ]
    const file = toFile(settle(GivenDocument.parse({ name: 'x', nodes }), tryLibrary), tryLibrary, NAMES)
    for (const word of ['hunter', 'file_', 'cred_', 'wf_']) assert.ok(!file.includes(word), `${word} is in ${file}`)
    const [a, b, c, d, e] = JSON.parse(file).nodes
    assert.deepEqual([a.credential, a.params], [{ kind: 'try.token', name: 'Team: one' }, { to: 'x' }])
    assert.deepEqual([b.credential, b.params], [undefined, { to: 'x', password: '{{ vars.p }}' }])
    assert.deepEqual([c.params, d.params, e.params], [{ verify: { kind: 'hmac' } }, { workflow: 'name:Billing: “new”' }, {}])
  })
})

for (const kind of databases()) {
  describe(`export and import over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TryServer
    before(async () => {
      where = await kind.place()
      server = await startTry(where)
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })
    const ask = (path: string, sent?: Sent) => server.ask(path, sent)
    const take = (body: unknown, token = server.editor, query = '') => ask(`/api/workflows/import${query}`, { body, token })
    const fileOf = async (id: string, token = server.editor, query = '') =>
      (await ask(`/api/workflows/${id}/export${query}`, { token })).text

    test('an exported file is a document that is read by people and by import', async () => {
      const { id } = await server.make([start], '', { name: 'Zwölf Boxkämpfer' })
      const got = await ask(`/api/workflows/${id}/export`, { token: server.viewer })
      assert.equal(got.headers.get('content-type'), 'application/json; charset=utf-8')
      assert.equal(
        got.headers.get('content-disposition'),
        `attachment; filename="Zw_lf Boxk_mpfer.workflow.json"; filename*=UTF-8''Zw%C3%B6lf%20Boxk%C3%A4mpfer.workflow.json`,
      )
      assert.ok(got.text.endsWith('}\n') && got.text.startsWith('{\n  "description": ""'))
      const there = await take(JSON.parse(await fileOf(id)), server.stranger)
      assert.deepEqual([there.status, there.body.name, there.body.rev, there.body.problems], [201, 'Zwölf Boxkämpfer', 1, []])
      assert.equal(await fileOf(there.body.id, server.stranger), got.text)
    })

    test('a version is exported as it was', async () => {
      const { id } = await server.make([start], '', { name: 'Old' })
      await ask(`/api/workflows/${id}/publish`, { body: {} })
      await ask(`/api/workflows/${id}`, { method: 'PUT', body: { rev: 1, name: 'New' } })
      assert.equal(JSON.parse(await fileOf(id, server.editor, '?version=1')).name, 'Old')
      assert.equal(JSON.parse(await fileOf(id)).name, 'New')
      assert.match(await fileOf(id, server.editor, '?version=2'), /version\.not_found/)
    })

    test('credentials and workflows are found by name; what is missing is said and kept', async () => {
      const credential = async (token: string) =>
        (await ask('/api/credentials', { token, body: { name: 'Team', kind: 'try.token', values: { token: 'x' } } })).body.id
      const own = await credential(server.editor)
      const target = await server.make([start], '', { name: 'Target' })
      await ask(`/api/workflows/${target.id}/publish`, { body: {} })
      const { id } = await server.make(
        [
          start,
          node('send', { id: 'send', credential: own, params: { to: 'x' } }),
          node('call', { id: 'call', params: { workflow: target.id } }),
        ],
        'start > send, send > call',
      )
      const file = await fileOf(id)
      const again = (await take(JSON.parse(file))).body
      assert.deepEqual([again.problems, again.nodes.length], [[], 3])
      assert.equal(again.nodes.find((it: { id: string }) => it.id === 'send').credential, own)
      assert.equal(again.nodes.find((it: { id: string }) => it.id === 'call').params.workflow, target.id)

      const there = (await take(JSON.parse(file), server.stranger)).body
      assert.deepEqual(
        there.problems.map((it: { code: string; node: string; field: string }) => [it.code, it.node, it.field]),
        [
          ['child.unknown', 'call', 'params.workflow'],
          ['credential.unknown', 'send', 'credential'],
        ],
      )
      assert.match(there.problems[1].message, /the credential “Team” \(Try token\)/)
      assert.equal(await fileOf(there.id, server.stranger), file)
      const foreign = await credential(server.stranger)
      const later = (await take(JSON.parse(file), server.stranger)).body
      assert.equal(later.nodes.find((it: { id: string }) => it.id === 'send').credential, foreign)
    })

    test('a bare document, and a workflow as it is read, are taken too, into a folder if wanted', async () => {
      const folder = (await ask('/api/folders', { body: { name: 'Imports' } })).body.id
      const bare = await take(
        { name: 'Bare', nodes: [{ id: 'n1', key: 'go', block: 'try.start' }] },
        server.editor,
        `?folderId=${folder}`,
      )
      assert.deepEqual(
        [bare.status, bare.body.folderId, bare.body.nodes[0].key, bare.body.nodes[0].id],
        [201, folder, 'go', 'n1'],
      )
      const whole = await take((await ask(`/api/workflows/${bare.body.id}`)).body)
      assert.deepEqual([whole.status, whole.body.rev, whole.body.folderId], [201, 1, null])
      assert.notEqual(whole.body.id, bare.body.id)
      assert.equal((await take({ name: 'x' }, server.editor, '?folderId=fld_gone')).body.code, 'folder.not_found')
      assert.equal((await take({ name: 'x' }, server.viewer)).status, 403)
    })

    test('nonsense is refused with the paths where it is', async () => {
      for (const [body, path] of [
        [{ format: 'n8n', name: 'x' }, 'body.format'],
        [{ name: 'x', nodes: [{ id: 'a', key: 'k', block: 'b' }, { id: 'a' }] }, 'body.nodes.1.key'],
        [{ name: 'x', nodes: [{ ...start, credential: 5 }] }, 'body.nodes.0.credential'],
        [{ name: 'x', nodes: { a: 1 } }, 'body.nodes'],
        [{ name: 'x', connections: {} }, 'body'],
        [{ nodes: [] }, 'body.name'],
        [[], 'body'],
      ] as const) {
        const got = await take(body)
        assert.deepEqual([got.status, got.body.code], [400, 'request.invalid'], JSON.stringify(body))
        assert.ok(
          got.body.details.some((it: { path: string }) => it.path === path),
          got.text,
        )
      }
    })
  })
}
