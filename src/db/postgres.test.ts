import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readdir, readFile } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { sql } from 'kysely'
import { type Fault, Stop } from '#errors.ts'
import { backup } from './backup.ts'
import { behaves } from './db.contract.ts'
import { type Database, openDatabase } from './db.ts'
import { migrations } from './migrations/all.ts'
import { openPostgres } from './postgres.ts'
import { restore } from './restore.ts'
import { databases, type TestDatabase, type Where } from './testing.ts'

const [, kind] = databases()
assert.ok(kind?.name === 'postgres')
behaves(kind)

const skip = kind.skip
const isBusy = (error: Fault) => error.code === 'server.busy' && error.cause !== undefined
const stops =
  (...words: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof Stop, String(error))
    for (const word of words) assert.match(error.message, word)
    assert.doesNotMatch(`${error.message} ${error.stack}`, /hush/)
    return true
  }

async function withOpen(use: (it: TestDatabase) => Promise<void>): Promise<void> {
  const it = await kind?.open()
  assert.ok(it)
  try {
    await use(it)
  } finally {
    await it.close()
  }
}

/** The address of a place, changed. */
function changed({ url }: Where, change: (url: URL) => void): string {
  const address = new URL(url ?? '')
  change(address)
  return String(address)
}

suite('a start on PostgreSQL', { skip }, () => {
  test('says in words what stands in the way, and never the password', () =>
    withOpen(async it => {
      const tried: [RegExp, (url: URL) => void][] = [
        [/No PostgreSQL answers at 127\.0\.0\.1:1\./, url => Object.assign(url, { hostname: '127.0.0.1', port: '1' })],
        [/The host nowhere\.invalid of DATABASE_URL is not known/, url => Object.assign(url, { hostname: 'nowhere.invalid' })],
        [/does not let the user "nobody" in/, url => Object.assign(url, { username: 'nobody' })],
        [/has no database "pp_none"\. Create it with: createdb/, url => Object.assign(url, { pathname: '/pp_none' })],
      ]
      for (const [word, change] of tried) {
        const url = changed(it, address => change(Object.assign(address, { password: 'hush' })))
        await assert.rejects(openDatabase({ ...it.options, url }), stops(word))
      }
    }))

  test('by five processes at once runs each migration once', { timeout: 60_000 }, async () => {
    const place = await kind.place()
    const at = (path: string) => JSON.stringify(new URL(path, import.meta.url))
    const program = `
      import { openDatabase } from ${at('./db.ts')}
      import { systemClock } from ${at('../ids.ts')}
      import { silent } from ${at('../log.ts')}
      const database = await openDatabase({ url: ${JSON.stringify(place.url)}, dir: ${JSON.stringify(place.dir)}, pool: 2, durability: 'full', log: silent, clock: systemClock })
      await database.check()
      await database.close()`
    try {
      const codes = await Promise.all(
        [1, 2, 3, 4, 5].map(
          async () =>
            (await once(spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }), 'exit'))[0],
        ),
      )
      assert.deepEqual(codes, [0, 0, 0, 0, 0])
      const { db, close } = await openDatabase({ ...place.options, share: true })
      const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(db)
      await close()
      assert.deepEqual(
        rows.map(({ name }) => name),
        migrations.map(({ name }) => name),
      )
    } finally {
      await place.drop()
    }
  })

  test('is known to the server by its name', () =>
    withOpen(async ({ db }) => {
      const { rows } = await sql`select current_setting('application_name') as name`.execute(db)
      assert.deepEqual(rows, [{ name: 'promptpilot' }])
    }))
})

suite('PostgreSQL that goes away', { skip }, () => {
  test('by killing its connections fails what runs, and nothing that comes after', () =>
    withOpen(async ({ db, options }) => {
      const other = await openDatabase({ ...options, migrate: false })
      const killed = () =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
          other.db,
        )
      const running = assert.rejects(sql`select pg_sleep(10)`.execute(db), isBusy)
      const inside = assert.rejects(
        db.transaction().execute(async trx => {
          await trx.insertInto('facts').values({ name: 'half', value: '' }).execute()
          await sql`select pg_sleep(10)`.execute(trx)
        }),
        isBusy,
      )
      await until(
        async () =>
          (await sql`select 1 from pg_stat_activity where query like '%pg_sleep(10)' and state = 'active'`.execute(other.db)).rows
            .length === 2,
      )
      await killed()
      await Promise.all([running, inside])
      assert.deepEqual(await db.selectFrom('facts').selectAll().execute(), [])

      await killed()
      await until(
        async () =>
          (await db
            .selectFrom('facts')
            .selectAll()
            .execute()
            .catch(() => null)) !== null,
      )
      await db.insertInto('facts').values({ name: 'after', value: '' }).execute()
      await other.close()
    }))

  test('behind the network fails requests until it is back', { timeout: 60_000 }, () =>
    withProxy(1_000, async ({ db, check }, proxy) => {
      await check()
      proxy.silence(true)
      await assert.rejects(sql`select 1`.execute(db), isBusy)
      proxy.silence(false)
      await until(async () => (await check().catch(() => null)) !== null)
      await proxy.close()
      await assert.rejects(check(), isBusy)
      await assert.rejects(
        db.transaction().execute(trx => sql`select 1`.execute(trx)),
        isBusy,
      )
      await proxy.open()
      await check()
    }),
  )
})

suite('PostgreSQL', { skip }, () => {
  test('tells a full disk, a slow statement and a lock that is held too long by their names', () =>
    withOpen(async ({ db }) => {
      const raised = (code: string) =>
        sql`do ${sql.raw(`$$ begin raise exception 'x' using errcode = '${code}'; end $$`)}`.execute(db)
      await assert.rejects(raised('53100'), (error: Fault) => error.code === 'storage.full')
      await assert.rejects(raised('55P03'), isBusy)
      await assert.rejects(raised('XX000'), /^error: x$/)
      await db.connection().execute(async one => {
        await sql`set statement_timeout = 50`.execute(one)
        await assert.rejects(sql`select pg_sleep(5)`.execute(one), (error: Fault) => error.code === 'server.timeout')
        await sql`reset statement_timeout`.execute(one)
      })
    }))

  test('keeps its own number parsers apart from those of other users of the driver', () =>
    withOpen(async ({ db, url }) => {
      const { default: pg } = await import('pg')
      const client = new pg.Client({ connectionString: url ?? '' })
      await client.connect()
      assert.deepEqual((await client.query('select 1::int8 as n')).rows, [{ n: '1' }])
      await client.end()
      assert.deepEqual((await sql`select 1::int8 as n, 1.5::numeric as m`.execute(db)).rows, [{ n: 1, m: 1.5 }])
    }))

  test('is not restored while a server uses it, or into another kind of database', () =>
    withOpen(async it => {
      const places = { ...it.options, files: join(it.dir, 'files') }
      const archive = join(it.dir, 'pg.backup')
      await backup(places, archive, false)
      await it.db.insertInto('facts').values({ name: 'later', value: '' }).execute()
      await assert.rejects(restore(places, archive), stops(/in use by a PromptPilot that runs/))
      await assert.rejects(restore({ ...places, url: null }, archive), stops(/cannot be mixed/))
      assert.equal((await it.db.selectFrom('facts').selectAll().execute()).length, 1)
    }))

  test('stays as it was when a restore fails half way, and the dump of it is kept', () =>
    withOpen(async it => {
      const places = { ...it.options, files: join(it.dir, 'files') }
      const archive = join(it.dir, 'pg.backup')
      await sql`create function one() returns int language sql as 'select 1'`.execute(it.db)
      await backup(places, archive, false)
      await it.db.insertInto('facts').values({ name: 'later', value: '' }).execute()
      await it.database.close()
      await assert.rejects(restore(places, archive), stops(/psql failed: .*function "one" already exists/s))
      await it.reopen()
      assert.equal((await it.db.selectFrom('facts').selectAll().execute()).length, 1)
      const [kept] = (await readdir(it.dir)).filter(name => name.startsWith('before-restore-'))
      await access(join(it.dir, kept ?? '', 'database.dump'))
    }))

  test('is backed up without leaving its password anywhere', () =>
    withOpen(async it => {
      const url = changed(it, address => Object.assign(address, { password: 'hush:\\hush' }))
      const copy = join(it.dir, 'copy')
      const { backup: write, close } = await openDatabase({ ...it.options, url })
      const { TMPDIR } = process.env
      process.env.TMPDIR = it.dir
      await write(copy)
      process.env.TMPDIR = TMPDIR ?? '/tmp'
      await assert.rejects(write(copy), stops(/exists already/))
      await close()
      assert.ok(!(await readFile(copy)).includes('hush'))
      assert.deepEqual(await readdir(it.dir), ['copy'])
    }))
})

async function until(ready: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await ready()); ) assert.ok(Date.now() < end, 'it took too long')
}

type Proxy = { silence: (on: boolean) => void; close: () => Promise<void>; open: () => Promise<void> }

/** A database behind a door that can be shut, or that lets nothing through without saying so. */
async function withProxy(silence: number, use: (database: Database, proxy: Proxy) => Promise<void>): Promise<void> {
  const place = await kind?.place()
  assert.ok(place)
  const { hostname, port } = new URL(place.url ?? '')
  const sockets = new Set<Socket>()
  let silent = false
  const server = createServer(near => {
    const far = createConnection(Number(port || 5432), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', chunk => silent || to.write(chunk))
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const at = await listen(0)
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  const url = changed(place, address => Object.assign(address, { hostname: '127.0.0.1', port: String(at) }))
  const database = await openPostgres(url, place.options, silence)
  try {
    await use(database, {
      silence(on) {
        silent = on
      },
      close,
      async open() {
        await listen(at)
      },
    })
  } finally {
    await database.close()
    await close()
    await place.drop()
  }
}
