import type { Kysely } from 'kysely'
import type { Clock } from '#ids.ts'
import type { Log } from '#log.ts'
import { isTaken } from './failure.ts'
import type { Tables } from './tables.ts'

/** An open database. Everything but queries and transactions of Kysely that differs between the two. */
export type Database = {
  kind: 'sqlite' | 'postgres'
  db: Kysely<Tables>
  /**
   * Writes groups of statements, each whole or not at all, with one wait for the disk for all that came together. A group whose
   * first statement changes no row is left out: somebody else was faster.
   */
  flush(groups: readonly Group[]): Promise<Flushed[]>
  /** Gives the room of what was deleted back to the disk, a little at a time; PostgreSQL does so by itself. */
  shrink(): Promise<void>
  /** Throws when a small write does not get through. */
  check(): Promise<void>
  /** Writes a consistent copy to a file while everything goes on. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** Statements that belong together; the first may be a condition. */
export type Group = readonly {
  readonly sql: string
  readonly values: readonly Storable[]
  /** It changes a row that many write. */
  readonly shared?: boolean
}[]

/** A value that both databases store. */
export type Storable = null | number | string

/** What became of a group. */
export type Flushed = 'written' | 'left out' | Error

/** Where the database is, and how it is opened. */
export type Options = {
  /** postgres://…, or null for the embedded database. */
  url: string | null
  dir: string
  pool: number
  durability: 'full' | 'relaxed'
  log: Log
  clock: Clock
  /** Beside a running server: takes no lock, and refuses where migrations are open instead of running them. */
  share?: boolean
  /** `false` leaves the schema as it is, and waits for slow statements; for the commands that change it. */
  migrate?: boolean
}

/** Opens the database, checks it and brings its schema up to date. */
export async function openDatabase(options: Options): Promise<Database> {
  // Only the one that is asked for is loaded; the other's driver would take 10 MB.
  if (options.url === null) return (await import('./sqlite.ts')).openSqlite(options)
  return (await import('./postgres.ts')).openPostgres(options.url, options)
}

/** Was a row refused because one with the same unique value is there already? */
export const isUnique = (error: unknown): boolean => isTaken(error)
