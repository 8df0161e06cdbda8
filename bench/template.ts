import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A value of a row, as SQLite gives it. */
export type Value = null | number | string

/** A row by the names of its columns. */
type Row = Record<string, Value>

/** What one execution leaves in the database, and the tables and indexes it stands in. */
export type Template = { schema: string[]; execution: Row; journal: Row[] }

/** Where a data folder has its database. */
export const databaseOf = (data: string): string => join(data, 'database.sqlite')

/** Looks into the database of a server, which may be running. */
export function look<T>(data: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(databaseOf(data), { readOnly: true, timeout: 5_000 })
  try {
    return use(db)
  } finally {
    db.close()
  }
}

/** The newest execution of a data folder. */
export function readTemplate(data: string): Template {
  return look(data, db => {
    const tables = db
      .prepare(
        "select sql from sqlite_schema where tbl_name in ('executions', 'journal') and sql is not null order by type desc, name",
      )
      .all()
    const row = db.prepare('select * from executions order by id desc limit 1').get()
    if (row === undefined || row.status !== 'completed')
      throw new Error(`no execution has completed to copy: ${JSON.stringify(row)}`)
    const journal = db.prepare('select * from journal where execution_id = ? order by seq').all(String(row.id))
    return { schema: tables.map(table => String(table.sql)), execution: plain(row), journal: journal.map(plain) }
  })
}

const plain = (row: object): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null || typeof value === 'number' ? value : String(value)]),
  )

/** The statement that adds a row, with a mark for each of its columns. */
export const insertion = (table: string, row: Row): string =>
  `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row)
    .map(() => '?')
    .join(', ')})`

/** How many executions a folder has in each status. */
export function standing(data: string): Record<string, number> {
  return look(data, db => {
    const rows = db.prepare('select status, count(*) as count from executions group by status').all()
    return Object.fromEntries(rows.map(row => [String(row.status), Number(row.count)]))
  })
}

/** How many executions have not ended. */
export const unended = (data: string): number =>
  look(data, db => Number(db.prepare('select count(*) as count from executions where ended_at is null').get()?.count))
