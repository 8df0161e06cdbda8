/** One value of a credential in the form. What is stored already is never shown; an empty text leaves it as it is. */
export type Row = { id: number; name: string; value: string; stored: boolean; gone: boolean }

/** Kinds that come with the names of their fields; anything else can be entered too. */
export const KINDS: Record<string, readonly string[]> = {
  'api.key': ['key'],
  'http.bearer': ['token'],
  'http.basic': ['username', 'password'],
  oauth2: ['clientId', 'clientSecret', 'refreshToken'],
}

const blank = { value: '', stored: false, gone: false }

/** The rows for a new credential of a kind. */
export const rowsFor = (kind: string): Row[] => (KINDS[kind] ?? ['']).map((name, id) => ({ ...blank, id, name }))

/** The rows for a credential that is stored. */
export const rowsOf = (fields: readonly string[]): Row[] => fields.map((name, id) => ({ ...blank, id, name, stored: true }))

/** One more row. */
export const withRow = (rows: readonly Row[]): Row[] => [
  ...rows,
  { ...blank, id: Math.max(-1, ...rows.map(row => row.id)) + 1, name: '' },
]

/** What the call takes: new and changed values, null for those that are to go, nothing for those that stay. */
export function valuesOf(rows: readonly Row[]): Record<string, string | null> {
  const values: Record<string, string | null> = {}
  for (const { name, value, stored, gone } of rows) {
    const key = name.trim()
    if (key === '') continue
    if (gone) values[key] = null
    else if (value !== '' || !stored) values[key] = value
  }
  return values
}

/** Which rows cannot be sent: a value without a name, a name that is no identifier or is there twice, a name without a value. */
export function wrongRows(rows: readonly Row[]): Map<number, 'name' | 'twice' | 'value'> {
  const wrong = new Map<number, 'name' | 'twice' | 'value'>()
  const seen = new Set<string>()
  for (const row of rows) {
    const name = row.name.trim()
    if (row.gone || (name === '' && row.value === '')) continue
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name)) wrong.set(row.id, 'name')
    else if (seen.has(name)) wrong.set(row.id, 'twice')
    else if (row.value === '' && !row.stored) wrong.set(row.id, 'value')
    seen.add(name)
  }
  return wrong
}
