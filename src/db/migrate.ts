import { type Kysely, sql, type Transaction } from 'kysely'
import { Fault, messageOf, Stop } from '#errors.ts'
import type { Clock } from '#ids.ts'
import type { Log } from '#log.ts'
import type { Database } from './db.ts'
import type { Migration, Words } from './migration.ts'
import { migrations } from './migrations/all.ts'

/** A database, or as much of it as migrating needs. */
export type Migrated = Pick<Database, 'kind' | 'db'>

type Steps = { steps?: readonly Migration[] }
type Options = Steps & { to?: string; clock: Clock; log: Log }
type Ledger = { migrations: { name: string; at: number } }

/** Where a database without any migration is. */
export const NOTHING = 'nothing'

const WORDS: Record<Database['kind'], Words> = {
  sqlite: { time: 'text', flag: 'integer', keyed: 'without rowid' },
  postgres: { time: 'timestamptz', flag: 'boolean', keyed: '' },
}

/** Any number, as long as it is always this one: "PPmg". Restoring takes it too. */
export const LOCK = 0x50506d67

/**
 * Brings the schema to a migration, forward or back, to the newest unless told. Answers what was done.
 *
 * Kysely's Migrator does all steps in one transaction and keeps a second table for its lock. Here each step is a transaction that
 * begins with the lock and then looks what is to be done, so any number of processes may start at once, and what is done stays done.
 */
export async function migrate({ kind, db }: Migrated, options: Options): Promise<string[]> {
  const { steps = migrations, to = steps.at(-1)?.name ?? NOTHING, clock, log } = options
  const goal = steps.findIndex(({ name }) => name === to)
  if (goal === -1 && to !== NOTHING) throw new Stop(`There is no migration "${to}". See: promptpilot migrate --list`)
  const done: string[] = []
  const ledger = db.$pickTables<never>().$extendTables<Ledger>()
  // A step that builds a table anew must not take along what refers to it. This cannot be said inside of a transaction.
  if (kind === 'sqlite') await sql`pragma foreign_keys = off`.execute(db)
  try {
    for (;;) {
      const step = await ledger.transaction().execute(trx => one(trx, kind, steps, goal, clock))
      if (step === null) return done
      done.push(step)
      log.info({ migration: step }, 'the database was migrated')
    }
  } finally {
    if (kind === 'sqlite') await sql`pragma foreign_keys = on`.execute(db)
  }
}

/** The names of what is done and of what is not. Refuses a database that a newer program has written. */
export async function migrationsOf(
  { kind, db }: Migrated,
  { steps = migrations }: Steps = {},
): Promise<{ done: string[]; open: string[] }> {
  const find = {
    sqlite: sql<{ found: number }>`select count(*) as found from sqlite_schema where type = 'table' and name = 'migrations'`,
    postgres: sql<{ found: number }>`select count(to_regclass('migrations'))::int as found`,
  }
  const { rows } = await find[kind].execute(db)
  const ledger = db.$pickTables<never>().$extendTables<Ledger>()
  const done = rows[0]?.found ? await namesOf(ledger) : []
  checkKnown(done, steps)
  return { done, open: steps.slice(done.length).map(({ name }) => name) }
}

/** Refuses a database that is not up to date; for those that must not change it. */
export async function requireMigrated(migrated: Migrated): Promise<void> {
  const { open } = await migrationsOf(migrated)
  if (open.length > 0)
    throw new Stop(`The database is older than this program (${open.join(', ')}). Start the server, or run: promptpilot migrate`)
}

async function one(
  trx: Transaction<Ledger>,
  kind: Database['kind'],
  steps: readonly Migration[],
  goal: number,
  clock: Clock,
): Promise<string | null> {
  if (kind === 'postgres') {
    await sql`set local statement_timeout = 0`.execute(trx)
    await sql`set local lock_timeout = 0`.execute(trx)
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  }
  await sql`create table if not exists migrations (name text primary key, at bigint not null)`.execute(trx)
  const done = await namesOf(trx)
  checkKnown(done, steps)
  const back = done.length > goal + 1
  const step = steps[back ? done.length - 1 : done.length]
  if (step === undefined || done.length === goal + 1) return null
  try {
    const before = kind === 'postgres' ? await textColumns(trx) : []
    await step[back ? 'down' : 'up'](trx.$pickTables<never>(), WORDS[kind])
    if (kind === 'postgres') await compareBytes(trx, before)
    else await checkReferences(trx)
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Stop(`The migration ${step.name} failed and was undone: ${messageOf(error)}`, { cause: error })
  }
  if (back) await trx.deleteFrom('migrations').where('name', '=', step.name).execute()
  else await trx.insertInto('migrations').values({ name: step.name, at: clock.now() }).execute()
  return step.name
}

async function namesOf(db: Kysely<Ledger>): Promise<string[]> {
  const rows = await db.selectFrom('migrations').select('name').execute()
  return rows.map(({ name }) => name).sort()
}

/** Refuses migrations that this program does not know. */
export function checkKnown(done: string[], steps: readonly Migration[] = migrations): void {
  const unknown = done.find(name => !steps.some(step => step.name === name))
  if (unknown !== undefined)
    throw new Stop(
      `The database was written by a newer PromptPilot: it has the migration ${unknown}, which this one does not know. ` +
        'Start the newer one, or restore a backup that was made before the update.',
    )
  const missing = steps.slice(0, done.length).find(({ name }) => !done.includes(name))
  if (missing)
    throw new Stop(`The database is not as any PromptPilot leaves it: it has later migrations but not ${missing.name}.`)
}

async function checkReferences(trx: Transaction<Ledger>): Promise<void> {
  const { rows } = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(trx)
  const [broken] = rows
  if (broken) throw new Error(`rows of ${broken.table} refer to rows of ${broken.parent} that are gone (${rows.length} in all)`)
}

type Column = { table: string; column: string; type: string }

async function textColumns(trx: Transaction<Ledger>): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and a.attcollation <> 0 and a.attcollation <> 'pg_catalog."C"'::regcollation
    order by 1, a.attnum`.execute(trx)
  return rows
}

/** SQLite compares text by its bytes. So does PostgreSQL for the columns a step has made, whatever the database was created with. */
async function compareBytes(trx: Transaction<Ledger>, before: Column[]): Promise<void> {
  const known = new Set(before.map(({ table, column }) => `${table}.${column}`))
  const made = (await textColumns(trx)).filter(({ table, column }) => !known.has(`${table}.${column}`))
  for (const [table, columns = []] of Map.groupBy(made, ({ table }) => table)) {
    const changes = columns.map(({ column, type }) => sql`alter column ${sql.id(column)} type ${sql.raw(type)} collate "C"`)
    await sql`alter table ${sql.table(table)} ${sql.join(changes)}`.execute(trx)
  }
}
