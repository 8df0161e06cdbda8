import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { Flushed, Group } from './db.ts'
import type { Tables } from './tables.ts'

/** So many transactions at once: PostgreSQL makes one wait for the disk of theirs. */
const AT_ONCE = 4

/** Writes groups to PostgreSQL: a transaction for a part of them, and one for each where something failed. */
export async function flushGroups(db: Kysely<Tables>, groups: readonly Group[]): Promise<Flushed[]> {
  const size = Math.ceil(groups.length / AT_ONCE)
  const parts = Array.from({ length: AT_ONCE }, (_none, at) => groups.slice(at * size, (at + 1) * size))
  const outcomes = await Promise.all(parts.filter(part => part.length > 0).map(part => flushPart(db, part)))
  return outcomes.flat()
}

async function flushPart(db: Kysely<Tables>, groups: readonly Group[]): Promise<Flushed[]> {
  try {
    return await db.transaction().execute(async trx => {
      const outcomes: Flushed[] = []
      for (const group of groups) outcomes.push(await write(trx, group))
      return outcomes
    })
  } catch (error) {
    if (groups.length === 1) return [error instanceof Error ? error : new Error(String(error))]
    const outcomes: Flushed[] = []
    for (const group of groups) outcomes.push(...(await flushPart(db, [group])))
    return outcomes
  }
}

async function write(trx: Transaction<Tables>, group: Group): Promise<Flushed> {
  for (const [at, { sql, values }] of group.entries()) {
    const { numAffectedRows } = await trx.executeQuery(CompiledQuery.raw(sql, [...values]))
    if (at === 0 && numAffectedRows === 0n) return 'left out'
  }
  return 'written'
}
