import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as ask, createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Fault } from '#errors.ts'
import { makeLog } from '#log.ts'
import type { Lookup } from './guard.ts'
import { makeOutbound, type OutboundRequest } from './outbound.ts'

type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

const never = new AbortController().signal
const fails = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === code, String(error))
  assert.match(error.message, words)
  return true
}
async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

describe('redirects and addresses that lead inside', () => {
  const heard: Heard[] = []
  const lines: Record<string, unknown>[] = []
  const log = makeLog({ level: 'debug', format: 'json', out: { write: line => void lines.push(JSON.parse(line)) } })
  const lookups: string[] = []
  const names: Record<string, string[]> = {}
  const lookup: Lookup = async host => {
    lookups.push(host)
    return (names[host] ?? []).map(address => ({ address, family: 4 }))
  }
  /** `/to/307?URL` redirects there; everything else answers. */
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    heard.push({ method: request.method ?? '', path: url.pathname, headers: request.headers, body: await textOf(request) })
    const [, status] = /^\/to\/(\d+)/.exec(url.pathname) ?? []
    if (status) response.writeHead(Number(status), { location: decodeURIComponent(url.search.slice(1)) }).end('elsewhere')
    else if (url.pathname === '/round') response.writeHead(302, { location: '/round' }).end()
    else if (url.pathname === '/lost') response.writeHead(302).end('no address')
    else response.end('here')
  })
  const out = makeOutbound({ allow: ['127.0.0.1'], log, lookup })
  const strict = makeOutbound({ allow: [], log, lookup })
  let port: number
  let base: string
  let other: string
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    base = `http://127.0.0.1:${port}`
    other = `http://other.example:${port}`
    names['other.example'] = ['127.0.0.1']
  })
  after(async () => {
    await out.close()
    await strict.close()
    server.closeAllConnections()
    server.close()
  })
  async function go(url: string, more: Partial<OutboundRequest> = {}) {
    heard.length = 0
    const reply = await out.call({ method: 'GET', url, ...more }, never)
    return { reply, text: await reply.text(), last: heard.at(-1) }
  }
  const to = (status: number, url: string) => `${base}/to/${status}?${encodeURIComponent(url)}`

  test('a redirect is followed, and the reply says where it ended', async () => {
    const { reply, text } = await go(to(302, '/there?a=1'))
    assert.deepEqual([reply.status, reply.url, text, heard.length], [200, `${base}/there?a=1`, 'here', 2])
  })

  test('a redirect without an address, or one that nobody wants to follow, is the answer', async () => {
    assert.equal((await go(`${base}/lost`)).reply.status, 302)
    const { reply, text } = await go(to(307, '/there'), { redirects: 0 })
    assert.deepEqual([reply.status, reply.headers.location, text], [307, '/there', 'elsewhere'])
  })

  test('the method and the body go along as browsers do it', async () => {
    const cases: [number, string, string, string][] = [
      [301, 'POST', 'GET', ''],
      [302, 'POST', 'GET', ''],
      [303, 'POST', 'GET', ''],
      [303, 'PUT', 'GET', ''],
      [303, 'HEAD', 'HEAD', ''],
      [302, 'PUT', 'PUT', 'body'],
      [307, 'POST', 'POST', 'body'],
      [308, 'PATCH', 'PATCH', 'body'],
    ]
    for (const [status, method, then, body] of cases) {
      const sent = method === 'HEAD' ? {} : { body: 'body', headers: { 'content-type': 'text/x' } }
      const { last } = await go(to(status, '/there'), { method, ...sent })
      assert.deepEqual([last?.method, last?.body], [then, body], `${status} ${method}`)
      assert.equal(last?.headers['content-type'], body ? 'text/x' : undefined)
    }
  })

  test('a stream cannot be sent twice, and that is said', async () => {
    const chunks = async function* () {
      yield Buffer.from('body')
    }
    await assert.rejects(
      go(to(307, '/there?secret=1'), { method: 'POST', body: chunks() }),
      (error: Fault) =>
        fails('outbound.lost_body', /redirects to http:\/\/127.*\/there, and/)(error) && !/secret/.test(error.message),
    )
    const { last } = await go(to(303, '/there'), { method: 'POST', body: chunks() })
    assert.deepEqual([last?.method, last?.body], ['GET', ''])
  })

  test('what may hold a credential stays at the origin it was meant for', async () => {
    const headers = { Authorization: 'Bearer a', Cookie: 'b=c', 'X-Api-Key': 'd', 'x-anything': 'e', Accept: 'text/html' }
    const { last: same } = await go(to(302, '/there'), { headers })
    assert.deepEqual([same?.headers.authorization, same?.headers.cookie, same?.headers['x-api-key']], ['Bearer a', 'b=c', 'd'])
    const { last } = await go(to(307, `${other}/there`), { headers })
    assert.equal(last?.headers.host, `other.example:${port}`)
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-anything']) assert.equal(last?.headers[name], undefined, name)
    assert.equal(last?.headers.accept, 'text/html')
    const back = await go(to(307, `${other}/to/307?${encodeURIComponent(`${base}/back`)}`), { headers })
    assert.equal(back.last?.path, '/back')
    assert.equal(back.last?.headers.authorization, undefined)
  })

  test('there is an end to redirects', async () => {
    await assert.rejects(go(`${base}/round`), fails('outbound.too_many_redirects', /more than 5 times/))
    assert.equal(heard.length, 6)
    await assert.rejects(go(`${base}/round`, { redirects: 1000 }), fails('outbound.too_many_redirects', /more than 20 times/))
  })

  test('every address that a redirect leads to is checked', async () => {
    names['inner.example'] = ['10.0.0.1']
    const inside = [
      'http://169.254.169.254/latest/meta-data/',
      'http://2852039166/',
      'http://0251.0376.0251.0376/',
      'http://0xa9fea9fe/',
      'http://[::ffff:169.254.169.254]/',
      'http://[::1]:80/',
      'http://[64:ff9b::a9fe:a9fe]/',
      'http://127.0.0.2/',
      'http://inner.example/',
      'http://inner.example./',
      '//10.0.0.1/',
    ]
    for (const url of inside) await assert.rejects(go(to(302, url)), fails('outbound.blocked', /OUTBOUND_ALLOW/), url)
    for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'http://', 'http://user:pass@127.0.0.1/'])
      await assert.rejects(go(to(302, url)), fails('outbound.bad_url', /redirects to an address that/), url)
    assert.ok(lines.some(line => line.level === 40 && /169\.254\.169\.254/.test(String(line.message))))
  })

  test('without leave nothing of this machine is called, in any spelling and by any name', async () => {
    names['me.example'] = ['127.0.0.1']
    heard.length = 0
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0177.1',
      '0x7f.1',
      '[::ffff:7f00:1]',
      '127.0.0.1.',
      'me.example',
      '0.0.0.0',
      '[::]',
    ]
    for (const host of hosts)
      await assert.rejects(
        strict.call({ method: 'GET', url: `http://${host}:${port}/` }, never),
        fails('outbound.blocked', /not public/),
        host,
      )
    assert.deepEqual(heard, [])
  })

  test('a name that changes its mind cannot win: the connection goes to what was checked', async () => {
    let turn = 0
    const asked: string[] = []
    const changing = makeOutbound({
      allow: ['127.0.0.1'],
      log,
      async lookup(host) {
        asked.push(host)
        turn += 1
        return [{ address: turn === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
      },
    })
    const url = `http://rebind.example:${port}/`
    const reply = await changing.call({ method: 'GET', url, headers: { 'x-a': 'b' } }, never)
    assert.equal(await reply.text(), 'here')
    assert.deepEqual(asked, ['rebind.example'])
    await changing.close()
    const again = await makeOutbound({ allow: ['127.0.0.1'], log, lookup: async () => [{ address: '127.0.0.2', family: 4 }] })
    await assert.rejects(again.call({ method: 'GET', url }, never), fails('outbound.blocked', /127\.0\.0\.2/))
  })

  test('of several addresses only those are connected to that may be', async () => {
    names['both.example'] = ['10.0.0.1', '127.0.0.1']
    assert.equal((await go(`http://both.example:${port}/`)).text, 'here')
  })

  describe('through a proxy', () => {
    const seen: { url: string; auth: string | undefined }[] = []
    const proxy = createServer((request, response) => {
      seen.push({ url: request.url ?? '', auth: request.headers['proxy-authorization'] })
      if (request.url?.includes('/forbidden')) return void response.writeHead(407).end()
      const url = new URL(request.url ?? '')
      const onward = { host: '127.0.0.1', port: url.port, path: url.pathname, headers: { host: url.host } }
      ask(onward, answer => void answer.pipe(response)).end()
    })
    proxy.on('connect', (request, socket) => {
      seen.push({ url: request.url ?? '', auth: request.headers['proxy-authorization'] })
      socket.on('error', () => {})
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      onward.on('error', () => socket.destroy())
    })
    let through: string
    before(async () => {
      proxy.listen(0, '127.0.0.1')
      await once(proxy, 'listening')
      through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    })
    after(() => {
      proxy.closeAllConnections()
      proxy.close()
    })

    test('it carries the call, and is told its own user name and nobody else is', async () => {
      const { text, last } = await go(`${other}/there`, { proxy: through.replace('//', '//me:p%40ss@') })
      assert.equal(text, 'here')
      assert.deepEqual(seen.splice(0), [{ url: `${other}/there`, auth: `Basic ${Buffer.from('me:p@ss').toString('base64')}` }])
      assert.equal(last?.headers['proxy-authorization'], undefined)
    })

    test('a secure call is tunnelled', async () => {
      await assert.rejects(go(`https://other.example:${port}/`, { proxy: through }), fails('outbound.unreachable', /TLS/))
      assert.deepEqual(seen.splice(0), [{ url: `other.example:${port}`, auth: undefined }])
    })

    test('it is checked itself, and so is where the call goes', async () => {
      for (const bad of ['http://10.0.0.1:3128', 'http://inner.example:3128', 'http://[::1]:1'])
        await assert.rejects(go(`${other}/`, { proxy: bad }), fails('outbound.blocked', /./), bad)
      for (const bad of ['ftp://127.0.0.1', 'nonsense', 'socks5://127.0.0.1'])
        await assert.rejects(go(`${other}/`, { proxy: bad }), fails('outbound.bad_url', /proxy/), bad)
      for (const url of ['http://169.254.169.254/', 'http://inner.example/', 'https://10.0.0.1/'])
        await assert.rejects(go(url, { proxy: through }), fails('outbound.blocked', /./), url)
      assert.deepEqual(seen, [])
    })

    test('what it refuses is told', async () => {
      await assert.rejects(
        go(`${other}/forbidden`, { proxy: through }),
        fails('outbound.unreachable', /user name and a password/),
      )
      await assert.rejects(
        go(`${other}/`, { proxy: 'http://127.0.0.1:1' }),
        fails('outbound.unreachable', /called through a proxy, refused the connection/),
      )
    })
  })
})
