import { Kysely, PostgresAdapter, PostgresIntrospector, type PostgresPool, PostgresQueryCompiler, sql } from 'kysely'
import pg from 'pg'
import { Fault, messageOf, Stop } from '#errors.ts'
import { checkWriting } from './check.ts'
import type { Database, Options } from './db.ts'
import { dumpPostgres } from './dump.ts'
import { flushGroups } from './flush.ts'
import { migrate, requireMigrated } from './migrate.ts'
import { codeOf, FaultDriver, makePool } from './pool.ts'
import { finishSwap } from './swap.ts'
import type { Tables } from './tables.ts'

const OLDEST = 15
const FORBIDDEN = '42501'

/** Opens a PostgreSQL database. `silence` is after how many milliseconds without a word a connection counts as lost. */
export async function openPostgres(url: string, options: Options, silence?: number): Promise<Database> {
  const { log, clock, dir, share = false } = options
  if (!share && (await finishSwap(dir))) log.warn({ dir }, 'a restore that was interrupted has been completed')
  const patient = connect(makePool(url, { max: 1, patient: true, log }))
  try {
    await examine(url, patient)
    if (share && options.migrate !== false) await requireMigrated({ kind: 'postgres', db: patient })
    else if (options.migrate !== false) await migrate({ kind: 'postgres', db: patient }, options)
  } catch (error) {
    await patient.destroy()
    throw codeOf(error) === FORBIDDEN
      ? new Stop(`${wordsOf(url, error)}. The user must own the database.`, { cause: error })
      : error
  }
  if (options.migrate !== false) await patient.destroy()
  const db =
    options.migrate === false
      ? patient
      : connect(makePool(url, { max: options.pool, patient: false, log, ...(silence ? { silence } : {}) }))
  let closing: Promise<void> | undefined
  return {
    kind: 'postgres',
    db,
    flush: groups => flushGroups(db, groups),
    shrink: async () => {},
    check: () => checkWriting(db, clock),
    backup: file => dumpPostgres(url, file),
    close() {
      closing ??= db.destroy()
      return closing
    },
  }
}

const connect = (pool: PostgresPool) =>
  new Kysely<Tables>({
    dialect: {
      createDriver: () => new FaultDriver({ pool }),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: db => new PostgresIntrospector(db),
    },
  })

async function examine(url: string, db: Kysely<Tables>): Promise<void> {
  const it = await ask(url, db)
  if (it === undefined || it.number < OLDEST * 10_000)
    throw new Stop(`PostgreSQL ${OLDEST} or newer is needed; this one is ${it?.version}.`)
  if (it.encoding !== 'UTF8')
    throw new Stop(
      `The database must be in UTF8; this one is in ${it.encoding}. Create one with: createdb --encoding=UTF8 --template=template0`,
    )
}

async function ask(url: string, db: Kysely<Tables>) {
  try {
    const { rows } = await sql<{ number: number; version: string; encoding: string }>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
        current_setting('server_encoding') as encoding`.execute(db)
    return rows[0]
  } catch (error) {
    throw new Stop(wordsOf(url, error instanceof Fault ? error.cause : error), { cause: error })
  }
}

/** Why there is no connection, without the password that the address has. */
function wordsOf(url: string, error: unknown): string {
  const { host, port, user, database } = new pg.Client({ connectionString: url })
  const [place, code] = [`${host}:${port}`, codeOf(error)]
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return `No PostgreSQL answers at ${place}. Is it running, and is DATABASE_URL right?`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The host ${host} of DATABASE_URL is not known.`
  if (code === '28P01' || code === '28000')
    return `PostgreSQL at ${place} does not let the user "${user}" in (${messageOf(error)}). Check the user and the password in DATABASE_URL.`
  if (code === '3D000')
    return `PostgreSQL at ${place} has no database "${database}". Create it with: createdb --encoding=UTF8 ${database}`
  return `PostgreSQL at ${place} cannot be used: ${messageOf(error)}`
}
