import { isObject } from '../schema.ts'

/** A list of objects, or of lists, as a table. */
export type Grid = { columns: string[]; rows: unknown[][] }

/** Enough to see what there is; the tree shows all of it. */
const MOST_COLUMNS = 50
const LOOKED_AT = 200

/** A list as a table; null where it is none of objects. */
export function gridOf(value: unknown): Grid | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const looked = value.slice(0, LOOKED_AT)
  if (!looked.every(isObject)) return null
  const columns = [...new Set(looked.flatMap(one => Object.keys(one)))].slice(0, MOST_COLUMNS)
  if (columns.length === 0) return null
  return {
    columns,
    rows: value.map(one => columns.map(name => (isObject(one) && Object.hasOwn(one, name) ? one[name] : undefined))),
  }
}

/** A value in a cell, in one line. */
export function cellOf(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
// What begins like this would be run as a formula by a spreadsheet.
const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text)

/** The table as CSV. */
export const csvOf = ({ columns, rows }: Grid): string =>
  [columns, ...rows].map(row => row.map(one => quoted(harmless(cellOf(one)))).join(',')).join('\r\n')
