import { DatabaseSync } from 'node:sqlite'
import { sortableIds } from '#ids.ts'
import { databaseOf, insertion, readTemplate, type Value } from './template.ts'

/** The executions of a folder reach back so far. */
const SPAN = 20 * 86_400_000
/** The newest of them are so old, and follow each other this closely: they may be left unfinished, and must not be late by then. */
const LAST = { count: 1_000, age: 120_000, step: 100 }
const BATCH = 20_000
/** Columns and members that are times. */
const TIMES = ['created_at', 'started_at', 'ended_at']
const TIME = /(?<="(?:at|from|deadline)":)(\d{13})/

/** Copies the newest execution of a folder whose server has stopped until there are so many; all of them at different times. */
export function fill(data: string, count: number): void {
  const { execution, journal } = readTemplate(data)
  const born = Number(execution.created_at)
  const now = Date.now()
  let time = now
  const ids = sortableIds({ now: () => time })
  // Text and times in turn.
  const segments = journal.map(({ events }) => String(events).split(TIME))
  const db = open(data)
  db.exec('delete from executions; delete from journal')
  const one = db.prepare(insertion('executions', execution))
  const segment = db.prepare('insert into journal (execution_id, seq, events) values (?, ?, ?)')
  for (let left = count; left > 0; left -= 1) {
    if ((count - left) % BATCH === 0) db.exec(left === count ? 'begin' : 'commit; begin')
    const age = LAST.age + (left <= LAST.count ? left * LAST.step : (SPAN * left) / count)
    time = Math.round(now - age)
    const id = ids.next('exe')
    const row: Record<string, Value> = { ...execution, id }
    for (const name of TIMES) row[name] = Number(execution[name]) - born + time
    one.run(...Object.values(row))
    for (const [nth, parts] of segments.entries()) {
      const text = parts.map((part, at) => (at % 2 === 0 ? part : Number(part) - born + time)).join('')
      segment.run(id, nth + 1, text)
    }
  }
  db.exec('commit')
  close(db)
}

/** Makes the newest executions of a folder what a server leaves that was killed just after it had accepted them; answers with the first. */
export function unfinish(data: string, count: number): string {
  const db = open(data)
  const rows = db
    .prepare('select id, events from executions join journal on execution_id = id and journal.seq = 1 order by id desc limit ?')
    .all(count)
  const first = String(rows.at(-1)?.id)
  const left = db.prepare(
    `update executions set status = 'running', seq = 1, epoch = 1, owner = 'own_that_died', lease_until = created_at + 15000,
    due_at = created_at + 15000, ended_at = null, deaths = 0, done = 0, at_node = null, bytes = ? where id = ?`,
  )
  const segment = db.prepare('insert into journal (execution_id, seq, events) values (?, 1, ?)')
  db.exec('begin')
  db.prepare('delete from journal where execution_id >= ?').run(first)
  for (const { id, events } of rows) {
    const [accepted] = JSON.parse(String(events))
    const text = JSON.stringify([accepted])
    segment.run(String(id), text)
    left.run(text.length, String(id))
  }
  db.exec('commit')
  close(db)
  return first
}

/** Nothing of this must survive a power cut. */
function open(data: string): DatabaseSync {
  const db = new DatabaseSync(databaseOf(data), { enableForeignKeyConstraints: false })
  db.exec('pragma synchronous = off; pragma cache_size = -200000')
  return db
}

function close(db: DatabaseSync): void {
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}
