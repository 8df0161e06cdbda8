import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Kysely, sql } from 'kysely'
import { Stop } from '#errors.ts'
import { type Entry, pack } from './archive.ts'
import { copySqlite } from './copy.ts'
import type { Options } from './db.ts'
import { sqliteDialect } from './dialect.ts'
import { exists, hasCode, publish, taken } from './disk.ts'
import { dumpPostgres } from './dump.ts'
import { Link } from './link.ts'
import { type End, type Manifest, NAMES } from './manifest.ts'
import { migrationsOf } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { requireReady, sqliteFile } from './sqlite.ts'
import type { Tables } from './tables.ts'
import { nameOf, type Stored, walk } from './walk.ts'

/** Where everything is that belongs into a backup. `files` is the folder of the files. */
export type Places = Options & { files: string }

/** What was written. */
export type Report = Pick<Manifest, 'migrations' | 'counts'> & End & { size: number }

const MOST_NAMED = 100
const PAGE = 1_000

/**
 * Writes the database, the files and, if asked to, the key into one archive, while a server may go on. The database is copied first.
 * Stored files never change, so those that are read after it are the ones it knows; what was deleted meanwhile is noted at the end.
 */
export async function backup(places: Places, target: string, withKey: boolean): Promise<Report> {
  if (await exists(target)) throw taken(target)
  const key = withKey ? await readKey(places.dir) : null
  const [copy, draft] = [`${target}.database.part`, `${target}.part`]
  await rm(copy, { force: true })
  await rm(draft, { force: true })
  try {
    const report = await withCopy(places, copy, async db => {
      const manifest = await describe(places, db, copy, key)
      const end: End = { files: 0, bytes: 0, missing: [], missingCount: 0 }
      const entries = collect(places, db, copy, key, manifest, end)
      const bytes = pack(entries, Math.floor(places.clock.now() / 1_000))
      await pipeline(Readable.from(bytes), createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }))
      if (key !== null && !key.equals(await readKey(places.dir)))
        throw new Stop('The master key changed while the backup was made. Make it again.')
      return { migrations: manifest.migrations, counts: manifest.counts, ...end, size: (await stat(draft)).size }
    })
    await publish(draft, target)
    return report
  } finally {
    await rm(copy, { force: true })
    await rm(draft, { force: true })
  }
}

/** Copies the database, and opens the moment that was copied for reading. */
async function withCopy<T>(places: Places, copy: string, use: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  if (places.url !== null) return withSnapshot(places.url, places, copy, use)
  await requireReady(places.dir)
  await copySqlite(sqliteFile(places.dir), copy)
  const link = await Link.open({ file: copy, role: 'reader', durability: 'full' })
  try {
    return await use(new Kysely<Tables>({ dialect: sqliteDialect(link, null) }))
  } finally {
    await link.close()
  }
}

async function withSnapshot<T>(url: string, places: Places, copy: string, use: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const { db, close } = await openPostgres(url, { ...places, migrate: false })
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async trx => {
        const { rows } = await sql<{ id: string }>`select pg_export_snapshot() as id`.execute(trx)
        await dumpPostgres(url, copy, rows[0]?.id)
        return use(trx)
      })
  } finally {
    await close()
  }
}

async function describe({ url, clock }: Places, db: Kysely<Tables>, copy: string, key: Buffer | null): Promise<Manifest> {
  const kind = url === null ? 'sqlite' : 'postgres'
  const { done } = await migrationsOf({ kind, db })
  return {
    format: 'promptpilot-backup',
    version: 1,
    kind,
    createdAt: new Date(clock.now()).toISOString(),
    migrations: done,
    counts: await countsOf(db),
    database: { size: (await stat(copy)).size, sha256: await sha256Of(createReadStream(copy)) },
    key: key === null ? null : await sha256Of([key]),
  }
}

/** How many rows each table has. */
export async function countsOf(db: Kysely<Tables>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(db)
    counts[name] = rows[0]?.count ?? 0
  }
  return counts
}

/** The SHA-256 of bytes that arrive in pieces, in hex. */
export async function sha256Of(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest('hex')
}

async function* collect(
  places: Places,
  db: Kysely<Tables>,
  copy: string,
  key: Buffer | null,
  manifest: Manifest,
  end: End,
): AsyncGenerator<Entry> {
  yield whole(NAMES.manifest, Buffer.from(JSON.stringify(manifest, null, 2)))
  yield { name: NAMES.database, size: manifest.database.size, bytes: createReadStream(copy) }
  if (key !== null) yield whole(NAMES.key, key)
  for await (const stored of walk(places.files)) {
    const entry = await opened(places.files, stored)
    if (entry === null) continue // Deleted since the folder was listed.
    end.files += 1
    end.bytes += entry.size
    yield entry
  }
  for await (const stored of 'files' in manifest.counts ? known(db) : []) {
    if (await exists(join(places.files, nameOf(stored)))) continue
    end.missingCount += 1
    if (end.missing.length < MOST_NAMED) end.missing.push(nameOf(stored))
  }
  yield whole(NAMES.end, Buffer.from(JSON.stringify(end, null, 2)))
}

const whole = (name: string, bytes: Buffer): Entry => ({ name, size: bytes.length, bytes: Readable.from([bytes]) })

async function opened(root: string, stored: Stored): Promise<Entry | null> {
  try {
    const file = await open(join(root, nameOf(stored)), 'r')
    const { size } = await file.stat()
    return { name: NAMES.files + nameOf(stored), size, bytes: file.createReadStream() }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Every stored file that the database knows, page by page. */
async function* known(db: Kysely<Tables>): AsyncGenerator<Stored> {
  const read = db
    .selectFrom('files')
    .select(['workspace_id', 'hash'])
    .distinct()
    .orderBy('workspace_id')
    .orderBy('hash')
    .limit(PAGE)
  for (let last: { workspace_id: string; hash: string } | undefined; ; ) {
    const { workspace_id, hash } = last ?? { workspace_id: '', hash: '' }
    const rows = await read.where(it => it(it.refTuple('workspace_id', 'hash'), '>', it.tuple(workspace_id, hash))).execute()
    for (const row of rows) yield { workspace: row.workspace_id, hash: row.hash }
    last = rows.at(-1)
    if (last === undefined) return
  }
}

async function readKey(dir: string): Promise<Buffer> {
  try {
    return await readFile(join(dir, 'key'))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    throw new Stop(`There is no key file in ${dir}. Where PROMPTPILOT_KEY is set, keep that yourself, apart from the backup.`)
  }
}
