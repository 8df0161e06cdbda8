import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { type Insertable, type Kysely, sql } from 'kysely'
import { Stop } from '#errors.ts'
import { sortableIds, systemClock } from '#ids.ts'
import { backup, sha256Of } from './backup.ts'
import { openDatabase } from './db.ts'
import { migrate, migrationsOf, NOTHING } from './migrate.ts'
import type { Migration } from './migration.ts'
import { migrations } from './migrations/all.ts'
import { restore } from './restore.ts'
import type { Tables } from './tables.ts'
import type { Kind } from './testing.ts'

/** What both databases must do alike over time: change their schema, be copied and be brought back. */
export function lasts(kind: Kind): void {
  schema(kind)
  copies(kind)
}

function schema(kind: Kind): void {
  const steps: Migration[] = [
    ...migrations,
    step('0998-first', db =>
      db.schema
        .createTable('first')
        .addColumn('id', 'text', it => it.primaryKey())
        .execute(),
    ),
    step('0999-second', db => db.schema.alterTable('first').addColumn('name', 'text').execute()),
  ]
  const tables = async (db: Kysely<Tables>) => (await db.introspection.getTables()).map(({ name }) => name).sort()

  test('goes forward, back to nothing and forward again', async () => {
    const it = await kind.open()
    try {
      const at = { ...it.options, steps }
      const now = await tables(it.db)
      assert.deepEqual(await migrate(it.database, at), ['0998-first', '0999-second'])
      assert.deepEqual(await migrationsOf(it.database, { steps }), { done: steps.map(({ name }) => name), open: [] })
      assert.deepEqual(await migrate(it.database, { ...at, to: '0998-first' }), ['0999-second'])
      assert.deepEqual(await migrate(it.database, { ...at, to: NOTHING }), [
        '0998-first',
        ...migrations.map(({ name }) => name).toReversed(),
      ])
      assert.deepEqual(await tables(it.db), ['migrations'])
      assert.deepEqual(
        await migrate(it.database, it.options),
        migrations.map(({ name }) => name),
      )
      assert.deepEqual(await migrate(it.database, it.options), [])
      assert.deepEqual(await tables(it.db), now)
      await assert.rejects(addMember(it.db, 'wsp_none', 'usr_none'), 'references are checked again')
      await assert.rejects(migrate(it.database, { ...at, to: 'elsewhere' }), /There is no migration "elsewhere"/)
    } finally {
      await it.close()
    }
  })

  test('runs each migration once, however many start at the same time', async () => {
    const place = await kind.place()
    const first = await openDatabase({ ...place.options, migrate: false })
    const rest = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ ...place.options, migrate: false, share: true })))
    try {
      const done = await Promise.all([first, ...rest].map(database => migrate(database, { ...place.options, steps })))
      assert.deepEqual(
        done.flat().sort(),
        steps.map(({ name }) => name),
      )
    } finally {
      for (const database of [...rest, first]) await database.close()
      await place.drop()
    }
  })

  test('undoes a migration that fails, keeps those before it and says why', async () => {
    const it = await kind.open()
    try {
      const broken = step('0999-broken', async db => {
        await db.schema.createTable('half').addColumn('id', 'text').execute()
        await sql`insert into nowhere values (1)`.execute(db)
      })
      await assert.rejects(
        migrate(it.database, { ...it.options, steps: [...steps.slice(0, -1), broken] }),
        (error: Stop) => error instanceof Stop && /0999-broken failed and was undone: .*nowhere/.test(error.message),
      )
      assert.ok(!(await tables(it.db)).includes('half'))
      assert.deepEqual((await migrationsOf(it.database, { steps })).open, ['0999-second'])
    } finally {
      await it.close()
    }
  })

  test('refuses a database that a newer program has written, and one that is not up to date where it may not change it', async () => {
    const it = await kind.open()
    try {
      await migrate(it.database, { ...it.options, steps })
      await assert.rejects(
        it.reopen(),
        (error: Stop) => error instanceof Stop && /newer PromptPilot: it has the migration 0998-first/.test(error.message),
      )
      const old = await openDatabase({ ...it.options, migrate: false })
      await migrate(old, { ...it.options, steps, to: NOTHING })
      await old.close()
      await assert.rejects(openDatabase({ ...it.options, share: true }), /older than this program \(0001-house/)
    } finally {
      await it.database.close()
      await it.drop()
    }
  })
}

function copies(kind: Kind): void {
  test('gives the same rows and files after a backup, a disaster and a restore', async () => {
    const it = await kind.open()
    const places = { ...it.options, files: join(it.dir, 'files') }
    try {
      const [workspace, user] = [await addWorkspace(it.db), await addUser(it.db)]
      await addMember(it.db, workspace, user)
      await it.db.insertInto('facts').values({ name: 'text', value: '👩‍👩‍👧 \\ \' " \t' }).execute()
      const kept = await addFile(it.db, places.files, workspace, 'kept')
      await writeFile(join(it.dir, 'key'), 'the key')
      const before = await everything(it.db)
      const archive = join(it.dir, 'one.backup')
      const report = await backup(places, archive, false)
      assert.deepEqual([report.files, report.missingCount, report.counts.members], [1, 0, 1])

      const later = await addFile(it.db, places.files, workspace, 'later')
      await it.db.deleteFrom('users').execute()
      await it.database.close()
      const { kept: old, aside } = await restore(places, archive)
      assert.ok(old)
      assert.equal(aside, 1)
      await it.reopen()
      assert.deepEqual(await everything(it.db), before)
      assert.equal(await readFile(join(places.files, kept), 'utf8'), 'kept')
      assert.equal(await readFile(join(old, 'files', later), 'utf8'), 'later')
      assert.equal(await readFile(join(it.dir, 'key'), 'utf8'), 'the key')
    } finally {
      await it.close()
    }
  })
}

const step = (name: string, up: (db: Kysely<unknown>) => Promise<void>): Migration => ({
  name,
  up,
  down: async db => {
    await (name.endsWith('first') ? db.schema.dropTable('first') : db.schema.alterTable('first').dropColumn('name')).execute()
  },
})

const ids = sortableIds(systemClock)

/** Puts a workspace in; answers its id. */
export async function addWorkspace(db: Kysely<Tables>, values: Partial<Insertable<Tables['workspaces']>> = {}): Promise<string> {
  const row = { id: ids.next('wsp'), name: 'One', created_at: 1, created_by: null, ...values }
  await db.insertInto('workspaces').values(row).execute()
  return row.id
}

/** Puts a person in; answers the id. */
export async function addUser(db: Kysely<Tables>, email = `${ids.secret()}@example.org`): Promise<string> {
  const [id, at] = [ids.next('usr'), '2026-01-02T03:04:05.678Z']
  const row = { id, email, name: 'Ä', email_verified: true, image: null, two_factor_enabled: null, standing: 'person' }
  await db
    .insertInto('users')
    .values({ ...row, created_at: at, updated_at: new Date(at) })
    .execute()
  return id
}

/** Makes a person a member. */
export async function addMember(db: Kysely<Tables>, workspace_id: string, user_id: string): Promise<void> {
  await db.insertInto('members').values({ workspace_id, user_id, role: 'editor', joined_at: 1 }).execute()
}

/** Stores a file as the disk does; answers its name. */
async function addFile(db: Kysely<Tables>, root: string, workspace_id: string, text: string): Promise<string> {
  const hash = await sha256Of([Buffer.from(text)])
  const name = `${workspace_id}/${hash.slice(0, 2)}/${hash}`
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), text)
  const row = { id: ids.next('fil'), workspace_id, bucket: 'uploads', name: text, type: 'text/plain', size: text.length, hash }
  await db
    .insertInto('files')
    .values({ ...row, created_at: 1, created_by: null })
    .execute()
  return name
}

/** Every row of every table. */
async function everything(db: Kysely<Tables>): Promise<Record<string, object[]>> {
  const all: Record<string, object[]> = {}
  for (const { name, columns } of await db.introspection.getTables()) {
    const order = sql.join(columns.map(column => sql.id(column.name)))
    all[name] = (await sql<object>`select * from ${sql.table(name)} order by ${order}`.execute(db)).rows
  }
  return all
}
