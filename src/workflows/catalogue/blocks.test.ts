import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import type { Library } from '#sdk/library.ts'
import { startTry, type TryServer, tryLibrary } from '#workflows/testing.ts'

describe('the catalogue over HTTP', () => {
  let where: Where
  let server: TryServer
  let real: Library
  before(async () => {
    const [kind] = databases()
    assert.ok(kind)
    where = await kind.place()
    server = await startTry(where)
    const { loadLibrary } = await import('#open.ts')
    real = await loadLibrary()
  })
  after(async () => {
    await server.stop()
    await where.drop()
  })
  const ask = (path: string) => server.ask(path, { token: server.viewer })

  test('every block is told with what the form and the canvas need', async () => {
    const { body } = await ask('/api/blocks')
    assert.equal(body.items.length, tryLibrary.blocks.length)
    const byId = new Map<string, Record<string, unknown>>(body.items.map((it: { id: string }) => [it.id, it]))
    const send = byId.get('try.send')
    assert.deepEqual(
      [send?.effect, send?.credentials, send?.credentialNeeded, send?.outlets, send?.connector, send?.start, send?.loop],
      ['once', ['try.token'], true, ['main'], 'try', null, null],
    )
    assert.deepEqual(send?.input, {
      type: 'object',
      properties: {
        to: { type: 'string', title: 'To' },
        password: { type: 'string', title: 'Password', ui: 'secret' },
        file: { title: 'File', ui: 'file' },
      },
      required: ['to'],
      additionalProperties: false,
    })
    const pick = byId.get('try.pick')
    assert.deepEqual([pick?.effect, pick?.outlets, pick?.later], ['depends', null, ['where']])
    assert.deepEqual([pick?.outletsBy, send?.outletsBy], [{ each: 'names', first: ['main'], last: [] }, null])
    assert.deepEqual([byId.get('try.each')?.loop, byId.get('try.each')?.perTurn], ['list', ['result']])
    assert.deepEqual([byId.get('try.hook')?.start, byId.get('try.script')?.verbatim], ['webhook', ['code']])
  })

  test('one block is told, in its newest version or in an older one', async () => {
    assert.deepEqual((await ask('/api/blocks/try.echo')).body.version, 2)
    assert.deepEqual((await ask('/api/blocks/try.echo?version=1')).body.version, 1)
    for (const path of ['try.none', 'try.echo?version=9', '__proto__'])
      assert.equal((await ask(`/api/blocks/${path}`)).body.code, 'block.not_found', path)
  })

  test('connectors are told with their kinds of credential, and which fields are secret', async () => {
    const [it] = (await ask('/api/connectors')).body.items
    assert.deepEqual([it.id, it.blocks.filter((id: string) => id === 'try.echo').length], ['try', 1])
    const [credential] = it.credentials
    assert.deepEqual(
      [credential.id, credential.secrets, credential.fields.properties.region],
      ['try.token', ['token'], { type: 'string', title: 'Region' }],
    )
  })

  test('the blocks of this installation can be told too', async () => {
    server.world.library = real
    const { status, body } = await ask('/api/blocks')
    assert.equal(status, 200)
    assert.deepEqual(
      body.items.map((it: { id: string }) => it.id),
      real.blocks.map(block => block.id),
    )
    assert.ok(body.items.some((it: { id: string }) => it.id === 'manual.start'))
    assert.equal((await ask('/api/connectors')).status, 200)
    server.world.library = tryLibrary
  })
})
