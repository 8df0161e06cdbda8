import { keyOf } from '#sdk/compare.ts'
import { MOST_ITEMS, tooMany } from '#sdk/given.ts'
import { reach } from '#sdk/reach.ts'

type Entry = Record<string, unknown>

/** How lists are joined. */
export type Join = { key: string; otherKey: string; keep: 'inner' | 'left' | 'outer' | 'unmatched'; matches: 'all' | 'first' }

/** Matches the entries of lists by a key: the entries that become one, for each. Who has no key matches nobody. */
export function join(lists: readonly (readonly Entry[])[], { key, otherKey, keep, matches }: Join): Entry[][] {
  const [first = [], ...others] = lists
  let rows: { key: string | null; entries: Entry[] }[] = first.map(entry => ({ key: keyIn(entry, key), entries: [entry] }))
  for (const list of others) {
    const index = indexOf(list, otherKey)
    const met = new Set<string>()
    const joined: typeof rows = []
    for (const row of rows) {
      const partners = row.key === null ? undefined : index.get(row.key)
      if (row.key !== null && partners) met.add(row.key)
      if (keep === 'unmatched') {
        if (!partners) joined.push(row)
      } else if (partners) {
        const taken = matches === 'first' ? partners.slice(0, 1) : partners
        if (joined.length + taken.length > MOST_ITEMS) throw tooMany('inputs', joined.length + taken.length)
        for (const partner of taken) joined.push({ key: row.key, entries: [...row.entries, partner] })
      } else if (keep !== 'inner') joined.push(row)
    }
    if (keep === 'outer')
      for (const entry of list) {
        const own = keyIn(entry, otherKey)
        if (own === null || !met.has(own)) joined.push({ key: own, entries: [entry] })
      }
    if (joined.length > MOST_ITEMS) throw tooMany('inputs', joined.length)
    rows = joined
  }
  return rows.map(row => row.entries)
}

function indexOf(list: readonly Entry[], key: string): Map<string, Entry[]> {
  const index = new Map<string, Entry[]>()
  for (const entry of list) {
    const own = keyIn(entry, key)
    if (own === null) continue
    const there = index.get(own)
    if (there) there.push(entry)
    else index.set(own, [entry])
  }
  return index
}

/** 5 and "5" are one key: one of the lists may come from a table where everything is text. */
function keyIn(entry: Entry, key: string): string | null {
  const value = reach(entry, key)
  if (value === null || value === '') return null
  return keyOf(typeof value === 'number' ? String(value) : value)
}
