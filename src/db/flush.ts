import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { Flushed, Group } from './db.ts'
import { takeTurns } from './statement.ts'
import type { Tables } from './tables.ts'

/** So many transactions at once: PostgreSQL makes one wait for the disk of theirs. */
const AT_ONCE = 4

/** Writes groups to PostgreSQL: a transaction for a part of them, and one for each where something failed. */
export async function flushGroups(db: Kysely<Tables>, groups: readonly Group[]): Promise<Flushed[]> {
  const outcomes = new Map<Group, Flushed>()
  await Promise.all(
    partsOf(groups).map(async part => {
      for (const [at, outcome] of (await flushPart(db, part)).entries()) if (part[at]) outcomes.set(part[at], outcome)
    }),
  )
  return groups.map(group => outcomes.get(group) ?? new Error('The database gave no answer.'))
}

const isShared = (group: Group) => group.some(({ shared }) => shared)

/** Those with shared rows go together, because they would only wait for each other. */
function partsOf(groups: readonly Group[]): Group[][] {
  const { shared = [], own = [] } = Object.groupBy(groups, group => (isShared(group) ? 'shared' : 'own'))
  const size = Math.ceil(own.length / AT_ONCE)
  const parts = Array.from({ length: AT_ONCE }, (_none, at) => own.slice(at * size, (at + 1) * size))
  return [...parts, shared].filter(part => part.length > 0)
}

async function flushPart(db: Kysely<Tables>, groups: readonly Group[]): Promise<Flushed[]> {
  try {
    return await db.transaction().execute(async trx => {
      if (groups.some(isShared)) await takeTurns(trx, 'postgres')
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
