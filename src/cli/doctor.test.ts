import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readConfig } from '#config.ts'
import { databases, type Where } from '#db/testing.ts'
import { silent } from '#log.ts'
import { openWorld } from '#open.ts'
import { register, startServer } from '#testing.ts'
import { doctor } from './doctor.ts'
import { runProcess } from './testing.ts'

/** What the doctor says of these settings, with a clock of our own if one is given. */
async function examine(settings: Record<string, string>, now?: number): Promise<{ code: number; out: string }> {
  const config = readConfig(settings)
  const said: string[] = []
  const clock = now === undefined ? {} : { clock: { now: () => now } }
  const code = await doctor.run([], {
    config,
    log: silent,
    say: line => void said.push(line),
    world: options => openWorld(config, silent, { ...options, ...clock }),
  })
  return { code, out: said.join('\n') }
}

for (const kind of databases()) {
  describe(`the doctor, on ${kind.name}`, { skip: kind.skip }, () => {
    let where: Where
    let settings: Record<string, string>
    before(async () => {
      where = await kind.place()
      settings = { DATA_DIR: where.dir, DATABASE_URL: where.url ?? '' }
      const server = await startServer(where)
      const token = await register(server, 'owner@example.org')
      await server.send('/api/credentials', {
        token,
        body: { name: 'a credential', kind: 'bearer', values: { token: 'secret' } },
      })
      await server.stop()
      await chmod(where.dir, 0o700)
    })
    after(() => where.drop())

    test('finds nothing where all is well, also beside a running server', async () => {
      const well = (out: string) => {
        for (const about of ['Node', 'data folder', 'disk', 'database', 'key', 'files', 'clock'])
          assert.match(out, new RegExp(`^✓ ${about} `, 'm'))
        assert.match(out, /^! mail .*SMTP_URL is not set/m)
        assert.match(out, /^Nothing is broken\.$/m)
        assert.doesNotMatch(out, /✗/)
      }
      const alone = await runProcess(['doctor'], settings, where.dir)
      assert.deepEqual([alone.code, alone.complaints], [0, ''])
      well(alone.out)
      const server = await startServer(where)
      const beside = await runProcess(['doctor'], settings, where.dir)
      assert.deepEqual([beside.code, beside.complaints], [0, ''])
      well(beside.out)
      assert.equal((await server.send('/api/health/ready')).status, 200)
      await server.stop()
    })

    test('sees that others can read the folder, and the key', async () => {
      await chmod(where.dir, 0o755)
      await chmod(join(where.dir, 'key'), 0o644)
      const { code, out } = await examine(settings)
      await chmod(where.dir, 0o700)
      await chmod(join(where.dir, 'key'), 0o600)
      assert.equal(code, 1)
      assert.match(out, /^! permissions .*can be read by other users.*chmod 700 /m)
      assert.match(out, /^✗ permissions .*chmod 600 .*key$/m)
    })

    test('sees a key that is not the one, and names what cannot be read', async () => {
      const { code, out } = await examine({ ...settings, PROMPTPILOT_KEY: 'x'.repeat(40) })
      assert.equal(code, 1)
      assert.match(out, /^✗ opening .*key/m)
      assert.match(out, /^1 thing is broken\.$/m)
      assert.doesNotMatch(out, /x{40}/)
    })

    test('sees a clock that is wrong, or was put back', async () => {
      const early = await examine(settings, Date.parse('2001-01-01'))
      assert.equal(early.code, 1)
      assert.match(early.out, /^✗ clock .*2001-01-01.*something happened at/m)
      const past = await examine(settings, Date.now() - 3600_000)
      assert.match(past.out, /^✗ clock .*it was put back/m)
    })

    test('sees files that cannot be written', async () => {
      await writeFile(join(where.dir, 'no-folder'), '')
      const { code, out } = await examine({ ...settings, FILES_URL: join(where.dir, 'no-folder') })
      assert.equal(code, 1, out)
      assert.match(out, /✗ /)
    })

    test('has changed nothing', async () => {
      const server = await startServer(where)
      assert.equal((await server.world.db.selectFrom('users').select('id').execute()).length, 1)
      assert.match(await readFile(join(where.dir, 'key'), 'utf8'), /\S{40,}/)
      await server.stop()
    })
  })
}

describe('the doctor, where there is nothing', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pp-doctor-'))
  })
  after(() => rm(folder, { recursive: true }))

  test('says that the first start makes it, and makes nothing itself', async () => {
    const { code, out } = await examine({ DATA_DIR: join(folder, 'missing') })
    assert.equal(code, 0, out)
    assert.match(out, /^! data folder .*missing does not exist yet; the first start makes it\.$/m)
    assert.match(out, /^! database {5}There is none yet; the first start makes it\.$/m)
    assert.match(out, /^Nothing is broken\.$/m)
    await assert.rejects(rm(join(folder, 'missing'), { recursive: true }))
    await mkdir(join(folder, 'empty'), { mode: 0o700 })
    assert.equal((await examine({ DATA_DIR: join(folder, 'empty') })).code, 0)
  })

  test('says that the folder is a file', async () => {
    await writeFile(join(folder, 'file'), '')
    const { code, out } = await examine({ DATA_DIR: join(folder, 'file') })
    assert.equal(code, 1)
    assert.match(out, /^✗ data folder .*file is not a folder\. Set DATA_DIR to one\.$/m)
  })

  test('says that the database is none, or does not answer', async () => {
    const broken = join(folder, 'broken')
    await mkdir(broken, { mode: 0o700 })
    await writeFile(join(broken, 'database.sqlite'), 'this is no database, and never was one; it is only some text'.repeat(20))
    const damaged = await examine({ DATA_DIR: broken })
    assert.deepEqual([damaged.code, /^✗ opening /m.test(damaged.out)], [1, true])
    const unreached = await examine({ DATA_DIR: folder, DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/x' })
    assert.equal(unreached.code, 1)
    assert.match(unreached.out, /^✗ opening {6}No PostgreSQL answers at 127\.0\.0\.1:1/m)
    assert.doesNotMatch(unreached.out, /hunter2/)
  })

  test('says that the mail server does not answer', async () => {
    const { code, out } = await examine({
      DATA_DIR: folder,
      SMTP_URL: 'smtp://u:hunter2@127.0.0.1:1',
      PUBLIC_URL: 'https://x.example.org',
    })
    assert.equal(code, 1)
    assert.match(out, /^✗ mail .*ECONNREFUSED/m)
    assert.doesNotMatch(out, /hunter2/)
    assert.match(out, /^! address .*TRUSTED_PROXIES/m)
  })

  test('says what others see of the address', async () => {
    assert.match((await examine({ DATA_DIR: folder, HOST: '0.0.0.0' })).out, /^! address .*PUBLIC_URL is not set/m)
    assert.match((await examine({ DATA_DIR: folder })).out, /^✓ address {6}http:\/\/127\.0\.0\.1$/m)
  })
})
