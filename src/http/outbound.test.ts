import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer as createPlain, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { Fault } from '#errors.ts'
import { silent } from '#log.ts'
import { makeOutbound, type OutboundRequest } from './outbound.ts'

/** Made for these tests and used for nothing else. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghE3T14RKHI//eMlt
jw89VnwPiaJnCr3wISKXG6/WUF2hRANCAARe4xkKc2In4neKZH+qqv33P+PMa/M+
eYq6livoDwTC43hyJYUHT9IMIjbk4tjqW5JCsB37LUAWxel2PrRAFIRc
-----END PRIVATE KEY-----`
const CERT = `-----BEGIN CERTIFICATE-----
MIIBozCCAUqgAwIBAgIUGS4MISd+6hXSh3+Oqx1sPXv4O8kwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOc2VjdXJlLmV4YW1wbGUwIBcNMjYxMTIwMTIxMDEwWhgPMjEy
NjEwMjcxMjEwMTBaMBkxFzAVBgNVBAMMDnNlY3VyZS5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEXuMZCnNiJ+J3imR/qqr99z/jzGvzPnmKupYr6A8E
wuN4ciWFB0/SDCI25OLY6luSQrAd+y1AFsXpdj60QBSEXKNuMGwwHQYDVR0OBBYE
FFs+k86j9v5D75T5IJPWD/zQ9SyWMB8GA1UdIwQYMBaAFFs+k86j9v5D75T5IJPW
D/zQ9SyWMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOc2VjdXJlLmV4YW1w
bGUwCgYIKoZIzj0EAwIDRwAwRAIgTl8IJvbUL7XrpJvm/XjNtD9MAKUNmN+B6MUU
+5qjE50CIC/mwd+ZbPYfqqlxwtkhJ7hChJ2H5DEZOqe4Ftbq6SUs
-----END CERTIFICATE-----`

const never = new AbortController().signal
const out = makeOutbound({ allow: ['127.0.0.0/8'], log: silent })
const open: Server[] = []

async function listen<T extends Server>(server: T, host = '127.0.0.1'): Promise<number> {
  open.push(server)
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const plain = (say: (socket: Socket) => void) =>
  listen(
    createPlain(socket => {
      socket.on('error', () => {})
      say(socket)
    }),
  )
const fails = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const slowly = (response: ServerResponse, part: string | Buffer) => {
  const drip = setInterval(() => response.write(part), 20)
  response.on('close', () => clearInterval(drip))
}
const BOMB = 30_000_000
const packed: Record<string, Buffer> = {
  gzip: gzipSync('Grüße '.repeat(1000)),
  'x-gzip': gzipSync('Grüße '.repeat(1000)),
  deflate: deflateSync('Grüße '.repeat(1000)),
  raw: deflateRawSync('Grüße '.repeat(1000)),
  br: brotliCompressSync('Grüße '.repeat(1000)),
  zstd: zstdCompressSync('Grüße '.repeat(1000)),
}

const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/echo': async (request, response) => {
    const body = await bodyOf(request).catch(() => Buffer.alloc(0))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method: request.method, headers: request.headers, body: body.toString('base64') }))
  },
  '/cookies': (_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('x-many', ['one', 'two'])
    response.end('ok')
  },
  '/one-cookie': (_request, response) => response.setHeader('set-cookie', 'a=1').end(),
  '/latin': (_request, response) =>
    response.setHeader('content-type', 'text/plain; charset=iso-8859-1').end(Buffer.from('Grüße', 'latin1')),
  '/odd': (_request, response) => response.setHeader('content-type', 'text/plain; charset=klingon').end('Grüße'),
  '/nothing': (_request, response) => response.writeHead(204).end(),
  '/silent': () => {},
  '/drip': (_request, response) => slowly(response, '.'),
  '/endless': (_request, response) => {
    const chunk = Buffer.alloc(200_000)
    const body = new Readable({ read: () => void body.push(chunk) })
    body.pipe(response)
    response.on('close', () => body.destroy())
  },
  '/bomb': (_request, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(BOMB), { level: 9 })),
  '/double-bomb': (_request, response) =>
    response.setHeader('content-encoding', 'gzip, gzip').end(gzipSync(gzipSync(Buffer.alloc(BOMB)))),
  '/many-layers': (_request, response) => response.setHeader('content-encoding', 'gzip, gzip, gzip, gzip').end('x'),
  '/unknown-coding': (_request, response) => response.setHeader('content-encoding', 'lzma').end('x'),
  '/not-gzip': (_request, response) => response.setHeader('content-encoding', 'gzip').end('this is not gzip'),
  '/cut-gzip': (_request, response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.from('x'.repeat(90_000))).subarray(0, 60)),
  '/large': (_request, response) => response.end(Buffer.alloc(300_000, 'x')),
}
const listener: RequestListener = (request, response) => {
  const path = new URL(request.url ?? '', 'http://x').pathname
  const name = path.replace('/packed/', '')
  const bytes = packed[name]
  if (bytes) response.setHeader('content-encoding', name === 'raw' ? 'deflate' : name).end(bytes)
  else (answers[path] ?? ((_q, r) => r.writeHead(404).end('no')))(request, response)
}

describe('calls to other hosts', () => {
  const server = createServer(listener)
  let base: string
  before(async () => {
    base = `http://127.0.0.1:${await listen(server)}`
  })
  after(async () => {
    await out.close()
    server.closeAllConnections()
    for (const one of open) one.close()
  })
  const call = (path: string, more: Partial<OutboundRequest> = {}, signal = never) =>
    out.call({ method: 'GET', url: path.startsWith('/') ? base + path : path, ...more }, signal)
  const read = async (path: string, more: Partial<OutboundRequest> = {}) => (await call(path, more)).text()

  test('method, headers and body arrive, and what comes back is told', async () => {
    const request = { method: 'post', headers: { 'X-A': 'b', 'content-type': 'text/plain' }, body: 'Grüße' }
    const reply = await call('/echo?a=1#part', request)
    assert.deepEqual([reply.status, reply.url, reply.headers['content-type']], [200, `${base}/echo?a=1`, 'application/json'])
    const { method, headers, body } = JSON.parse(await reply.text())
    assert.deepEqual([method, headers['x-a'], Buffer.from(body, 'base64').toString()], ['POST', 'b', 'Grüße'])
    assert.equal(headers['user-agent'], 'PromptPilot')
    await assert.rejects(reply.text(), /only once/)
  })

  test('a body may be text, bytes or a stream', async () => {
    const chunks = async function* () {
      yield Buffer.from('one ')
      yield new TextEncoder().encode('two')
    }
    for (const [body, length] of [
      ['one two', '7'],
      [Buffer.from('one two'), '7'],
      [new TextEncoder().encode('one two'), '7'],
      [chunks(), undefined],
    ] as const) {
      const echo = JSON.parse(await read('/echo', { method: 'PUT', body }))
      assert.equal(Buffer.from(echo.body, 'base64').toString(), 'one two')
      assert.equal(echo.headers['content-length'], length)
    }
  })

  test('the length of a stream may be said, and must be right', async () => {
    const chunks = async function* () {
      yield Buffer.from('one two')
    }
    const send = (length: string) => call('/echo', { method: 'PUT', body: chunks(), headers: { 'content-length': length } })
    const echo = JSON.parse(await (await send('7')).text())
    assert.deepEqual([echo.headers['content-length'], echo.headers['transfer-encoding']], ['7', undefined])
    await assert.rejects(send('5'), fails('outbound.bad_request', /content-length/))
    await assert.rejects(send('9'), fails('outbound.bad_request', /content-length/))
    await assert.rejects(send('7, 8'), fails('outbound.bad_request', /set by us/))
  })

  test('a stream that breaks breaks the call with its reason', async () => {
    const chunks = async function* () {
      yield Buffer.from('one ')
      throw new Error('the file is gone')
    }
    await assert.rejects(call('/echo', { method: 'POST', body: chunks() }), (error: Fault) => {
      assert.match(String(error.cause), /the file is gone/)
      return true
    })
  })

  test('headers with several values are joined, cookies are a list', async () => {
    const { headers } = await call('/cookies')
    assert.deepEqual([headers['set-cookie'], headers['x-many']], [['a=1', 'b=2'], 'one, two'])
    assert.deepEqual((await call('/one-cookie')).headers['set-cookie'], ['a=1'])
  })

  test('a text is read in its own letters', async () => {
    assert.equal(await read('/latin'), 'Grüße')
    assert.equal(await read('/odd'), 'Grüße')
  })

  test('what is packed is unpacked, and no header speaks of the wire any more', async () => {
    for (const name of Object.keys(packed)) {
      const reply = await call(`/packed/${name}`)
      assert.equal(await reply.text(), 'Grüße '.repeat(1000), name)
      assert.deepEqual([reply.headers['content-encoding'], reply.headers['content-length']], [undefined, undefined])
    }
  })

  test('answers without a body end at once', async () => {
    for (const [path, method] of [
      ['/nothing', 'GET'],
      ['/large', 'HEAD'],
      ['/packed/gzip', 'HEAD'],
    ] as const)
      assert.equal((await (await call(path, { method, maxBytes: 10 })).bytes()).length, 0)
  })

  test('an answer is never larger than its limit, however it comes', async () => {
    await assert.rejects(call('/large', { maxBytes: 299_999 }), fails('outbound.too_large', /299999 bytes/))
    assert.equal((await (await call('/large', { maxBytes: 300_000 })).bytes()).length, 300_000)
    await assert.rejects(read('/endless', { maxBytes: 500_000 }), fails('outbound.too_large', /500000/))
    for (const path of ['/bomb', '/double-bomb'])
      await assert.rejects(read(path, { maxBytes: 100_000 }), fails('outbound.too_large', /100000/))
    await assert.rejects(read('/many-layers'), fails('outbound.unreachable', /gzip, gzip/))
    await assert.rejects(read('/unknown-coding'), fails('outbound.unreachable', /lzma/))
    await assert.rejects(read('/not-gzip'), fails('outbound.unreachable', /compression is broken/))
    await assert.rejects(read('/cut-gzip'), fails('outbound.unreachable', /compression is broken/))
  })

  test('a length that lies is a fault', async () => {
    const less = await plain(socket => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort'))
    await assert.rejects(read(`http://127.0.0.1:${less}/`), fails('outbound.unreachable', /hung up|less than/))
    const more = await plain(socket => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nlonger'))
    assert.equal(await read(`http://127.0.0.1:${more}/`), 'lo')
  })

  test('chunks that break off are a fault', async () => {
    const cut = await plain(
      socket => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe'),
    )
    await assert.rejects(read(`http://127.0.0.1:${cut}/`), fails('outbound.unreachable', /hung up before the answer/))
  })

  test('the time limit covers the wait, the head and the whole body', async () => {
    await assert.rejects(call('/silent', { timeout: 60 }), fails('outbound.timeout', /did not answer within 0\.06 seconds/))
    // Where it ended says what is told; on a busy machine it may end before the head has come.
    let words = /did not answer/
    const dripping = call('/drip', { timeout: 100 }).then(reply => {
      words = /began to answer/
      return reply.text()
    })
    await assert.rejects(dripping, (error: Error) => fails('outbound.timeout', words)(error))
    const mute = await plain(() => {})
    await assert.rejects(call(`http://127.0.0.1:${mute}/`, { timeout: 60 }), fails('outbound.timeout', /did not answer/))
    const loris = await plain(socket => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x-a: b\r\n'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    await assert.rejects(call(`http://127.0.0.1:${loris}/`, { timeout: 100 }), fails('outbound.timeout', /did not answer/))
  })

  test('an answer nobody reads is let go when its time is over', async () => {
    const own = makeOutbound({ allow: ['127.0.0.0/8'], log: silent })
    const closed = new Promise<void>(resolve => {
      const watch = (request: IncomingMessage, response: ServerResponse) => {
        if (request.url !== '/endless?unread') return
        server.off('request', watch)
        response.on('close', resolve)
      }
      server.on('request', watch)
    })
    await own.call({ method: 'GET', url: `${base}/endless?unread`, timeout: 2_000 }, never)
    await closed
    await own.close()
  })

  test('who gives up is heard at every stage, with the reason that was given', async () => {
    const reason = new Error('cancelled by a person')
    await assert.rejects(call('/echo', {}, AbortSignal.abort(reason)), reason)

    const looking = new AbortController()
    const lookup = () => {
      looking.abort(reason)
      return new Promise<never>(() => {})
    }
    const late = makeOutbound({ allow: [], log: silent, lookup, connectTimeout: 100 })
    await assert.rejects(late.call({ method: 'GET', url: 'http://slow.example/' }, looking.signal), reason)
    await late.close()

    const waiting = new AbortController()
    server.once('request', () => waiting.abort(reason))
    await assert.rejects(call('/silent', {}, waiting.signal), reason)

    const reading = new AbortController()
    const reply = await call('/drip', {}, reading.signal)
    const parts = async () => {
      for await (const _part of reply.stream()) reading.abort(reason)
    }
    await assert.rejects(parts(), reason)
  })

  test('a call that is done leaves nothing at the signal of the caller', async () => {
    const own = new AbortController()
    await (await call('/echo', {}, own.signal)).text()
    await (await call('/nothing', {}, own.signal)).text()
    await assert.rejects(call('http://127.0.0.1:1/', {}, own.signal))
    for await (const _chunk of (await call('/large', {}, own.signal)).stream()) break
    assert.equal(getEventListeners(own.signal, 'abort').length, 0)
  })

  test('a host that cannot be reached is told in words', async () => {
    const closed = await plain(() => {})
    open.at(-1)?.close()
    await assert.rejects(call(`http://127.0.0.1:${closed}/`), fails('outbound.unreachable', /refused the connection/))
    const rude = await plain(socket => socket.once('data', () => socket.resetAndDestroy()))
    await assert.rejects(call(`http://127.0.0.1:${rude}/`), fails('outbound.unreachable', /hung up/))
    const strange = await plain(socket => void socket.end('SSH-2.0-OpenSSH\r\n'))
    await assert.rejects(call(`http://127.0.0.1:${strange}/`), fails('outbound.unreachable', /not HTTP|hung up/))
    const huge = await plain(socket => void socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`))
    await assert.rejects(call(`http://127.0.0.1:${huge}/`), fails('outbound.unreachable', /more headers than are read/))
    const nowhere = makeOutbound({ allow: [], log: silent, lookup: () => Promise.reject(new Error('ENOTFOUND')) })
    await assert.rejects(
      nowhere.call({ method: 'GET', url: 'http://nowhere.example/' }, never),
      fails('outbound.unknown_host', /./),
    )
    await nowhere.close()
  })

  test('a certificate that nobody vouches for is told in words', async () => {
    const secure = await listen(createSecure({ key: KEY, cert: CERT }, listener))
    await assert.rejects(
      call(`https://127.0.0.1:${secure}/echo`),
      fails('outbound.unreachable', /cannot be trusted: its certificate is signed by itself/),
    )
    await assert.rejects(
      call(`https://127.0.0.1:${new URL(base).port}/echo`),
      fails('outbound.unreachable', /does not speak TLS.*http:\/\/ instead of https/),
    )
  })

  test('what cannot be an address or a request is refused before anything is sent', async () => {
    for (const url of [
      '',
      'example.org',
      '/path',
      'ftp://example.org/',
      'file:///etc/passwd',
      'javascript:1',
      'http://',
      'http://[fe80::1%25eth0]/',
    ])
      await assert.rejects(out.call({ method: 'GET', url }, never), fails('outbound.bad_url', /The address/), url)
    await assert.rejects(call('http://user:secret@example.org/'), (error: Fault) => {
      assert.doesNotMatch(error.message, /secret@/)
      return fails('outbound.bad_url', /credential/)(error)
    })
    for (const method of ['', 'G E T', 'GET\r\nX: y', 'CONNECT'])
      await assert.rejects(call('/echo', { method }), fails('outbound.bad_request', /method/))
    for (const headers of [
      { host: 'inner' },
      { 'Content-Length': '3' },
      { 'transfer-encoding': 'chunked' },
      { connection: 'close' },
      { 'x-a': 'b\r\nx-c: d' },
      { 'x-a': 'b\u0000' },
      { 'x-a': '漢' },
      { 'bad name': 'x' },
      { '': 'x' },
    ])
      await assert.rejects(call('/echo', { headers }), fails('outbound.bad_request', /header/), JSON.stringify(headers))
  })

  test('many calls at once each get their own answer, over connections that are used again', async () => {
    const own = makeOutbound({ allow: ['127.0.0.0/8'], log: silent })
    let connections = 0
    const count = () => {
      connections += 1
    }
    server.on('connection', count)
    const one = async (at: number) => {
      const reply = await own.call({ method: 'POST', url: `${base}/echo`, body: String(at) }, never)
      return Buffer.from(JSON.parse(await reply.text()).body, 'base64').toString()
    }
    const all = Array.from({ length: 400 }, (_, at) => at)
    assert.deepEqual(await Promise.all(all.map(one)), all.map(String))
    const most = connections
    assert.ok(most <= 256)
    for (const at of all.slice(0, 20)) await one(at)
    assert.ok(connections < most + 20, 'none was used again')
    server.off('connection', count)
    await own.close()
  })
})
