import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { serveStatic } from './static.ts'
import { answersIn, speak, type TestFrame, testFrame } from './testing.ts'

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))})`
const PAGE = '<!doctype html><title>PromptPilot</title>'

describe('the browser part', () => {
  let it: TestFrame
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-pages-'))
    const dist = join(folder, 'dist')
    await mkdir(join(dist, 'assets'), { recursive: true })
    await writeFile(join(dist, 'index.html'), PAGE)
    await writeFile(join(dist, 'index.html.gz'), gzipSync(PAGE))
    await writeFile(join(dist, 'assets/app-a1b2c3.js'), SCRIPT)
    await writeFile(join(dist, 'assets/app-a1b2c3.js.br'), brotliCompressSync(SCRIPT))
    await writeFile(join(dist, 'assets/app-a1b2c3.js.gz'), gzipSync(SCRIPT))
    await writeFile(join(dist, 'assets/plain-d4e5.css'), 'body{}')
    await writeFile(join(dist, 'favicon.svg'), '<svg/>')
    await writeFile(join(dist, '.secret'), 'secret')
    await writeFile(join(folder, 'outside.txt'), 'outside')
    await symlink(join(folder, 'outside.txt'), join(dist, 'assets/link.txt'))
    it = await testFrame(frame => serveStatic(frame, dist))
  })
  after(async () => {
    await it.stop()
    await rm(folder, { recursive: true })
  })

  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const heard = await speak(it.port, `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines.join('')}\r\n`)
    const end = heard.indexOf('\r\n\r\n')
    const [answer] = answersIn(
      method === 'HEAD' ? heard : `${heard.slice(0, end)}\r\ncontent-length: ${heard.length - end - 4}${heard.slice(end)}`,
    )
    assert.ok(answer)
    return answer
  }

  test('is shown at every address that is not of a program', async () => {
    for (const path of [
      '/',
      '/login',
      '/workflows/wf_1/edit',
      '/settings?x=1',
      '/reset',
      '/apis',
      '/api/docs',
      'http://elsewhere/login',
    ]) {
      const { status, text, headers } = await ask(path)
      assert.deepEqual([status, text], [200, PAGE], path)
      assert.match(headers['content-type'] ?? '', /^text\/html/)
      assert.equal(headers['cache-control'], 'no-cache')
      assert.match(headers['content-security-policy'] ?? '', /script-src 'self'/)
    }
  })

  test('is not shown where a program or a file was asked for', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api?x',
      '/hooks/key',
      '/mcp',
      '/.well-known/oauth-protected-resource',
      '/metrics',
      '/assets/gone-123.js',
      '/robots.txt',
      '/wp-login.php',
    ]) {
      const { status, body } = await ask(path)
      assert.deepEqual([status, body.code], [404, 'request.not_found'], path)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      assert.deepEqual((await ask('/login', {}, method)).body.code, 'request.not_found')
  })

  test('has files that are kept for ever, because their names change with what is in them', async () => {
    const { status, headers, text } = await ask('/assets/app-a1b2c3.js')
    assert.deepEqual([status, text], [200, SCRIPT])
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.match(headers['content-type'] ?? '', /javascript/)
    assert.equal((await ask('/favicon.svg')).headers['cache-control'], 'no-cache')
  })

  test('is sent as it was packed when it was built', async () => {
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip, br;q=0', 'gzip'],
    ] as const) {
      const { headers } = await ask('/assets/app-a1b2c3.js', { 'accept-encoding': accepted })
      assert.equal(headers['content-encoding'], encoding, accepted)
      assert.match(headers['content-type'] ?? '', /javascript/)
      assert.match(headers.vary ?? '', /accept-encoding/i)
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    }
    assert.equal((await ask('/assets/plain-d4e5.css', { 'accept-encoding': 'br' })).headers['content-encoding'], undefined)
    assert.equal((await ask('/login', { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip')
    const got = await fetch(`${it.url}/assets/app-a1b2c3.js`)
    assert.equal(await got.text(), SCRIPT)
  })

  test('is not sent again to those who have it', async () => {
    for (const path of ['/', '/assets/app-a1b2c3.js', '/favicon.svg', '/login']) {
      const { headers } = await ask(path)
      assert.ok(headers.etag, path)
      const again = await ask(path, { 'if-none-match': headers.etag })
      assert.deepEqual([again.status, again.text], [304, ''], path)
      assert.match(again.headers['x-frame-options'] ?? '', /DENY/)
      assert.equal((await ask(path, { 'if-none-match': '"other"' })).status, 200)
    }
  })

  test('answers HEAD without the body', async () => {
    for (const path of ['/', '/assets/app-a1b2c3.js', '/login']) {
      const { status, headers } = await ask(path, {}, 'HEAD')
      assert.deepEqual([status, Number(headers['content-length']) > 0], [200, true], path)
    }
  })

  test('shows nothing that is not in its folder', async () => {
    const ways = [
      '/../outside.txt',
      '/assets/../../outside.txt',
      '/%2e%2e/outside.txt',
      '/assets/%2e%2e/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/assets/..%5c..%5coutside.txt',
      '/assets/....//....//outside.txt',
      '//etc/passwd',
      '/%2fetc%2fpasswd',
      `/${'../'.repeat(20)}etc/passwd`,
      '/assets/%252e%252e/%252e%252e/outside.txt',
      '/.secret',
      '/%2esecret',
      '/assets/',
      '/assets',
      '/src/main.ts',
      '/package.json',
    ]
    for (const path of ways) {
      const { status, text } = await ask(path)
      assert.doesNotMatch(text, /outside|root:|^secret$/, path)
      assert.ok([404, 400].includes(status) || text === PAGE, `${path} ${status}`)
    }
  })

  test('that is not built says what to do, and the API works', async () => {
    const none = await testFrame(frame => serveStatic(frame, join(folder, 'nowhere')))
    for (const path of ['/', '/api/docs']) {
      const got = await fetch(none.url + path)
      const body = await got.json()
      assert.deepEqual([got.status, body.error], [404, 'The browser part is not built. Run: npm run build'])
    }
    assert.equal((await (await fetch(`${none.url}/login`)).json()).code, 'request.not_found')
    await none.stop()
  })
})
