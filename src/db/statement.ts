import type { Compilable, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database, Group, Storable } from './db.ts'
import type { Tables } from './tables.ts'

/** A query as a statement of a group. `shared` where it changes a row that many write, such as a sum. */
export function statementOf(query: Compilable, shared = false): Group[number] {
  const { sql: text, parameters } = query.compile()
  return { sql: text, values: parameters.map(storable), ...(shared ? { shared } : {}) }
}

function storable(value: unknown): Storable {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  throw new TypeError(`A database of ours does not store ${typeof value}.`)
}

/** Any number will do, as long as nobody else takes it. */
const SUMS = 700_617

/**
 * Lets those who change shared rows go one after the other until their transaction ends: two that change the same ones in another order
 * would wait for each other. The embedded database has one writer anyway.
 */
export async function takeTurns(trx: Kysely<Tables>, kind: Database['kind']): Promise<void> {
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(SUMS)})`.execute(trx)
}
