import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { messageOf } from '#errors.ts'
import { sortableIds, systemClock } from '#ids.ts'
import { silent } from '#log.ts'
import { type Database, type Options, openDatabase } from './db.ts'

/** A database of one test, and where it is, so that a whole server can be started on it. */
export type TestDatabase = Where & {
  readonly database: Database
  readonly db: Database['db']
  /** Closes and opens it, as a restart would. */
  reopen(): Promise<void>
  /** Closes it and takes it away. */
  close(): Promise<void>
}

/** Where a database is, before anything is opened in it. */
export type Where = { kind: Database['kind']; url: string | null; dir: string; options: Options; drop(): Promise<void> }

/** A kind of database that tests run on. */
export type Kind = {
  name: Database['kind']
  /** Why it cannot be tested here. */
  skip: string | false
  /** A fresh and migrated one. */
  open(): Promise<TestDatabase>
  /** A place for one. */
  place(): Promise<Where>
}

const SERVER = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const unreached = await reach()

/** Both kinds; the one that is not there says so in `skip`. */
export const databases = (): Kind[] => [
  { name: 'sqlite', skip: false, open: () => open(placeSqlite), place: placeSqlite },
  { name: 'postgres', skip: unreached, open: () => open(placePostgres), place: placePostgres },
]

async function open(place: () => Promise<Where>): Promise<TestDatabase> {
  const where = await place()
  let database = await openDatabase(where.options)
  return {
    ...where,
    get database() {
      return database
    },
    get db() {
      return database.db
    },
    async reopen() {
      await database.close()
      database = await openDatabase(where.options)
    },
    async close() {
      await database.close()
      await where.drop()
    },
  }
}

async function placeSqlite(): Promise<Where> {
  const dir = await mkdtemp(join(tmpdir(), 'pp-test-'))
  return { kind: 'sqlite', url: null, dir, options: optionsFor(null, dir), drop: () => rm(dir, { recursive: true }) }
}

async function placePostgres(): Promise<Where> {
  const name = `pp_test_${sortableIds(systemClock).secret(9).replace(/\W/g, '_').toLowerCase()}`
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  const dir = await mkdtemp(join(tmpdir(), 'pp-test-'))
  await createDatabase(name)
  return {
    kind: 'postgres',
    url: String(url),
    dir,
    options: optionsFor(String(url), dir),
    async drop() {
      await onServer(`drop database ${name} with (force)`)
      await rm(dir, { recursive: true })
    },
  }
}

/** In the order of a language where the server can, so that whoever relies on the order of bytes is found out. */
async function createDatabase(name: string): Promise<void> {
  const plain = `create database ${name} template template0 encoding 'UTF8'`
  try {
    await onServer(`${plain} locale_provider icu icu_locale 'en-US'`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    await onServer(plain)
  }
}

const optionsFor = (url: string | null, dir: string): Options => ({
  url,
  dir,
  pool: 10,
  durability: 'full',
  log: silent,
  clock: systemClock,
})

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 3_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function reach(): Promise<string | false> {
  try {
    await onServer('select 1')
    return false
  } catch (error) {
    return `no PostgreSQL for tests (${messageOf(error)}); name one in TEST_POSTGRES_URL`
  }
}
