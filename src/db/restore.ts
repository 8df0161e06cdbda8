import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { Stop } from '#errors.ts'
import { countsOf, type Places, sha256Of } from './backup.ts'
import { sqliteDialect } from './dialect.ts'
import { exists, hasCode, makeFolder, sweep, syncFile, syncFolder } from './disk.ts'
import { checkDump, dumpPostgres, restorePostgres } from './dump.ts'
import { holdFolder } from './hold.ts'
import { Link } from './link.ts'
import type { Manifest } from './manifest.ts'
import { checkKnown, LOCK } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { receive, type Stage } from './receive.ts'
import { damageOf } from './sound.ts'
import { sqliteFile } from './sqlite.ts'
import { finishSwap, isSwapOpen, type Move, swap } from './swap.ts'
import type { Tables } from './tables.ts'
import { nameOf, walk } from './walk.ts'

/** What a restore did, and where what was there before is kept; `kept` is null where there was nothing. */
export type Restored = { manifest: Manifest; kept: string | null; aside: number; newKey: boolean }

type Paths = { work: string; kept: string; stage: Stage; others: string }

/**
 * Brings back a backup. Whenever the process is killed, either the old state is there or the new one:
 * 1. The backup is unpacked and verified in folders of its own. A later restore removes what is left of them.
 * 2. Its files are put in their places. They are named by what is in them, so the old state keeps all of its own.
 * 3. The database and the key change at once: SQLite by a plan that is written down first and that the next start completes
 *    (see swap.ts); PostgreSQL, after a dump of what is there, in one transaction, and then the key by such a plan.
 * 4. Files that the backup does not have are moved aside. If this is cut short they are where they were, and nobody asks for them.
 */
export async function restore(places: Places, file: string): Promise<Restored> {
  const { url, dir } = places
  if (url !== null) return restoreServer(url, places, file)
  const hold = await holdFolder(dir)
  try {
    await finishSwap(dir)
    return await withStage(places, async paths => {
      const manifest = await receive(file, paths.stage)
      requireKind(manifest, 'sqlite')
      await verify(paths.stage.database, manifest)
      await place(places, paths)
      const names = ['database.sqlite-wal', 'database.sqlite-shm', 'database.sqlite']
      const old = await moves(
        dir,
        names.map(name => [join(dir, name), join(paths.kept, name)]),
      )
      const key = await keyMoves(dir, paths, manifest)
      const now = { from: relative(dir, paths.stage.database), to: relative(dir, sqliteFile(dir)) }
      await swap(dir, [...old, now, ...key])
      return report(places, paths, manifest, key.length > 0)
    })
  } finally {
    hold.release()
  }
}

async function restoreServer(url: string, places: Places, file: string): Promise<Restored> {
  await makeFolder(places.dir)
  await finishSwap(places.dir)
  const database = await openPostgres(url, { ...places, migrate: false })
  try {
    return await database.db.connection().execute(async db => {
      await requireAlone(db)
      return withStage(places, async paths => {
        const manifest = await receive(file, paths.stage)
        requireKind(manifest, 'postgres')
        await checkDump(paths.stage.database)
        await makeFolder(paths.kept)
        await dumpPostgres(url, join(paths.kept, 'database.dump'))
        await place(places, paths)
        await restorePostgres(url, paths.stage.database)
        const key = await keyMoves(places.dir, paths, manifest)
        await swap(places.dir, key)
        return report(places, paths, manifest, key.length > 0)
      })
    })
  } finally {
    await database.close()
  }
}

/** Servers that run would not notice; those that start wait for this lock. */
async function requireAlone(db: Kysely<Tables>): Promise<void> {
  const lock = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${LOCK}) as mine`.execute(db)
  if (!lock.rows[0]?.mine)
    throw new Stop('Another PromptPilot is changing this database right now. Try again when it is through.')
  // A connection that was closed this moment is still listed for a while.
  for (let left = 20; ; left -= 1) {
    const others = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'promptpilot' and pid <> pg_backend_pid()`.execute(db)
    if (!others.rows[0]?.count) return
    if (left === 0) throw new Stop('The database is in use by a PromptPilot that runs. Stop every server first.')
    await sleep(100)
  }
}

async function withStage<T>({ dir, files, clock }: Places, use: (paths: Paths) => Promise<T>): Promise<T> {
  const time = new Date(clock.now()).toISOString().replace(/[:.]/g, '-')
  const work = join(dir, `restore-${time}`)
  const stage = { database: join(work, 'database'), key: join(work, 'key'), files: join(files, `.restore-${time}`) }
  const clean = async () => {
    if (await isSwapOpen(dir)) return // The plan still needs what is in there.
    await sweep(dir, 'restore-')
    await sweep(dir, 'restoring.json.')
    await sweep(files, '.restore-')
  }
  await clean()
  try {
    await makeFolder(work)
    await makeFolder(files)
    return await use({ work, stage, kept: join(dir, `before-restore-${time}`), others: join(work, 'others') })
  } finally {
    await clean()
  }
}

function requireKind({ kind, migrations }: Manifest, wanted: Manifest['kind']): void {
  const words = { sqlite: 'the embedded database', postgres: 'PostgreSQL' }
  if (kind !== wanted)
    throw new Stop(`The backup is one of ${words[kind]}, and DATABASE_URL says ${words[wanted]}. They cannot be mixed.`)
  checkKnown(migrations)
}

async function verify(file: string, manifest: Manifest): Promise<void> {
  const link = await Link.open({ file, role: 'reader', durability: 'full' })
  try {
    const damage = await damageOf(link, 'integrity_check')
    if (damage !== null) throw new Stop(`The database in the backup is damaged: ${damage}`)
    const counts = await countsOf(new Kysely<Tables>({ dialect: sqliteDialect(link, null) }))
    const other = Object.keys({ ...counts, ...manifest.counts }).find(table => counts[table] !== manifest.counts[table])
    if (other !== undefined)
      throw new Stop(`The backup is damaged: ${other} has ${counts[other]} rows instead of ${manifest.counts[other]}.`)
  } finally {
    await link.close()
  }
}

/** Puts the files in their places, and notes which ones of those that are there the backup does not have. */
async function place({ files }: Places, { stage, others }: Paths): Promise<void> {
  async function* unknown() {
    for await (const stored of walk(files)) if (!(await exists(join(stage.files, nameOf(stored))))) yield `${nameOf(stored)}\n`
  }
  await pipeline(unknown, createWriteStream(others, { mode: 0o600 }))
  for await (const stored of walk(stage.files)) {
    const target = join(files, nameOf(stored))
    await makeFolder(dirname(target))
    await rename(join(stage.files, nameOf(stored)), target)
    await syncFolder(dirname(target))
  }
  for (const { name } of await folders(files)) await syncFolder(join(files, name))
  await syncFolder(files)
}

const folders = async (path: string) => (await readdir(path, { withFileTypes: true })).filter(it => it.isDirectory())

async function report({ files }: Places, { kept, others }: Paths, manifest: Manifest, newKey: boolean): Promise<Restored> {
  let aside = 0
  for await (const name of createInterface({ input: createReadStream(others) })) {
    await moveAside(join(files, name), join(kept, 'files', name))
    aside += 1
  }
  return { manifest, kept: (await exists(kept)) ? kept : null, aside, newKey }
}

/** The folder of the files may be a disk of its own. */
async function moveAside(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to))
  try {
    await rename(from, to)
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error
    await copyFile(from, to)
    await syncFile(to)
    await rm(from)
  }
}

async function moves(dir: string, pairs: (readonly [string, string])[]): Promise<Move[]> {
  const all = await Promise.all(
    pairs.map(async ([from, to]) => ((await exists(from)) ? [{ from: relative(dir, from), to: relative(dir, to) }] : [])),
  )
  return all.flat()
}

async function keyMoves(dir: string, { stage, kept }: Paths, manifest: Manifest): Promise<Move[]> {
  const key = join(dir, 'key')
  if (manifest.key === null) return []
  const same = (await exists(key)) && (await sha256Of(createReadStream(key))) === manifest.key
  return same
    ? []
    : [...(await moves(dir, [[key, join(kept, 'key')]])), { from: relative(dir, stage.key), to: relative(dir, key) }]
}
