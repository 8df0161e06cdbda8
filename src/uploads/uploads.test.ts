import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { everythingIn, join, register, startServer, type TestServer } from '#testing.ts'

const LIMIT = 200_000
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (text: string) => Buffer.from(text)

for (const kind of databases()) {
  describe(`files over HTTP, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let server: TestServer
    let owner: string
    let viewer: string
    let stranger: string

    before(async () => {
      where = await kind.place()
      server = await startServer(where, { OPEN_SIGNUP: 'true', FILE_MAX_BYTES: String(LIMIT) })
      owner = await register(server, 'owner@example.org')
      viewer = await join(server, owner, 'viewer@example.org', 'viewer')
      stranger = await register(server, 'elsewhere@example.org')
    })
    after(async () => {
      await server.stop()
      await where.drop()
    })

    const form = (bytes: Uint8Array, name: string, type = 'text/html', fields: Record<string, string> = {}) => {
      const body = new FormData()
      for (const [field, value] of Object.entries(fields)) body.append(field, value)
      body.append('file', new Blob([new Uint8Array(bytes)], { type }), name)
      return body
    }
    const upload = async (bytes: Uint8Array, name = 'file.txt', token = owner, query = '') => {
      const { status, body } = await server.send(`/api/files${query}`, { token, body: form(bytes, name) })
      assert.equal(status, 201, JSON.stringify(body))
      return body
    }
    const download = async (id: string, headers: Record<string, string> = {}, query = '', token = owner) => {
      const response = await fetch(`${server.url}/api/files/${id}${query}`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      })
      return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
    }
    const remove = (id: string, token = owner) => server.send(`/api/files/${id}`, { token, method: 'DELETE' })
    const stored = async () => (await everythingIn(`${where.dir}/files`)).filter(name => /[0-9a-f]{64}$/.test(name))

    test('what was uploaded comes back to the byte, with what was found out about it', async () => {
      for (const bytes of [bytesOf('hello'), Buffer.alloc(0), Buffer.alloc(LIMIT, 7)]) {
        const file = await upload(bytes, 'Übersicht.html')
        assert.match(file.id, /^file_/)
        assert.deepEqual(
          { ...file, id: '', createdAt: '' },
          {
            id: '',
            name: 'Übersicht.html',
            type: bytes.includes(7) ? 'text/plain' : 'text/plain',
            size: bytes.length,
            hash: hashOf(bytes),
            bucket: 'uploads',
            createdAt: '',
            createdBy: (await server.send('/api/me', { token: owner })).body.user.id,
          },
        )
        const got = await download(file.id, {}, '', viewer)
        assert.equal(got.status, 200)
        assert.deepEqual(got.bytes, bytes)
        assert.deepEqual((await server.send(`/api/files/${file.id}/info`, { token: viewer })).body, file)
      }
    })

    test('a page is neither served as one nor shown outside a sandbox', async () => {
      const { id } = await upload(bytesOf('<!doctype html><script>alert(1)</script>'), 'a"b\r\n☃.html')
      for (const [query, how] of [
        ['', 'attachment'],
        ['?inline=false', 'attachment'],
        ['?inline', 'inline'],
        ['?inline=1', 'inline'],
      ] as const) {
        const { headers } = await download(id, {}, query)
        assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8')
        assert.equal(headers.get('x-content-type-options'), 'nosniff')
        assert.equal(headers.get('content-security-policy'), "sandbox; default-src 'none'")
        assert.equal(headers.get('content-disposition'), `${how}; filename="a_b_.html"; filename*=UTF-8''a%22b%E2%98%83.html`)
        assert.match(headers.get('cache-control') ?? '', /^private/)
      }
      const pdf = await upload(bytesOf('%PDF-1.7\n'), 'a.pdf')
      assert.match((await download(pdf.id, {}, '?inline')).headers.get('content-disposition') ?? '', /^attachment/)
    })

    test('what the caller has already is not sent again', async () => {
      const { id, hash } = await upload(bytesOf('cached'))
      const first = await download(id)
      assert.equal(first.headers.get('etag'), `"${hash}"`)
      for (const tag of [`"${hash}"`, `W/"${hash}"`, `"x", "${hash}"`, '*']) {
        const { status, bytes, headers } = await download(id, { 'if-none-match': tag })
        assert.deepEqual([status, bytes.length, headers.get('etag')], [304, 0, `"${hash}"`])
      }
      assert.equal((await download(id, { 'if-none-match': '"x"' })).status, 200)
    })

    test('a part can be asked for, and only one that is there', async () => {
      const { id, hash } = await upload(bytesOf('0123456789'))
      const part = await download(id, { range: 'bytes=2-5' })
      assert.deepEqual(
        [part.status, String(part.bytes), part.headers.get('content-range'), part.headers.get('content-length')],
        [206, '2345', 'bytes 2-5/10', '4'],
      )
      assert.equal(String((await download(id, { range: 'bytes=-2' })).bytes), '89')
      assert.deepEqual(
        [
          (await download(id, { range: 'bytes=2-5', 'if-range': `"${hash}"` })).status,
          (await download(id, { range: 'bytes=2-5', 'if-range': '"x"' })).status,
        ],
        [206, 200],
      )
      for (const range of ['bytes=10-', 'bytes=0-1,3-4']) {
        const { status, headers, bytes } = await download(id, { range })
        assert.deepEqual(
          [status, headers.get('content-range'), JSON.parse(String(bytes)).code],
          [416, 'bytes */10', 'request.invalid'],
        )
      }
      assert.equal((await download(id, { range: 'lines=1-2' })).status, 200)
    })

    test('a head request says the same without the bytes', async () => {
      const { id } = await upload(bytesOf('0123456789'))
      const response = await fetch(`${server.url}/api/files/${id}`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${owner}` },
      })
      assert.deepEqual([response.status, response.headers.get('content-length'), (await response.text()).length], [200, '10', 0])
    })

    test('what is too large is refused and leaves nothing, neither a row nor bytes', async () => {
      const before = [await stored(), (await server.send('/api/files', { token: owner })).body.items.length]
      for (const size of [LIMIT + 1, LIMIT * 20]) {
        const { status, body } = await server.send('/api/files', { token: owner, body: form(Buffer.alloc(size, 1), 'large') })
        assert.deepEqual([status, body.code], [413, 'file.too_large'])
      }
      assert.deepEqual([await stored(), (await server.send('/api/files', { token: owner })).body.items.length], before)
      assert.deepEqual(await everythingIn(`${where.dir}/files/tmp`), [])
    })

    test('an upload that breaks off leaves nothing', async () => {
      const before = await stored()
      await new Promise<void>((done, fail) => {
        const sent = request(`${server.url}/api/files`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${owner}`,
            'content-type': 'multipart/form-data; boundary=x',
            'content-length': 100_000,
          },
        })
        sent.on('error', () => done())
        sent.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nthe beginning')
        setTimeout(() => sent.destroy(), 100)
        sent.on('response', () => fail(new Error('it was answered')))
      })
      for (let tries = 0; tries < 50 && (await everythingIn(`${where.dir}/files/tmp`)).length > 0; tries += 1)
        await new Promise(next => setTimeout(next, 20))
      assert.deepEqual(await everythingIn(`${where.dir}/files/tmp`), [])
      assert.deepEqual(await stored(), before)
      const rows = await server.world.db.selectFrom('files').select('id').where('bucket', '=', 'arriving').execute()
      assert.deepEqual(rows, [])
    })

    test('a form without a file, and an unknown bucket, are refused', async () => {
      const empty = new FormData()
      empty.append('bucket', 'uploads')
      assert.equal((await server.send('/api/files', { token: owner, body: empty })).body.code, 'file.missing')
      assert.equal(
        (await server.send('/api/files', { token: owner, body: form(bytesOf('x'), 'x', 'text/plain', { bucket: 'other' }) })).body
          .code,
        'request.invalid',
      )
      assert.equal(
        (await server.send('/api/files?bucket=other', { token: owner, body: form(bytesOf('x'), 'x') })).body.code,
        'request.invalid',
      )
      assert.equal((await server.send('/api/files', { token: owner, body: { name: 'x' } })).status, 415)
    })

    test('the list is paged, knows the buckets and finds a part of a name, whatever is in it', async () => {
      const names = ['list-100%_a.txt', 'list-100xxa.txt', 'LIST-Ärger.txt']
      for (const name of names) await upload(bytesOf(name), name, owner, '?bucket=generated')
      const { body: field } = await server.send('/api/files', {
        token: owner,
        body: form(bytesOf('by field'), 'list-field', 'x/y', { bucket: 'generated' }),
      })
      assert.equal(field.bucket, 'generated')
      const list = async (query: string) => (await server.send(`/api/files?${query}`, { token: viewer })).body
      const found = async (q: string) =>
        (await list(new URLSearchParams({ q, bucket: 'generated' }).toString())).items.map((it: { name: string }) => it.name)
      assert.deepEqual(await found('list-'), ['list-field', ...names.toReversed()])
      assert.deepEqual(await found('100%_'), ['list-100%_a.txt'])
      assert.deepEqual(await found('LIST-Är'), ['LIST-Ärger.txt'])
      assert.deepEqual(await found('\\'), [])
      assert.deepEqual((await list('q=list-&bucket=uploads')).items, [])
      const first = await list('bucket=generated&limit=3')
      const second = await list(`bucket=generated&limit=3&cursor=${first.next}`)
      assert.deepEqual(
        [...first.items, ...second.items].map((it: { name: string }) => it.name),
        ['list-field', ...names.toReversed()],
      )
      assert.equal(second.next, null)
    })

    test('another workspace sees and touches nothing, even of the same content', async () => {
      const mine = await upload(bytesOf('shared content'))
      const theirs = await upload(bytesOf('shared content'), 'theirs', stranger)
      for (const path of [`/api/files/${mine.id}`, `/api/files/${mine.id}/info`])
        assert.equal((await server.send(path, { token: stranger })).body.code, 'file.not_found')
      assert.equal((await remove(mine.id, stranger)).body.code, 'file.not_found')
      assert.deepEqual(
        (await server.send('/api/files', { token: stranger })).body.items.map((it: { id: string }) => it.id),
        [theirs.id],
      )
      assert.equal((await remove(theirs.id, stranger)).status, 200)
      assert.equal(String((await download(mine.id)).bytes), 'shared content')
      assert.equal((await remove(mine.id, viewer)).status, 403)
    })

    test('the bytes go with the last file that has them', async () => {
      const [first, second] = [await upload(bytesOf('kept twice'), 'a'), await upload(bytesOf('kept twice'), 'b')]
      const isStored = async () => (await stored()).some(path => path.endsWith(first.hash))
      assert.deepEqual((await remove(first.id)).body, { ok: true })
      assert.ok(await isStored())
      assert.equal(String((await download(second.id)).bytes), 'kept twice')
      await remove(second.id)
      assert.ok(!(await isStored()))
      assert.equal((await download(second.id)).status, 404)
      assert.equal((await remove(second.id)).status, 404)
    })

    test('uploading and deleting the same content at once never leaves a file without bytes', async () => {
      const bytes = bytesOf('contended')
      let live = [await upload(bytes, 'seed')]
      for (let round = 0; round < 15; round += 1) {
        const results = await Promise.all([
          ...live.map(file => remove(file.id).then(() => null)),
          ...Array.from({ length: 4 }, () => upload(bytes, `round ${round}`)),
        ])
        live = results.filter(file => file !== null)
        for (const file of live) assert.equal(String((await download(file.id)).bytes), 'contended')
      }
      for (const file of live) await remove(file.id)
      assert.ok(!(await stored()).some(path => path.endsWith(hashOf(bytes))))
    })

    test('what happens to files is in the audit log', async () => {
      const file = await upload(bytesOf('audited'), 'audited.txt')
      await remove(file.id)
      const { body } = await server.send(`/api/audit?target=${file.id}`, { token: owner })
      assert.deepEqual(
        body.items.map((it: { action: string; target: string }) => [it.action, it.target]),
        [
          ['file.deleted', 'audited.txt'],
          ['file.uploaded', 'audited.txt'],
        ],
      )
    })
  })
}
