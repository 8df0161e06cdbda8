import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { contract } from './contract.ts'
import { serve } from './serve.ts'
import { answersIn, SHORT, speak, type TestFrame, talk, testFrame } from './testing.ts'

const MOST = 200_000

const send = contract({
  method: 'post',
  path: '/api/send',
  area: 'test',
  needs: 'nobody',
  about: 'Takes a file.',
  upload: true,
  query: z.strictObject({ how: z.enum(['all', 'none', 'slowly', 'refused', 'some']).default('all') }),
  reply: z.object({
    name: z.string(),
    type: z.string(),
    size: z.number(),
    hash: z.string(),
    fields: z.record(z.string(), z.string()),
  }),
})

describe('an upload', () => {
  let it: TestFrame
  /** What the one who stores files has seen: whole files, and what broke off. */
  const whole: number[] = []
  const broken: unknown[] = []
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)

  before(async () => {
    process.on('unhandledRejection', note)
    it = await testFrame(
      frame =>
        serve(frame, send, async ({ upload, query }) => {
          const hash = createHash('sha256')
          let size = 0
          if (query.how === 'refused') throw new Fault('auth.required')
          try {
            if (query.how !== 'none')
              for await (const chunk of upload.bytes) {
                size += chunk.length
                if (size > MOST) throw new Fault('file.too_large')
                hash.update(chunk)
                if (query.how === 'slowly') await sleep(100)
                if (query.how === 'some') break
              }
            whole.push(size)
          } catch (error) {
            broken.push(error instanceof Fault ? error.code : error)
            throw error
          }
          return { name: upload.name, type: upload.type, size, hash: hash.digest('hex'), fields: { ...upload.fields } }
        }),
      { fileMaxBytes: MOST, patience: SHORT },
    )
  })
  after(async () => {
    await it.stop()
    await sleep(50)
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
  })

  const part = (headers: string, body: string | Buffer = '') =>
    Buffer.concat([Buffer.from(`--x\r\n${headers}\r\n\r\n`), Buffer.from(body as string), Buffer.from('\r\n')])
  const file = (name: string, body: string | Buffer = 'hello') =>
    part(`content-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain`, body)
  const field = (name: string, value: string | Buffer) => part(`content-disposition: form-data; name="${name}"`, value)
  const END = Buffer.from('--x--\r\n')

  async function post(parts: Uint8Array[], { type = 'multipart/form-data; boundary=x', path = '/api/send', length = -1 } = {}) {
    const body = Buffer.concat(parts)
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${type ? `content-type: ${type}\r\n` : ''}content-length: ${length < 0 ? body.length : length}\r\n\r\n`
    const [answer] = answersIn(await speak(it.port, head, body))
    assert.ok(answer, 'nothing was answered')
    const text = Buffer.from(answer.text, 'latin1').toString()
    return { status: answer.status, body: JSON.parse(text) }
  }
  async function refused(parts: Uint8Array[], status: number, code: string, words?: RegExp, how = {}) {
    whole.length = 0
    const got = await post(parts, how)
    assert.deepEqual([got.status, got.body.code], [status, code], JSON.stringify(got.body))
    if (words) assert.match(got.body.error, words)
    assert.deepEqual(whole, [], 'somebody took it for a whole file')
    assert.equal((await fetch(`${it.url}/api/nothing`)).status, 404)
  }

  test('arrives byte for byte, with its name, its type and the fields before it', async () => {
    const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, at) => at % 256))
    const form = new FormData()
    form.append('bucket', 'generated')
    form.append('note', 'Zoë 🦊 שלום')
    form.append('file', new Blob([bytes], { type: 'image/png' }), 'fox.png')
    const got = await fetch(`${it.url}/api/send`, { method: 'POST', body: form })
    assert.deepEqual(await got.json(), {
      name: 'fox.png',
      type: 'image/png',
      size: 150_000,
      hash: createHash('sha256').update(bytes).digest('hex'),
      fields: { bucket: 'generated', note: 'Zoë 🦊 שלום' },
    })
  })

  test('may be empty, and may look like a boundary where it is none', async () => {
    assert.equal((await post([file('empty.txt', ''), END])).body.size, 0)
    assert.equal((await post([file('a.txt', 'one\r\n--y\r\n-x--x\r\ntwo'), END])).body.size, 20)
  })

  test('with any name arrives, and no name is a path', async () => {
    const names = {
      'a.txt': 'a.txt',
      '../../etc/passwd': 'passwd',
      'C:\\\\temp\\\\x.doc': 'x.doc',
      '🦊 שלום.txt': '🦊 שלום.txt',
      'say \\"hi\\".txt': 'say "hi".txt',
    }
    for (const [sent, name] of Object.entries(names)) assert.equal((await post([file(sent), END])).body.name, name, sent)
    assert.equal((await post([file(`${'a'.repeat(5_000)}.txt`), END])).status, 200)
    assert.equal((await post([file(''), END])).status, 200)
    const hidden = part('content-disposition: form-data; name="file"; filename="a\0b.txt"', 'x')
    assert.ok([200, 400].includes((await post([hidden, END])).status))
  })

  test('without a boundary, or of another type, is refused', async () => {
    await refused([file('a'), END], 400, 'request.bad_multipart', undefined, { type: 'multipart/form-data' })
    await refused([file('a'), END], 400, 'request.bad_multipart', undefined, { type: 'multipart/form-data; boundary=' })
    await refused([Buffer.from('{}')], 415, 'request.wrong_type', /multipart\/form-data/, { type: 'application/json' })
    await refused([Buffer.from('abc')], 415, 'request.wrong_type', undefined, { type: 'text/plain' })
    await refused([Buffer.from('abc')], 415, 'request.wrong_type', undefined, { type: '' })
    await refused([], 415, 'request.wrong_type', undefined, { type: '' })
  })

  test('without a file is refused', async () => {
    await refused([END], 400, 'file.missing')
    await refused([field('a', 'b'), END], 400, 'file.missing')
    await refused([], 400, 'file.missing')
  })

  test('that is broken off where the body ends is refused', async () => {
    const cut = file('a.txt', 'x'.repeat(1_000))
    for (const length of [3, 20, 60, 110, 500, cut.length - 2, cut.length])
      await refused([cut.subarray(0, length)], 400, 'request.bad_multipart')
    await refused([Buffer.from('no multipart at all')], 400, 'request.bad_multipart')
    await refused([Buffer.from('--x\r\nno header\r\n'), END], 400, 'file.missing')
  })

  test('of two files, or with a field behind the file, is refused', async () => {
    await refused([file('a'), file('b'), END], 400, 'request.bad_multipart')
    await refused([file('a'), field('bucket', 'generated'), END], 400, 'request.bad_multipart', /before the file/)
  })

  test('with fields that are too many, too long or make no sense is refused', async () => {
    await refused([field('a', 'x'.repeat(10_001)), file('a'), END], 413, 'request.too_large', /"a" is longer than 10000 bytes/)
    await refused([field('a', '1'), field('a', '2'), file('a'), END], 400, 'request.bad_multipart', /"a" stands twice/)
    await refused([...Array.from({ length: 30 }, (_, at) => field(`f${at}`, '1')), file('a'), END], 400, 'request.bad_multipart')
    await refused([field('a', 'b\0c'), file('a'), END], 400, 'request.bad_multipart', /NUL/)
    await refused([field('a', Buffer.from([0xff, 0xfe])), file('a'), END], 400, 'request.bad_multipart', /UTF-8/)
    const json = part('content-disposition: form-data; name="a"\r\ncontent-type: application/json', '{"b":1}')
    await refused([json, file('a'), END], 400, 'request.bad_multipart', /not text/)
    for (const name of ['__proto__', 'constructor', 'toString'])
      await refused([field(name, 'x'), file('a'), END], 400, 'request.bad_multipart')
  })

  test('that is too large is refused, while it is sent and with all that follows', async () => {
    await refused([file('a', 'x'.repeat(MOST + 1)), END], 413, 'file.too_large')
    await refused([file('a', 'x'.repeat(20 * MOST)), END], 413, 'file.too_large')
    assert.equal((await post([file('a', 'x'.repeat(MOST)), END])).body.size, MOST)
  })

  test('that is refused for another reason is not read, and the refusal arrives', async () => {
    await refused([file('a', 'x'.repeat(10 * MOST)), END], 401, 'auth.required', undefined, { path: '/api/send?how=refused' })
    await refused([file('a', 'x'.repeat(10 * MOST)), END], 400, 'request.invalid', undefined, { path: '/api/send?how=odd' })
  })

  test('that nobody reads, or not to its end, does not hold the connection', async () => {
    assert.equal((await post([file('a', 'x'.repeat(10 * MOST)), END], { path: '/api/send?how=none' })).status, 200)
    assert.equal((await post([file('a', 'x'.repeat(10 * MOST)), END], { path: '/api/send?how=some' })).status, 200)
  })

  test('whose sender goes away in the middle is never taken for whole', async () => {
    whole.length = broken.length = 0
    const head =
      'POST /api/send HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 100000\r\n\r\n'
    for (let times = 0; times < 10; times += 1) {
      const one = talk(it.port)
      one.say(head)
      one.say(file('a', 'x'.repeat(5_000)).subarray(0, 3_000))
      await sleep(10)
      if (times % 2) one.socket.resetAndDestroy()
      else one.socket.end()
    }
    await sleep(500)
    assert.deepEqual(whole, [])
    assert.equal(broken.length, 10)
    assert.ok(
      broken.every(code => code === 'request.bad_multipart' || code === 'request.too_slow'),
      JSON.stringify(broken),
    )
  })

  test('that stalls is given up and told so', async () => {
    for (const begun of [
      Buffer.from(''),
      Buffer.from('--x\r\ncontent-disp'),
      field('a', 'b'),
      file('a', 'x'.repeat(3_000)).subarray(0, 1_000),
    ]) {
      broken.length = whole.length = 0
      const one = talk(it.port)
      one.say(
        'POST /api/send HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 100000\r\n\r\n',
      )
      one.say(begun)
      const [answer] = answersIn(await one.closed)
      assert.deepEqual([answer?.status, answer?.body.code], [408, 'request.too_slow'])
      assert.deepEqual(whole, [])
    }
    assert.deepEqual(broken, ['request.too_slow'])
  })

  test('that comes slowly but comes is waited for, and so is the one who stores it', async () => {
    const body = Buffer.concat([file('a', 'x'.repeat(1_000)), END])
    const one = talk(it.port)
    one.say(
      `POST /api/send?how=slowly HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    for (let at = 0; at < body.length; at += 200) {
      one.say(body.subarray(at, at + 200))
      await sleep(150)
    }
    assert.equal(answersIn(await one.closed)[0]?.status, 200)
  })

  test('is not taken where none is expected', async () => {
    const got = await post([file('a'), END], { path: '/api/nothing' })
    assert.equal(got.status, 404)
  })
})
