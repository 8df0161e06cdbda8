import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { Fault, messageOf, Stop } from '#errors.ts'
import { checkWriting } from './check.ts'
import { copySqlite } from './copy.ts'
import type { Database, Options } from './db.ts'
import { sqliteDialect } from './dialect.ts'
import { exists } from './disk.ts'
import { errorOf, isDamage, SqliteError } from './failure.ts'
import { create, type Hold, holdFolder } from './hold.ts'
import { Link } from './link.ts'
import { migrate, requireMigrated } from './migrate.ts'
import { damageOf } from './sound.ts'
import { finishSwap, isSwapOpen } from './swap.ts'
import type { Tables } from './tables.ts'
import type { Statement } from './thread.ts'
import { makeWriter, type Writer } from './writer.ts'

/** Where the embedded database is. */
export const sqliteFile = (dir: string) => join(dir, 'database.sqlite')

/** Up to this size a start after a crash waits until the database has been looked through; a larger one is looked through beside the work. */
const CHECKED_FIRST = 64 * 2 ** 20
/** Above this size only the structure is looked at, which is some ten times faster. */
const CHECKED_WHOLE = 2 ** 30
const CORRUPT = 11

/** Opens the embedded database: one thread that writes and one that reads. `patience` is how long one may wait to write. */
export async function openSqlite(options: Options, patience?: number): Promise<Database> {
  const { dir, share = false } = options
  if (share) return open(options, null, patience)
  const hold = await holdFolder(dir)
  try {
    if (await finishSwap(dir)) options.log.warn({ dir }, 'a restore that was interrupted has been completed')
    return await open(options, hold, patience)
  } catch (error) {
    hold.release()
    throw error
  }
}

async function open(options: Options, hold: Hold | null, patience?: number): Promise<Database> {
  const { dir, durability, log, clock } = options
  const file = sqliteFile(dir)
  if (hold === null) await requireReady(dir)
  else await create(file)

  const died = (err: Error) => log.error({ err }, 'the database is gone; the server must be started again')
  const [writer, reader] = [
    new Link({ file, role: 'writer', durability }, died),
    new Link({ file, role: 'reader', durability }, died),
  ]
  const shut = async (sound = !writer.crashed && !reader.crashed) => {
    await reader.close()
    await writer.close() // The last one folds the log into the file, which a reader cannot.
    if (sound) await hold?.closed()
  }
  try {
    if (hold?.unclean === false) await hold.opened()
    await writer.open()
    const examining = hold?.unclean ? await examineFirst(file, writer, options) : null
    await reader.open()
    const line = makeWriter(writer, patience)
    const db = new Kysely<Tables>({ dialect: sqliteDialect(reader, line) })
    if (options.migrate !== false)
      await (hold ? migrate({ kind: 'sqlite', db }, options) : requireMigrated({ kind: 'sqlite', db }))

    let closing: Promise<void> | undefined
    return {
      kind: 'sqlite',
      db,
      async flush(groups) {
        const statements = groups.flatMap(group =>
          group.map(
            ({ sql, values }, at): Statement =>
              at === 0 ? { sql, values: [...values], opens: true } : { sql, values: [...values] },
          ),
        )
        const outcomes = statements.length === 0 ? [] : await line.groups(statements)
        return outcomes.map(it => ('failure' in it ? errorOf(it.failure) : it.changes === 0 ? 'left out' : 'written'))
      },
      shrink: () => shrink(line),
      async check() {
        if (examining?.damage) throw new Error(`The database ${file} is damaged: ${examining.damage}`)
        await checkWriting(db, clock)
      },
      backup: target => copySqlite(file, target),
      close() {
        closing ??= Promise.all([examining?.stop(), db.destroy()])
          // Where the look was not finished the next start begins it anew.
          .then(() => (examining?.sound === false ? shut(false) : shut()))
          .finally(() => hold?.release())
        return closing
      },
    }
  } catch (error) {
    await (isDamage(error) ? shut(false) : shut()) // After damage the note stays: the next start looks again.
    throw refusal(file, error)
  }
}

/** Pages that are given back in one go: some 10 ms in which nobody else writes. */
const PAGES_AT_ONCE = 1_000

async function shrink(writer: Writer): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const outcome = await writer.run({ sql: 'select freelist_count as n from pragma_freelist_count', values: [] }, false)
    const count = 'rows' in outcome ? Number(Reflect.get(Object(outcome.rows[0]), 'n')) : 0
    if (count === 0 || count >= before) return
    before = count
    await writer.run({ sql: `pragma incremental_vacuum(${PAGES_AT_ONCE})`, values: [] }, false)
  }
}

/** A look through the database that goes on beside the work. */
type Examining = { sound: boolean; damage: string | null; stop(): Promise<void> }

/** A small one is looked through before anything is done with it; of a large one that goes on while it is used. */
async function examineFirst(file: string, writer: Link, { log, durability }: Options): Promise<Examining | null> {
  const { size } = await stat(file)
  const how = size > CHECKED_WHOLE ? 'quick_check' : 'integrity_check'
  log.warn({ bytes: size, how }, 'the last stop was not a clean one; looking through the database')
  if (size <= CHECKED_FIRST) {
    const damage = await damageOf(writer, how)
    if (damage !== null) throw new SqliteError({ message: damage, errcode: CORRUPT })
    log.info({}, 'the database is sound')
    return null
  }
  const link = new Link({ file, role: 'reader', durability })
  const it: Examining = { sound: false, damage: null, stop: () => link.end() }
  void link
    .open()
    .then(() => damageOf(link, how))
    .then(async damage => {
      it.damage = damage
      it.sound = damage === null
      if (damage === null) log.info({}, 'the database is sound')
      else log.error({ file, damage }, 'the database is damaged; stop the server and restore the last backup')
      await link.close()
    })
    // It was stopped, or could not be opened a second time, which the first one would have said.
    .catch(err => log.debug({ err }, 'the look through the database was ended'))
  return it
}

/** Refuses a folder without a database that can be opened beside a server. */
export async function requireReady(dir: string): Promise<void> {
  if (await isSwapOpen(dir))
    throw new Stop(`A restore of ${dir} was interrupted. Start the server, which completes it, and try again.`)
  if (!(await exists(sqliteFile(dir)))) throw new Stop(`There is no database in ${dir} yet. Start the server once.`)
}

function refusal(file: string, error: unknown): Stop {
  if (error instanceof Stop) return error
  if (isDamage(error))
    return new Stop(
      `The database ${file} is damaged: ${messageOf(error)}.\nNothing was changed. Restore the last backup with \`promptpilot restore FILE\`; ` +
        'what is there now is kept beside it.',
      { cause: error },
    )
  const why = error instanceof Fault ? `${error.message} ${messageOf(error.cause)}` : messageOf(error)
  return new Stop(`The database ${file} cannot be opened: ${why}`, { cause: error })
}
