import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open as openFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { after, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { type Fault, Stop } from '#errors.ts'
import { makeLog } from '#log.ts'
import { behaves } from './db.contract.ts'
import { type Database, type Options, openDatabase } from './db.ts'
import { Link } from './link.ts'
import { migrations } from './migrations/all.ts'
import { openSqlite, sqliteFile } from './sqlite.ts'
import type { Tables } from './tables.ts'
import { databases, type Where } from './testing.ts'

const [kind] = databases()
assert.ok(kind?.name === 'sqlite')
behaves(kind)
const placed = kind.place

type Open = (changes?: Partial<Options>) => Promise<Database>

/** A place, and how to open what is there. Whatever happens it is closed and cleared away. */
async function withPlace(use: (place: Where, open: Open) => Promise<void>): Promise<void> {
  const place = await placed()
  const opened: Database[] = []
  try {
    await use(place, async changes => {
      const database = await openDatabase({ ...place.options, ...changes })
      opened.push(database)
      return database
    })
  } finally {
    for (const database of opened) await database.close()
    await place.drop()
  }
}

const withOpen = (use: (database: Database, place: Where) => Promise<void>) =>
  withPlace(async (place, open) => use(await open(), place))

const put = async (db: Kysely<Tables>, name: string, value = '') => {
  await db.insertInto('facts').values({ name, value }).execute()
}
const names = async (db: Kysely<Tables>) => (await db.selectFrom('facts').select('name').execute()).map(({ name }) => name)
const says =
  (...words: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof Stop, String(error))
    for (const word of words) assert.match(error.message, word)
    return true
  }

const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** A process that opens the database of a folder as `database`, and then does what it is told. */
function start({ dir }: Where, code: string, limit?: string): ChildProcess & { line: () => Promise<string> } {
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url))
  const program = `
    import { openDatabase } from ${at('./db.ts')}
    import { systemClock } from ${at('../ids.ts')}
    import { silent } from ${at('../log.ts')}
    const say = line => process.stdout.write(line + '\\n')
    const database = await openDatabase({ url: null, dir: ${JSON.stringify(dir)}, pool: 1, durability: 'full', log: silent, clock: systemClock })
    const { db } = database
    ${code}`
  const args = ['--input-type=module', '-e', program]
  const child = limit
    ? spawn('bash', ['-c', `${limit}; exec "$0" "$@"`, process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return Object.assign(child, { line: async () => String((await lines.next()).value) })
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function opened(place: Where): Promise<ChildProcess> {
  const child = start(place, `say('open'); setInterval(() => {}, 1000)`)
  assert.equal(await child.line(), 'open')
  return child
}

suite('the folder of the embedded database', () => {
  test('belongs to one process, which the next one is told, and is free as soon as that one is killed', () =>
    withPlace(async (place, open) => {
      const child = await opened(place)
      const refusal = says(/The folder .* is in use by another PromptPilot/, new RegExp(`process ${child.pid}\\)`))
      await assert.rejects(open(), refusal)
      await kill(child)
      const database = await open()
      await assert.rejects(open(), says(new RegExp(`process ${process.pid}\\)`)))
      await database.check()
      await database.close()
    }))

  test('is for nobody else to read, and left tidy', () =>
    withPlace(async (place, open) => {
      const dir = join(place.dir, 'new', 'data')
      const database = await open({ dir })
      const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
      assert.deepEqual([await mode(join(place.dir, 'new')), await mode(dir)], ['700', '700'])
      for (const name of await readdir(dir)) assert.equal(await mode(join(dir, name)), '600', name)
      await database.close()
      await database.close()
      assert.deepEqual((await readdir(dir)).sort(), ['database.sqlite', 'lock'])
    }))

  test('is refused in words where it cannot be made', () =>
    withPlace(async (place, open) => {
      await writeFile(join(place.dir, 'file'), '')
      await assert.rejects(open({ dir: join(place.dir, 'file', 'data') }), says(/The folder .* cannot be made/))
    }))

  test('lets another program write beside the server, once there is a database', () =>
    withPlace(async (_, open) => {
      await assert.rejects(open({ share: true }), says(/no database in .* yet/))
      const server = await open()
      const other = await open({ share: true })
      await Promise.all(Array.from({ length: 40 }, (_, at) => put(at % 2 ? server.db : other.db, `${at}`)))
      assert.equal((await server.db.selectFrom('facts').selectAll().execute()).length, 40)
      await other.close()
      await server.close()
    }))

  test('waits for a program that holds the database for a moment', () =>
    withOpen(async (database, place) => {
      const other = new DatabaseSync(sqliteFile(place.dir))
      other.exec('begin immediate')
      const write = put(database.db, 'patient')
      await sleep(300)
      other.exec('rollback')
      await write
      other.close()
    }))
})

suite('a crash of the embedded database', () => {
  test('loses nothing that was acknowledged, and is noticed at the next start', { timeout: 60_000 }, () =>
    withPlace(async (place, open) => {
      for (let round = 1; round <= 3; round += 1) {
        const child = start(
          place,
          `const write = async writer => {
            for (let at = 0; ; at += 1) {
              const row = { name: '${round}.' + writer + '.' + at, value: 'x'.repeat(at % 5000) }
              if (writer % 2) await db.insertInto('facts').values(row).execute()
              else await db.transaction().execute(trx => trx.insertInto('facts').values(row).execute())
              say(row.name)
            }
          }
          for (let writer = 0; writer < 8; writer += 1) write(writer)`,
        )
        const told = [await child.line()]
        for (const end = Date.now() + 400; Date.now() < end; ) told.push(await child.line())
        child.kill('SIGKILL')
        for (let line = await child.line(); line !== 'undefined'; line = await child.line()) told.push(line)
        assert.ok(told.length > 100)

        const heard: string[] = []
        const out = { write: (line: string) => heard.push(JSON.parse(line).message) }
        const database = await open({ log: makeLog({ level: 'info', format: 'json', out }) })
        const rows = await database.db.selectFrom('facts').select('name').where('name', 'like', `${round}.%`).execute()
        const there = new Set(rows.map(({ name }) => name))
        assert.deepEqual(
          told.filter(name => !there.has(name)),
          [],
        )
        assert.ok(heard.includes('the database is sound'), heard.join())
        await database.close()
      }
    }),
  )

  test('is not looked for after a clean stop', () =>
    withPlace(async (_, open) => {
      const heard: string[] = []
      const log = makeLog({ level: 'info', format: 'json', out: { write: line => heard.push(line) } })
      for (let at = 0; at < 2; at += 1) await (await open({ log })).close()
      assert.ok(heard.length > 0)
      assert.ok(!/sound|clean/.test(heard.join()))
    }))

  test('that damaged the file is refused at every start, with the way out', () =>
    withPlace(async (place, open) => {
      const database = await open()
      for (let at = 0; at < 200; at += 1) await put(database.db, `${at}`, 'x'.repeat(3_000))
      await database.close()
      await kill(await opened(place))
      const file = await openFile(sqliteFile(place.dir), 'r+')
      for (let page = 20; page < 120; page += 10) await file.write(Buffer.alloc(4_096, page), 0, 4_096, page * 4_096)
      await file.close()
      const refusal = says(/database\.sqlite is damaged: /, /promptpilot restore FILE/)
      await assert.rejects(open(), refusal)
      await assert.rejects(open(), refusal)
    }))

  test('is not needed to refuse a file that is no database', () =>
    withPlace(async (place, open) => {
      await mkdir(place.dir, { recursive: true })
      await writeFile(sqliteFile(place.dir), 'This is a letter, not a database. '.repeat(200))
      await assert.rejects(open(), says(/is damaged: file is not a database/))
    }))
})

suite('a large embedded database', () => {
  test(
    'is looked through beside the work after a crash, by every start until that was done, and says what it finds',
    {
      timeout: 60_000,
    },
    () =>
      withPlace(async (place, open) => {
        const first = await open()
        for (let at = 0; at < 80; at += 1) await put(first.db, `${at}`, 'x'.repeat(1_000_000))
        await first.close()
        const note = join(place.dir, 'running')
        const heard: string[] = []
        const log = makeLog({ level: 'debug', format: 'json', out: { write: line => void heard.push(JSON.parse(line).message) } })

        await writeFile(note, '')
        const hurried = await open({ log })
        await put(hurried.db, 'while it is looked at')
        await hurried.close()
        assert.ok((await readdir(place.dir)).includes('running'), 'a look that was not finished is made good by the next start')

        heard.length = 0
        const patient = await open({ log })
        while (!heard.includes('the database is sound')) await sleep(10)
        await patient.close()
        assert.ok(!(await readdir(place.dir)).includes('running'))

        const file = await openFile(sqliteFile(place.dir), 'r+')
        // Somewhere in the middle of the large values, where no start looks.
        for (let at = 0; at < 20; at += 1) await file.write(Buffer.alloc(4096, 0xff), 0, 4096, (5_000 + at * 500) * 4096)
        await file.close()
        await writeFile(note, '')
        heard.length = 0
        const damaged = await open({ log })
        while (!heard.some(line => /is damaged; stop the server/.test(line))) await sleep(10)
        await assert.rejects(damaged.check(), /is damaged/)
      }),
  )
})

suite('the threads of the embedded database', () => {
  test('wait for the disk at every commit unless told otherwise', () =>
    withPlace(async (_, open) => {
      for (const [durability, level] of [
        ['full', 2],
        ['relaxed', 1],
      ] as const) {
        const { db, close } = await open({ durability })
        const { rows } = await sql`select * from pragma_synchronous, pragma_journal_mode, pragma_foreign_keys`.execute(db)
        assert.deepEqual(rows, [{ synchronous: level, journal_mode: 'wal', foreign_keys: 1 }])
        await close()
      }
    }))

  test('let writes through while a long read goes on, and the rest of the server too', () =>
    withOpen(async ({ db }) => {
      const count = sql<number>`(with recursive c (n) as (select 1 union all select n + 1 from c where n < 8000000) select count(*) from c)`
      const began = performance.now()
      let took = 0
      const long = db
        .selectNoFrom(count.as('n'))
        .executeTakeFirst()
        .then(row => {
          took = performance.now() - began
          return row
        })
      let [gap, last] = [0, began]
      setInterval(() => {
        gap = Math.max(gap, performance.now() - last)
        last = performance.now()
      }, 5).unref()
      for (let at = 0; at < 5; at += 1) await put(db, `${at}`)
      assert.equal(took, 0, 'five writes took longer than the read')
      assert.deepEqual(await long, { n: 8_000_000 })
      assert.ok(gap < took / 2, `the event loop stood still for ${gap} of ${took} ms`)
    }))

  test('cannot write where they are to read', () =>
    withOpen(async (_, place) => {
      const reader = await Link.open({ file: sqliteFile(place.dir), role: 'reader', durability: 'full' })
      const statements = [
        `insert into facts values ('a', 'b')`,
        'pragma query_only = off',
        `insert into facts values ('a', 'b')`,
        `attach '${sqliteFile(place.dir)}' as x`,
      ]
      const outcomes = await reader.ask(
        'alone',
        statements.map(text => ({ sql: text, values: [] })),
      )
      await reader.close()
      assert.deepEqual(
        outcomes.map(it => 'failure' in it),
        [true, false, true, true],
      )
    }))

  test('say so when a transaction waits for itself, and go on', () =>
    withPlace(async place => {
      const { db, close } = await openSqlite(place.options, 100)
      try {
        const stuck = db.transaction().execute(async trx => {
          await put(trx, 'a')
          await put(db, 'b')
        })
        const told = (error: Fault) => error.code === 'server.busy' && /called the plain `db`/.test(String(error.cause))
        await assert.rejects(stuck, told)
        await put(db, 'c')
        assert.deepEqual(await names(db), ['c'])
      } finally {
        await close()
      }
    }))

  test('do not leave a transaction open that was begun by a statement', () =>
    withOpen(async ({ db }) => {
      await assert.rejects(sql`begin`.execute(db), /begun with db\.transaction/)
      await db.transaction().execute(trx => put(trx, 'a'))
    }))

  test('do not go on with a transaction that SQLite has undone', () =>
    withOpen(async ({ db }) => {
      const undone = db.transaction().execute(async trx => {
        await put(trx, 'a')
        await assert.rejects(sql`insert or rollback into facts values ('a', '')`.execute(trx))
        await put(trx, 'b')
      })
      await assert.rejects(undone, /undone by an earlier error/)
      assert.deepEqual(await db.selectFrom('facts').selectAll().execute(), [])
    }))

  test('keep the rest of a crowd when one of it undoes their common commit', () =>
    withOpen(async ({ db }) => {
      await put(db, 'a')
      const insert = (name: string) => db.insertInto('facts').values({ name, value: '' })
      const crowd = [insert('first'), insert('b'), insert('a').orRollback(), insert('c')]
      const results = await Promise.allSettled(crowd.map(it => it.execute()))
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      )
      assert.deepEqual((await names(db)).sort(), ['a', 'b', 'c', 'first'])
    }))

  test('copy the database while it is written to, for nobody else to read, and never over a file', () =>
    withOpen(async ({ db, backup }, place) => {
      const copy = join(place.dir, 'copy')
      await Promise.all([backup(copy), ...Array.from({ length: 200 }, (_, at) => put(db, `${at}`))])
      await assert.rejects(backup(copy), says(/exists already/))
      assert.equal((await stat(copy)).mode & 0o777, 0o600)
      const other = new DatabaseSync(copy, { readOnly: true })
      assert.deepEqual({ ...other.prepare('select count(*) as n from migrations').get() }, { n: migrations.length })
      other.close()
      assert.deepEqual(
        (await readdir(place.dir)).filter(name => name.includes('copy')),
        ['copy'],
      )
    }))

  test('see new columns in statements they know', () =>
    withOpen(async ({ db }) => {
      await put(db, 'a')
      assert.deepEqual(await db.selectFrom('facts').selectAll().execute(), [{ name: 'a', value: '' }])
      await sql`alter table facts add column more text default 'new'`.execute(db)
      assert.deepEqual(await db.selectFrom('facts').selectAll().execute(), [{ name: 'a', value: '', more: 'new' }])
    }))

  test('take their dead neighbours for what they are: nothing hangs', { timeout: 30_000 }, () =>
    withPlace(async (place, open) => {
      const { db, check, close } = await open()
      const rows = sql`(with recursive c (n) as (select 1 union all select n + 1 from c where n < 400) select hex(zeroblob(2000000)) || n as text from c)`
      const dead = /^Error: The database is closed: .*Start PromptPilot again/
      const waiting = [db.selectFrom(rows.as('it')).selectAll().execute(), db.selectFrom('facts').selectAll().execute()]
      for (const result of await Promise.allSettled(waiting))
        assert.match(String(result.status === 'rejected' && result.reason), dead)
      await assert.rejects(check(), dead)
      await close()
      assert.ok((await readdir(place.dir)).includes('running'), 'the next start looks the database through')
    }),
  )

  test('do not stream', () =>
    withOpen(async ({ db }) => {
      await assert.rejects(db.selectFrom('facts').selectAll().stream().next(), /page by page/)
    }))
})

suite('a full disk', () => {
  test(
    'is told, loses nothing that was acknowledged, and is over when there is room',
    { skip: process.platform !== 'linux' && 'needs prlimit', timeout: 60_000 },
    () =>
      withPlace(async (place, open) => {
        const child = start(
          place,
          `const insert = name => db.insertInto('facts').values({ name: String(name), value: 'x'.repeat(5000) }).execute()
        const told = []
        const note = code => told.includes(code) || told.push(code)
        let kept = 0
        for (let at = 0; told.length === 0; at += 1) await insert(at).then(() => { kept += 1 }, error => note(error.code))
        await db.transaction().execute(trx => trx.insertInto('facts').values({ name: 'trx', value: 'x'.repeat(500000) }).execute()).catch(error => note(error.code))
        await Promise.all([1, 2, 3].map(at => insert('crowd ' + at).catch(error => note(error.code))))
        await database.check().catch(error => note(error.code))
        say(told.join() + ' ' + (await db.selectFrom('facts').select('name').execute()).filter(row => /^[0-9]+$/.test(row.name)).length + ' ' + kept)
        process.stdin.once('data', async () => {
          await insert('after')
          await database.check()
          await database.close()
          say('closed')
          process.exit()
        })`,
          'ulimit -S -f 4000',
        )
        const [code, there, kept] = (await child.line()).split(' ')
        assert.equal(code, 'storage.full')
        assert.ok(Number(kept) > 100)
        assert.equal(there, kept)
        await once(spawn('prlimit', ['--fsize=unlimited', '--pid', String(child.pid)]), 'exit')
        child.stdin?.write('\n')
        assert.equal(await child.line(), 'closed')
        const { db, close } = await open()
        assert.ok(await db.selectFrom('facts').select('name').where('name', '=', 'after').executeTakeFirst())
        await close()
      }),
  )
})
