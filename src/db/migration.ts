import type { Kysely } from 'kysely'

/** The words in which the two databases differ. */
export type Words = {
  /** Better Auth's times: `text` or `timestamptz`. */
  time: string
  /** Better Auth's booleans: `integer` or `boolean`. */
  flag: string
  /** For a table that is its key: rows without a number of their own, where a database has them. */
  keyed: string
}

/** One step of the schema, forward and back, in one transaction. */
export type Migration = {
  name: string
  up: (db: Kysely<unknown>, words: Words) => Promise<void>
  down: (db: Kysely<unknown>, words: Words) => Promise<void>
}
