import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { onBoth } from './testing.ts'

const SECRET = 'a shared secret'
const JSON_TYPE = { 'content-type': 'application/json' }
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

onBoth('the body of a webhook', yard => {
  const send = (path: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
    yard.stage.server.send(path, { body, headers: { ...JSON_TYPE, ...headers } })
  const signed = (body: string | Uint8Array) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  })

  test('is unpacked as its sender has packed it', async () => {
    const { path } = await yard.open({})
    const text = JSON.stringify({ n: 'x'.repeat(1000) })
    const packed: [string, Buffer][] = [
      ['gzip', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['deflate', deflateRawSync(text)],
      ['br', brotliCompressSync(text)],
      ['gzip, br', brotliCompressSync(gzipSync(text))],
      ['identity', Buffer.from(text)],
    ]
    for (const [encoding, body] of packed) {
      const got = await send(path, body, { 'content-encoding': encoding })
      assert.deepEqual([got.status, got.body.got?.body], [200, { n: 'x'.repeat(1000) }], encoding)
    }
  })

  test('is signed as it came, packed', async () => {
    const { path } = await yard.open({ verify: { kind: 'github', secret: SECRET } })
    const packed = gzipSync('{"n":1}')
    const good = await send(path, packed, { 'content-encoding': 'gzip', ...signed(packed) })
    assert.deepEqual([good.status, good.body.got?.body], [200, { n: 1 }])
    assert.equal((await send(path, packed, { 'content-encoding': 'gzip', ...signed('{"n":1}') })).status, 401)
  })

  test('that is not what it says, or in something nobody knows, is refused', async () => {
    const { path, id } = await yard.open({})
    const refused: [string, Uint8Array, number, string][] = [
      ['gzip', Buffer.from('{"n":1}'), 400, 'hook.unreadable'],
      ['gzip', gzipSync('{"n":1}').subarray(0, 15), 400, 'hook.unreadable'],
      ['br', Buffer.from([1, 2, 3]), 400, 'hook.unreadable'],
      ['zstd', Buffer.from('x'), 415, 'request.wrong_type'],
      ['constructor', Buffer.from('x'), 415, 'request.wrong_type'],
      ['gzip, gzip, gzip, gzip', Buffer.from('x'), 415, 'request.wrong_type'],
    ]
    for (const [encoding, body, status, code] of refused) {
      const got = await send(path, body, { 'content-encoding': encoding })
      assert.deepEqual([got.status, got.body.code], [status, code], encoding)
    }
    assert.equal(await yard.count(id), 0)
  })

  test('that would fill the memory when it is unpacked is not', async () => {
    const { path } = await yard.open({ size: 100_000 })
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20))
    assert.ok(bomb.length < 100_000)
    for (const [encoding, body] of [
      ['gzip', bomb],
      ['gzip, gzip', gzipSync(bomb)],
    ] as const) {
      const got = await send(path, body, { 'content-encoding': encoding })
      assert.deepEqual([got.status, got.body.code], [413, 'request.too_large'])
    }
    const free = await yard.open({})
    assert.equal((await send(free.path, bomb, { 'content-encoding': 'gzip' })).body.code, 'request.too_large')
  })

  test('may begin with a mark of its order, which is signed with it', async () => {
    const { path } = await yard.open({ verify: { kind: 'github', secret: SECRET } })
    const marked = Buffer.concat([BOM, Buffer.from('{"n":1}')])
    const good = await send(path, marked, signed(marked))
    assert.deepEqual([good.status, good.body.got?.body], [200, { n: 1 }])
    assert.equal((await send(path, marked, signed('{"n":1}'))).status, 401)
    assert.equal((await send(path, '{ "n": 1 }', signed('{"n":1}'))).status, 401, 'written anew it is another')
  })

  test('may come in pieces', async () => {
    const { path } = await yard.open({ verify: { kind: 'github', secret: SECRET } })
    const asked = request(yard.stage.server.url + path, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...signed('{"n":12}'), 'transfer-encoding': 'chunked' },
    })
    for (const part of ['{"n', '":', '12}']) asked.write(part)
    asked.end()
    const [response] = await once(asked, 'response')
    let text = ''
    for await (const part of response) text += part
    assert.deepEqual([response.statusCode, JSON.parse(text).got?.body], [200, { n: 12 }])
  })
})
