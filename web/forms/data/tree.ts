/** A line of a tree: a value with its place, or the end of a list that goes on. */
export type Row = {
  id: string
  path: (string | number)[]
  name: string | number | null
  depth: number
  value: unknown
  /** How much is in it; null where it cannot be opened. */
  count: number | null
  open: boolean
  /** Entries that are not shown yet. */
  more?: number
}

/** Which branches a person has opened or closed by hand, by the id of their lines. */
export type Opened = ReadonlyMap<string, boolean>

/** Lists are shown in pieces of so many. */
export const PIECE = 500

/** Opened by itself as deep as this. */
const DEPTH = 2
/** Unless there is more in it than this. */
const WIDE = 40

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null

const entriesOf = (value: object): [string | number, unknown][] =>
  Array.isArray(value) ? value.map((one, at) => [at, one]) : Object.entries(value)

const sizeOf = (value: object) => (Array.isArray(value) ? value.length : Object.keys(value).length)

/** The line's name among all lines. */
export const idOf = (path: readonly (string | number)[]): string => JSON.stringify(path)

/** The lines of a value, with what is open. `pieces` says how many pieces of a long list are shown. */
export function rowsOf(value: unknown, opened: Opened, pieces: ReadonlyMap<string, number> = new Map()): Row[] {
  const rows: Row[] = []
  const walk = (here: unknown, path: (string | number)[], name: string | number | null): void => {
    const id = idOf(path)
    const depth = path.length
    const count = isBranch(here) ? sizeOf(here) : null
    const open = count !== null && count > 0 && (opened.get(id) ?? (depth < DEPTH && (depth === 0 || count <= WIDE)))
    rows.push({ id, path, name, depth, value: here, count, open })
    if (!open || !isBranch(here)) return
    const shown = (pieces.get(id) ?? 1) * PIECE
    for (const [key, one] of entriesOf(here).slice(0, shown)) walk(one, [...path, key], key)
    const more = (count ?? 0) - shown
    if (more > 0)
      rows.push({ id: `${id} more`, path, name: null, depth: depth + 1, value: undefined, count: null, open: false, more })
  }
  walk(value, [], null)
  return rows
}

/** At most so many places are found: nobody reads more. */
const MOST = 1_000

/** The places in which a word is found, in names and values, in their order. */
export function search(value: unknown, word: string): (string | number)[][] {
  const wanted = word.trim().toLowerCase()
  const found: (string | number)[][] = []
  if (wanted === '') return found
  const walk = (here: unknown, path: (string | number)[]): void => {
    if (found.length >= MOST) return
    const name = path.at(-1)
    const own = isBranch(here) ? '' : String(here).toLowerCase()
    if ((typeof name === 'string' && name.toLowerCase().includes(wanted)) || own.includes(wanted)) found.push(path)
    if (isBranch(here)) for (const [key, one] of entriesOf(here)) walk(one, [...path, key])
  }
  walk(value, [])
  return found
}

/** What has to be open, and how far lists have to be shown, so that a place can be seen. */
export function revealing(path: readonly (string | number)[]): { opened: string[]; pieces: [string, number][] } {
  const above = path.map((_part, at) => path.slice(0, at))
  return {
    opened: above.map(idOf),
    pieces: path.flatMap((part, at): [string, number][] =>
      typeof part === 'number' && part >= PIECE ? [[idOf(path.slice(0, at)), Math.floor(part / PIECE) + 1]] : [],
    ),
  }
}
