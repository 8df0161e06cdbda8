import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { sweepHeap } from '#heap.ts'

/** What a thread opens, and what for. The copier may do one thing more than the reader: copy the database to a new file. */
export type Opening = { file: string; role: 'writer' | 'reader' | 'copier'; durability: 'full' | 'relaxed' }

/** A value that SQLite can store. */
export type Value = null | number | bigint | string | Uint8Array

/** One statement with its values; in groups, `opens` stands at the first of each. */
export type Statement = { sql: string; values: Value[]; opens?: true }

/**
 * What is to be done with statements: run them `alone` (each is its own transaction) or `together` (one commit for all of them,
 * still each for itself) or in `groups` (one commit for all, each group whole or not at all), `begin` a transaction, go on `inside` of it, `commit` it or `undo` it; `open` and `close` the database.
 */
export type Task = 'open' | 'alone' | 'together' | 'groups' | 'begin' | 'inside' | 'commit' | 'undo' | 'close'

/** A message to the thread. */
export type Ask = { id: number; task: Task; statements: Statement[] }

/** What went wrong, in a form that can cross threads. */
export type Failure = { message: string; errcode: number }

/** What became of one statement. */
export type Outcome = { rows: object[]; changes: number | undefined } | { failure: Failure }

/** A message from the thread. */
export type Answer = { id: number; outcomes: Outcome[] }

/** Another process may write as well: wait this long for it. */
const BUSY_TIMEOUT = 5_000
const STATEMENTS_KEPT = 200

const { file, role, durability }: Opening = workerData
const DONE: Outcome = { rows: [], changes: undefined }
const port = parentPort
const kept = new Map<string, { statement: StatementSync; reads: boolean }>()
let db: DatabaseSync // Nothing but `close` is asked before it was opened.

port?.on('message', ({ id, task, statements }: Ask) => {
  port.postMessage({ id, outcomes: answer(task, statements) } satisfies Answer)
  if (task === 'close') port.close()
  // What starting a thread leaves behind is 3 MB of 10.
  if (task === 'open') sweepHeap()
})

function answer(task: Task, statements: Statement[]): Outcome[] {
  if (task === 'open') return [attempt(open)]
  if (task === 'close') return [attempt(() => db?.close())]
  if (task === 'alone') return statements.map(alone)
  if (task === 'together') return together(statements)
  if (task === 'groups') return inGroups(statements)
  if (task === 'begin') return [attempt(() => db.exec('begin immediate'))]
  if (task === 'undo') return [attempt(undo)]
  if (!db.isTransaction) return [{ failure: { message: 'The transaction was undone by an earlier error.', errcode: 0 } }]
  return task === 'commit' ? [attempt(() => db.exec('commit'))] : statements.map(run)
}

function open(): void {
  const writes = role === 'writer'
  const limits = role === 'copier' ? {} : { attach: 0 }
  db = new DatabaseSync(file, { readOnly: !writes, timeout: BUSY_TIMEOUT, limits })
  // No mmap: a disk error under a mapped page kills the process, where a failed read is an error that can be told.
  // Sorting spills to memory: in a container with a read-only root there is no other place.
  db.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma temp_store = memory; pragma cache_size = -8000')
  if (role === 'reader') db.exec('pragma query_only = on')
  if (writes) {
    // Decided when the file is made, as it would wait for whoever writes; what is deleted later can then be given back to the disk.
    if (db.prepare('pragma page_count').get()?.page_count === 0) db.exec('pragma auto_vacuum = incremental')
    db.exec(
      `pragma journal_mode = wal; pragma synchronous = ${durability === 'full' ? 'full' : 'normal'}; pragma foreign_keys = on`,
    )
    db.exec(`pragma journal_size_limit = ${64 * 2 ** 20}; pragma secure_delete = fast`)
  }
  // SQLite opens lazily: this makes a file that is no database fail here.
  db.exec('select count(*) from sqlite_schema')
}

function run({ sql, values }: Statement): Outcome {
  try {
    const { statement, reads } = prepared(sql)
    const given = values.map(exact)
    if (reads) return { rows: statement.all(...given), changes: undefined }
    return { rows: [], changes: Number(statement.run(...given).changes) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

function alone(statement: Statement): Outcome {
  const outcome = run(statement)
  if (!db.isTransaction) return outcome
  undo()
  return { failure: { message: 'A transaction is begun with db.transaction(), not with a statement.', errcode: 0 } }
}

/**
 * One commit, and so one wait for the disk, for statements that came at the same time. SQLite undoes a statement that fails by
 * itself, so the others are not touched. Where all of it fails nothing was kept, and each is tried alone.
 */
function together(statements: Statement[]): Outcome[] {
  const begun = attempt(() => db.exec('begin immediate'))
  if ('failure' in begun) return statements.map(() => begun)
  const outcomes: Outcome[] = []
  for (const statement of statements) if (db.isTransaction) outcomes.push(run(statement))
  const whole = db.isTransaction && !('failure' in attempt(() => db.exec('commit')))
  if (whole) return outcomes
  undo()
  return statements.map(alone)
}

const LEFT_OUT: Outcome = { rows: [], changes: 0 }

/** One outcome for each group. Where something fails all of it is undone, and each group is tried alone. */
function inGroups(statements: Statement[]): Outcome[] {
  const groups: Statement[][] = []
  for (const statement of statements) {
    if (statement.opens) groups.push([statement])
    else groups.at(-1)?.push(statement)
  }
  const outcomes = inOne(groups)
  if (groups.length === 1 || !outcomes.some(outcome => 'failure' in outcome)) return outcomes
  return groups.flatMap(group => inOne([group]))
}

function inOne(groups: Statement[][]): Outcome[] {
  const fail = (outcome: Outcome): Outcome[] => {
    attempt(undo)
    return groups.map(() => outcome)
  }
  const begun = attempt(() => db.exec('begin immediate'))
  if ('failure' in begun) return fail(begun)
  const outcomes: Outcome[] = []
  for (const group of groups) {
    let outcome: Outcome = DONE
    for (const statement of group) {
      const one = run(statement)
      if ('failure' in one) return fail(one)
      if (statement.opens && one.changes === 0) {
        outcome = LEFT_OUT
        break
      }
    }
    outcomes.push(outcome)
  }
  const ended = attempt(() => db.exec('commit'))
  return 'failure' in ended ? fail(ended) : outcomes
}

function undo(): void {
  if (db.isTransaction) db.exec('rollback')
}

function attempt(what: () => void): Outcome {
  try {
    what()
    return DONE
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/** Node binds every number as a float; a whole one must stay whole where the column has no type, and to divide as PostgreSQL does. */
const exact = (value: Value): SQLInputValue => (Number.isSafeInteger(value) ? BigInt(Number(value)) : value)

function prepared(sql: string) {
  const known = kept.get(sql)
  if (known) kept.delete(sql)
  const it = known ?? prepare(sql)
  kept.set(sql, it)
  const [oldest] = kept.keys()
  if (kept.size > STATEMENTS_KEPT && oldest !== undefined) kept.delete(oldest)
  return it
}

function prepare(sql: string) {
  const statement = db.prepare(sql)
  return { statement, reads: statement.columns().length > 0 }
}

function failureOf(error: unknown): Failure {
  const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
  return { message: error instanceof Error ? error.message : String(error), errcode }
}
