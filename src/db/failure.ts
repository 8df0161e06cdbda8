import { Fault } from '#errors.ts'
import type { Failure } from './thread.ts'

/** Result codes of SQLite by which something is decided; see https://sqlite.org/rescode.html. */
const NAMES: Record<number, string> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
  275: 'SQLITE_CONSTRAINT_CHECK',
  778: 'SQLITE_IOERR_WRITE',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
  4874: 'SQLITE_IOERR_SHMSIZE',
}

/** A disk quota or a limit on the size of files shows as a failed write, not as SQLITE_FULL. */
const NO_ROOM = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']
const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB']
const TAKEN = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']

/** An error of SQLite with its code, such as SQLITE_CONSTRAINT_UNIQUE. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
  readonly code: string
  readonly errcode: number

  constructor({ message, errcode }: Failure) {
    super(message)
    this.code = NAMES[errcode] ?? NAMES[errcode & 0xff] ?? `SQLITE_${errcode}`
    this.errcode = errcode
  }
}

/** The error that a failure in a thread is told as. */
export function errorOf(failure: Failure): Error {
  const error = new SqliteError(failure)
  if (NO_ROOM.includes(error.code)) return new Fault('storage.full', { cause: error })
  if (error.code === 'SQLITE_BUSY') return new Fault('server.busy', { cause: error, retryAfter: 1 })
  return error
}

/** Does the error say that the file is not a sound database? */
export const isDamage = (error: unknown): boolean => error instanceof SqliteError && DAMAGED.includes(error.code)

/** Was a row refused because one with the same unique value is there already? Of both databases. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TAKEN.includes(String(error.code))
