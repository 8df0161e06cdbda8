import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { type Log, makeLog } from './log.ts'

type Told = { type?: string; message?: string; stack?: string; code?: string; cause?: Told; errors?: Told[] }
type Line = Record<string, unknown> & { message?: string; err?: Told; deep?: { list: string[] } }

/** What a log writes, line by line. */
function written(write: (log: Log) => void, level = 'debug'): Line[] {
  const lines: string[] = []
  write(makeLog({ level, format: 'json', out: { write: line => void lines.push(line) } }))
  return lines.map(line => {
    assert.match(line, /^[^\n]*\n$/)
    return JSON.parse(line)
  })
}
const one = (fields: object, message = 'said') => written(log => log.info(fields, message))[0] ?? {}

test('a line is one object: when, how important, what, and for programs the fields', () => {
  const { time, ...rest } = one({ request: 'req_1', count: 2, list: ['a'], nothing: null, left: undefined })
  assert.deepEqual(rest, { level: 30, request: 'req_1', count: 2, list: ['a'], nothing: null, message: 'said' })
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('what is less important than the level is not written', () => {
  const all = (log: Log) => {
    log.debug({}, 'a')
    log.info({}, 'b')
    log.warn({}, 'c')
    log.error({}, 'd')
  }
  for (const [level, said] of Object.entries({ debug: 'abcd', info: 'bcd', warn: 'cd', error: 'd', silent: '' }))
    assert.equal(
      written(all, level)
        .map(line => line.message)
        .join(''),
      said,
    )
})

test('a child says what it was given in every line', () => {
  const [line] = written(log => log.child({ worker: 'w1', apiKey: 'k-e-y' }).warn({ at: 1 }, 'said'))
  assert.deepEqual([line?.worker, line?.apiKey, line?.at], ['w1', '•••', 1])
})

describe('what is secret is masked', () => {
  test('in fields that are called so, however deep and however written', () => {
    const names = [
      'password',
      'newPassword',
      'PASSPHRASE',
      'token',
      'accessToken',
      'refresh_token',
      'secret',
      'client-secret',
      'Authorization',
      'cookie',
      'set-cookie',
      'apiKey',
      'x-api-key',
      'key',
      'code',
      'codes',
      'privateKey',
      'otp',
      'totp',
      'values',
    ]
    for (const name of names) {
      for (const fields of [
        { [name]: 'hid-den' },
        { a: { [name]: 'hid-den' } },
        { a: [{ b: { [name]: 'hid-den' } }] },
        { [name]: { inner: 'hid-den' } },
        { [name]: ['hid-den'] },
      ])
        assert.ok(!JSON.stringify(one(fields)).includes('hid-den'), JSON.stringify(fields))
    }
  })

  test('but not in fields that only sound like it', () => {
    const fields = { inputTokens: 12, tokens: 3, keys: 4, keyId: 'key_1', status: 'ok', monkey: 'x', encoded: 'x', author: 'x' }
    const { level, time, message, ...rest } = one(fields)
    assert.deepEqual(rest, fields)
  })

  test('inside of texts', () => {
    const texts = {
      'Authorization was Bearer abcdefgh.ijkl-mnop': 'Authorization was Bearer •••',
      'basic YWxhZGRpbjpvcGVuc2VzYW1l!': 'basic •••!',
      'connect postgres://app:hunter2@db:5432/x failed': 'connect postgres://app:•••@db:5432/x failed',
      'smtp://:only@h': 'smtp://:•••@h',
      'GET /x?token=abc&page=2&code=99#y': 'GET /x?token=•••&page=2&code=•••',
      'cookie promptpilot.session_token=abc.def; theme=dark': 'cookie promptpilot.session_token=•••; theme=dark',
      'the key pp_AbC0123456789abcdefghijk was used': 'the key pp_AbC••• was used',
    }
    for (const [text, masked] of Object.entries(texts)) {
      assert.equal(one({ note: text }).note, masked.replace('#y', ''))
      assert.equal(one({}, text).message, masked.replace('#y', ''))
      assert.equal(one({ deep: { list: [text] } }).deep?.list[0], masked.replace('#y', ''))
    }
  })

  test('and links for people stay whole, because without a mail server they are how one gets in', () => {
    const link = 'http://localhost:3000/reset#0123456789abcdefghijklmnop'
    assert.equal(one({ to: 'a@example.org', link }).link, link)
  })

  test('in errors and in their causes', () => {
    const cause = new Error('no route to postgres://u:hid-den@h/d')
    const { err = {} } = one({ err: new Error('it failed with Bearer hid-den-hid-den', { cause }) })
    assert.deepEqual(
      [err.type, err.message, err.cause?.message],
      ['Error', 'it failed with Bearer •••', 'no route to postgres://u:•••@h/d'],
    )
    assert.match(err.stack ?? '', /log\.test\.ts/)
    assert.ok(!JSON.stringify(err).includes('hid-den'))
  })

  test('in whatever a library hangs on its errors, except for the code', () => {
    const hung = {
      code: '23505',
      detail: 'Key (token)=(hid-den) exists',
      parameters: ['hid-den'],
      config: { headers: { x: 'hid-den' } },
      query: 'hid-den',
    }
    const { err = {} } = one({ err: Object.assign(new Error('duplicate key'), hung) })
    assert.deepEqual(Object.keys(err), ['type', 'message', 'code', 'stack'])
    assert.equal(err.code, '23505')
    const all = one({ err: new AggregateError([new Error('a'), new Error('postgres://u:hid-den@h')], 'both') })
    assert.deepEqual(
      all.err?.errors?.map(each => each.message),
      ['a', 'postgres://u:•••@h'],
    )
  })
})

test('anything can be logged: circles, depth, size, functions, bytes and what is no error', () => {
  const circle: Record<string, unknown> = { name: 'circle' }
  circle.self = circle
  let deep: unknown = 'bottom'
  for (let at = 0; at < 10_000; at += 1) deep = { deep }
  for (const value of [
    circle,
    deep,
    'x'.repeat(10_000_000),
    Array.from({ length: 100_000 }, (_, at) => at),
    Buffer.alloc(1_000_000),
    10n ** 30n,
    Symbol('s'),
    () => {},
    new Map([[1, 2]]),
    Number.NaN,
    new Date(0),
  ])
    for (const fields of [{ value }, { err: value }]) assert.ok(JSON.stringify(one(fields)).length < 20_000)
  assert.ok(JSON.stringify(one({ err: new Error('x'.repeat(10_000_000)) })).length < 40_000)
  assert.equal(one({ bytes: Buffer.alloc(5) }).bytes, '5 bytes')
})

describe('beside a process', () => {
  const program = (code: string) =>
    `import { makeLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)}; ${code}`
  const start = (code: string, stdout: 'pipe' | number = 'pipe') =>
    spawn(process.execPath, ['--input-type=module', '-e', program(code)], { stdio: ['ignore', stdout, 'pipe', 'ipc'] })
  async function ended(child: ChildProcess): Promise<{ code: number | null; complaints: string }> {
    let complaints = ''
    child.stderr?.on('data', chunk => {
      complaints += chunk
    })
    const [code] = await once(child, 'close')
    return { code, complaints }
  }

  test('lines for a person have a time, a word and no way to look like another line', async () => {
    const child = start(
      `makeLog({ level: 'info', format: 'text' }).warn({ to: 'a\\nb\\u001b[2J', list: [1], password: 'x' }, 'first\\nsecond')`,
    )
    let said = ''
    child.stdout?.on('data', chunk => {
      said += chunk
    })
    assert.deepEqual(await ended(child), { code: 0, complaints: '' })
    const plain = stripVTControlCharacters(said)
    assert.match(plain, /^\d\d:\d\d:\d\d warn first\\nsecond to=a\\nb\\u001b\[2J list=\[1\] password=•••\n$/)
  })

  test('every line is there when the process ends, also when it ends by force', async () => {
    for (const end of ['', 'process.exit(0)', 'setTimeout(() => process.exit(0), 1)']) {
      const child = start(
        `const log = makeLog({ level: 'info', format: 'json' }); for (let at = 0; at < 500; at += 1) log.info({ at }, 'line'); ${end}`,
      )
      let lines = 0
      child.stdout?.on('data', chunk => {
        lines += String(chunk).split('\n').length - 1
      })
      assert.equal((await ended(child)).code, 0)
      assert.equal(lines, 500, end)
    }
  })

  test('one who stops reading does not stop the process, and does not make it complain', async () => {
    for (const format of ['json', 'text']) {
      const child = start(
        `const log = makeLog({ level: 'info', format: '${format}' }); let at = 0; setInterval(() => log.info({ at }, 'line'), 1); setTimeout(() => { process.send('lives'); process.exit(0) }, 300)`,
      )
      const over = ended(child)
      child.stdout?.once('data', () => child.stdout?.destroy())
      assert.deepEqual(await once(child, 'message'), ['lives', undefined])
      assert.deepEqual(await over, { code: 0, complaints: '' }, format)
    }
  })

  test('one who does not read at all does not hold the process up', async () => {
    const code = `const log = makeLog({ level: 'info', format: 'json' }); const text = 'x'.repeat(1000); let at = 0
      setInterval(() => { for (let i = 0; i < 100; i += 1) log.info({ text, at: at += 1 }, 'line') }, 1)
      process.on('message', () => process.send(at))`
    const child = start(code)
    child.stdout?.pause()
    await sleep(400)
    child.send('how far?')
    const [far] = await once(child, 'message')
    assert.ok(Number(far) > 2_000, `${far} lines`)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})
