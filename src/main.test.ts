import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runProcess, startProcess } from './cli/testing.ts'
import { databases, type Where } from './db/testing.ts'

const PASSWORD = 'correct horse battery staple'
const ANN = { email: 'ann@example.org', password: PASSWORD }

type Answer = { status: number; body: Record<string, unknown>; cookie: string }

async function ask(
  url: string,
  path: string,
  { token = '', body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const got = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: got.status, body: await got.json(), cookie: got.headers.getSetCookie().join() }
}
const itemsOf = (answer: Answer) => answer.body.items as { id: string; name: string }[]

async function listAll(url: string, token: string): Promise<string[]> {
  const names: string[] = []
  let next = ''
  do {
    const answer = await ask(url, `/api/keys?limit=200${next && `&cursor=${next}`}`, { token })
    names.push(...itemsOf(answer).map(({ name }) => name))
    next = String(answer.body.next ?? '')
  } while (next !== '')
  return names
}

for (const kind of databases()) {
  describe(`a server in a process of its own, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    before(async () => {
      where = await kind.place()
    })
    after(() => where.drop())
    const start = (settings = {}) =>
      startProcess(
        ['start'],
        { DATA_DIR: join(where.dir, 'data'), DATABASE_URL: where.url ?? '', RATE_LIMIT: 'off', ...settings },
        where.dir,
      )
    let token = ''

    test('says where it listens in its last line, complains about nothing, and stops when it is told to', async () => {
      const server = start()
      const url = await server.ready()
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.equal(server.lines().at(-1)?.message, `PromptPilot is ready at ${url}`)
      assert.equal(server.out().split(url).length - 1, 2, 'the address stands in one line: as a field and in words')
      const made = await ask(url, '/api/auth/register', { body: { ...ANN, name: 'Ann' } })
      assert.equal(made.status, 201)
      token = String(made.body.token)
      await ask(url, '/api/keys', { token, body: { name: 'before' } })
      const { code, signal, took } = await server.stop()
      assert.deepEqual([code, signal, server.complaints()], [0, null, ''])
      assert.ok(took < 3_000, `${took} ms`)
      assert.equal(server.lines().at(-1)?.message, 'PromptPilot has stopped')
    })

    test('has everything after a restart', async () => {
      const server = start()
      const url = await server.ready()
      assert.ok(!server.out().includes('not a clean one'))
      assert.equal((await ask(url, '/api/auth/login', { body: ANN })).status, 200)
      assert.deepEqual(await listAll(url, token), ['before'])
      await server.stop('SIGINT')
    })

    test('cuts nobody off when it stops under load, and keeps all it acknowledged', async () => {
      const server = start()
      const url = await server.ready()
      const made = { acknowledged: [] as string[], refused: 0, lost: 0 }
      let over = false
      const client = async (who: number) => {
        for (let at = 0; !over; at += 1) {
          const name = `${who}/${at}`
          try {
            const { status, body } = await ask(url, '/api/keys', { token, body: { name } })
            if (status === 201) made.acknowledged.push(name)
            else if (status === 503 && body.code === 'server.stopping') made.refused += 1
            else throw new Error(`${status} ${JSON.stringify(body)}`)
          } catch (error) {
            const code = String(
              error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : error,
            )
            if (code === 'ECONNREFUSED') return
            made.lost += 1
            if (!/ECONNRESET|UND_ERR_SOCKET|EPIPE/.test(code)) throw error
            return
          }
        }
      }
      const clients = Array.from({ length: 20 }, (_, who) => client(who))
      await sleep(500)
      const { code, took } = await server.stop()
      over = true
      await Promise.all(clients)
      assert.deepEqual([code, server.complaints()], [0, ''])
      assert.ok(took < 9_000)
      assert.ok(
        made.acknowledged.length > 20 && made.refused > 0,
        JSON.stringify({ ...made, acknowledged: made.acknowledged.length }),
      )
      const again = start()
      const there = await listAll(await again.ready(), token)
      assert.deepEqual(
        there.filter(name => name !== 'before').toSorted(),
        made.acknowledged.toSorted(),
        'done and acknowledged are the same',
      )
      await again.stop()
    })

    test('killed in the middle of writing, it starts again and has all it acknowledged', async () => {
      const server = start()
      const url = await server.ready()
      const acknowledged: string[] = []
      const client = async (who: number) => {
        for (let at = 0; ; at += 1) {
          const name = `killed/${who}/${at}`
          const answer = await ask(url, '/api/keys', { token, body: { name } }).catch(() => null)
          if (answer === null) return
          if (answer.status === 201) acknowledged.push(name)
        }
      }
      const clients = Array.from({ length: 10 }, (_, who) => client(who))
      await sleep(400)
      assert.equal((await server.stop('SIGKILL')).signal, 'SIGKILL')
      await Promise.all(clients)
      const again = start()
      const there = new Set(await listAll(await again.ready(), token))
      assert.ok(acknowledged.length > 10)
      assert.deepEqual(
        acknowledged.filter(name => !there.has(name)),
        [],
      )
      if (kind.name === 'sqlite') {
        assert.match(again.out(), /the last stop was not a clean one; looking through the database/)
        assert.match(again.out(), /the database is sound/)
      }
      await again.stop()
    })

    test('told to stop before it is ready, it stops well', async () => {
      for (const wait of [150, 400, 800]) {
        const server = start()
        await sleep(wait)
        const { code, signal } = await server.stop()
        assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${server.complaints()}`)
        assert.equal(server.complaints(), '')
      }
      const server = start()
      await server.ready()
      assert.ok(!server.out().includes('not a clean one'))
      await server.stop()
    })

    test('leaves nothing secret in the log of a whole session', async () => {
      const server = start({ LOG_LEVEL: 'debug' })
      const url = await server.ready()
      const login = await ask(url, '/api/auth/login', { body: ANN })
      const session = String(login.body.token)
      const cookie = /session_token=([^;]+)/.exec(login.cookie)?.[1] ?? ''
      assert.ok(cookie.length > 20)
      const key = String((await ask(url, '/api/keys', { token: session, body: { name: 'k' } })).body.key)
      const credential = 'the-value-of-a-credential-42'
      await ask(url, '/api/credentials', { token: session, body: { name: 'c', kind: 'bearer', values: { token: credential } } })
      await ask(url, '/api/auth/login', { body: { ...ANN, password: 'a wrong password 123' } })
      await ask(url, '/api/auth/register', { body: { ...ANN, name: 'Ann', password: 'another password 456' } })
      await ask(url, '/api/me/password', { token: session, body: { current: PASSWORD, password: 'a third password 789' } })
      await ask(url, '/api/me', { headers: { cookie: `promptpilot.session_token=${cookie}` } })
      await ask(url, '/api/me', { headers: { 'x-api-key': key } })
      await ask(url, `/api/me?token=${session}`)
      await ask(url, `/api/nothing/${session}`)
      await ask(url, '/api/keys', { token: session, body: { nonsense: key } })
      await server.stop()
      for (const secret of [
        PASSWORD,
        'wrong password',
        'another password',
        'third password',
        session,
        cookie,
        decodeURIComponent(cookie),
        key,
        credential,
      ])
        assert.ok(!server.out().includes(secret), `${secret} is in the log`)
      assert.ok(server.lines().length > 12)
    })
  })
}

suite('a server that cannot start', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-main-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function refused(settings: Record<string, string>, ...words: RegExp[]): Promise<string> {
    const { code, complaints } = await runProcess(
      ['start'],
      { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...settings },
      folder,
    )
    assert.equal(code, 1, complaints)
    for (const one of words) assert.match(complaints, one)
    assert.doesNotMatch(complaints, /^\s+at |Error:|node:internal/m)
    return complaints
  }

  test('says that the port is taken, and has touched nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    assert.equal(
      await refused({ PORT: String(port), DATA_DIR: join(folder, 'untouched') }, /^Port/),
      `Port ${port} on 127.0.0.1 is taken. Set PORT to another one, or to 0 for any that is free.\n`,
    )
    taken.close()
    await assert.rejects(rm(join(folder, 'untouched'), { recursive: true }))
  })

  test('says that HOST is no address of this machine', async () => {
    for (const host of ['203.0.113.77', 'no such host', '127.0.0.1:3000', '::zz'])
      await refused({ HOST: host }, /^HOST=.* is not an address of this machine\.$/m)
  })

  test('says that DATA_DIR is no folder, or cannot be made or written', async () => {
    await writeFile(join(folder, 'file'), '')
    await refused({ DATA_DIR: join(folder, 'file') }, /The folder .*file/)
    await refused({ DATA_DIR: join(folder, 'file/below') }, /The folder .*below/)
    await refused({ DATA_DIR: '/sys/promptpilot' }, /\/sys\/promptpilot/)
  })

  test('says everything that is wrong with its settings at once, and shows no secret', async () => {
    const complaints = await refused(
      {
        PORT: 'http',
        RATE_LIMIT: 'maybe',
        DATABASE_URL: 'mysql://root:hunter2@h/d',
        PROMPTPILOT_KEY: 'short-secret',
        TRUSTED_PROXIES: '999.1.1.1',
        GITHUB_CLIENT_ID: 'x',
      },
      /PORT=http/,
      /RATE_LIMIT=maybe/,
      /DATABASE_URL=•••/,
      /PROMPTPILOT_KEY=•••/,
      /TRUSTED_PROXIES=999\.1\.1\.1/,
      /GITHUB_CLIENT_SECRET/,
      /\.env\.example/,
    )
    assert.doesNotMatch(complaints, /hunter2|short-secret/)
  })

  test('says that the database does not answer, and not its password', async () => {
    assert.doesNotMatch(
      await refused({ DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/x' }, /No PostgreSQL answers at 127\.0\.0\.1:1/),
      /hunter2/,
    )
  })

  test('says that another one has the folder', async () => {
    const settings = { DATA_DIR: join(folder, 'shared') }
    const first = startProcess(['start'], settings, folder)
    await first.ready()
    await refused(settings, /in use by another PromptPilot \(process \d+\)/)
    assert.equal((await first.stop()).code, 0)
  })

  test('says that .env cannot be read', async () => {
    const own = join(folder, 'own')
    await mkdir(join(own, '.env'), { recursive: true })
    const { code, complaints } = await runProcess(['start'], {}, own)
    assert.deepEqual([code, /^The file .*\.env cannot be read/.test(complaints)], [1, true])
  })
})

suite('the program', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-main-'))
  })
  after(() => rm(folder, { recursive: true }))

  test('reads .env of its folder', async () => {
    const own = join(folder, 'own')
    await mkdir(own)
    await writeFile(join(own, '.env'), 'DATA_DIR=from-env\r\nLOG_LEVEL=warn\r\n')
    const { complaints } = await runProcess(['user', 'list'], {}, own)
    assert.match(complaints, /There is no database in .*from-env yet/)
  })

  test('says what it can do, and that it cannot do what it does not know', async () => {
    for (const word of ['help', '--help', '-h']) {
      const { code, out, complaints } = await runProcess([word], {}, folder)
      assert.deepEqual([code, complaints], [0, ''])
      for (const command of ['start', 'doctor', 'user', 'migrate', 'backup', 'restore', 'rotate-key'])
        assert.match(out, new RegExp(`^  ${command}\\b`, 'm'))
    }
    for (const word of ['fly', '__proto__', 'constructor']) {
      const { code, out } = await runProcess([word], {}, folder)
      assert.deepEqual([code, out.startsWith(`There is no command “${word}”.`)], [2, true])
    }
  })

  test('goes on when nobody reads its log any more', async () => {
    const server = startProcess(['start'], { DATA_DIR: join(folder, 'pipe') }, folder)
    const url = await server.ready()
    server.child.stdout?.destroy()
    for (let at = 0; at < 20; at += 1) assert.equal((await ask(url, '/api/auth/ways')).status, 200)
    const { code } = await server.stop()
    assert.deepEqual([code, server.complaints()], [0, ''])
  })

  test('says where it listens also when its log is quiet', async () => {
    for (const level of ['warn', 'silent']) {
      const server = startProcess(['start'], { DATA_DIR: join(folder, 'quiet'), LOG_LEVEL: level }, folder)
      const said = await server.says(/^PromptPilot is ready at http:\/\/127\.0\.0\.1:\d+$/m)
      assert.equal((await ask(said.split(' at ')[1] ?? '', '/api/health')).status, 200)
      await server.stop()
      assert.equal(server.out(), `${said}\n`)
    }
  })

  test('ends at once when it is told twice', async () => {
    const server = startProcess(['start'], { DATA_DIR: join(folder, 'twice') }, folder)
    const url = await server.ready()
    // Something that holds the first one up: a request whose body does not come.
    const half = connect(Number(new URL(url).port), '127.0.0.1')
    half.on('error', () => {})
    half.write('POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')
    await sleep(100)
    server.child.kill('SIGTERM')
    await server.says(/"stopping"/)
    await sleep(500)
    const { code, took } = await server.stop('SIGINT')
    assert.deepEqual([code, took < 500], [1, true])
  })

  test('listens where it is told to, and says so', async () => {
    for (const [host, address] of Object.entries({
      '0.0.0.0': 'http://127.0.0.1:',
      localhost: 'http://127.0.0.1:',
      '::1': 'http://[::1]:',
      '::': 'http://localhost:',
    })) {
      const server = startProcess(['start'], { HOST: host, DATA_DIR: join(folder, 'where') }, folder)
      const url = await server.ready()
      assert.ok(url.startsWith(address), `${host} ${url}`)
      assert.equal((await ask(url, '/api/health')).status, 200)
      await server.stop()
    }
  })
})
