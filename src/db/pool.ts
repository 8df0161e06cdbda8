import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { type DatabaseConnection, PostgresDriver, type PostgresPool } from 'kysely'
import pg from 'pg'
import { Fault, messageOf } from '#errors.ts'
import type { Log } from '#log.ts'

/** A statement may take this long, in milliseconds; a lock is waited for half of it. */
const STATEMENT = 60_000
const IDLE = 30_000
/** A server that says nothing for this long is gone; the system would notice after a quarter of an hour. More than a statement may take. */
const SILENCE = 75_000

const INT8 = 20
const NUMERIC = 1700

/** Whole numbers and sums come as numbers, in this pool only. One that a number cannot hold exactly is an error, as with SQLite. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === INT8) return whole
    return oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format)
  },
}

/** How a pool is set up. A patient one waits as long as a statement takes; for migrations. */
export type PoolOptions = { max: number; patient: boolean; silence?: number; log: Log }

/** A pool of connections that mends itself. */
export function makePool(url: string, { max, patient, silence = SILENCE, log }: PoolOptions): PostgresPool {
  const limits = { statement_timeout: STATEMENT, lock_timeout: STATEMENT / 2, idle_in_transaction_session_timeout: STATEMENT }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'promptpilot',
    max,
    types,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: IDLE,
    ...(patient ? {} : limits),
  })
  const closing = new WeakSet<pg.ClientBase>()
  pool.on('error', error => log.warn({ err: error }, 'an idle connection to PostgreSQL was lost'))
  pool.on('connect', client => {
    // Without a listener the loss of a connection that is in use would end the process; its query fails in any case.
    client.on('error', error => log.debug({ err: error }, 'a connection to PostgreSQL was lost'))
    const connection: unknown = Reflect.get(client, 'connection')
    if (!(connection instanceof EventEmitter)) return
    connection.on('errorMessage', ({ severity }: pg.DatabaseError) => severity === 'FATAL' && closing.add(client))
    const socket: unknown = Reflect.get(connection, 'stream')
    if (socket instanceof Socket && !patient)
      socket.setTimeout(silence, () => socket.destroy(new Error(`PostgreSQL said nothing for ${silence / 1_000} s`)))
  })
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      const release = client.release.bind(client)
      // One that the server has said it will close must not be given to the next one in the moment before it does.
      client.release = lost => release(lost || closing.has(client))
      return client
    },
  }
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number.`)
  return value
}

/** The driver of Kysely, telling what went wrong in the words of the catalogue. */
export class FaultDriver extends PostgresDriver {
  readonly #told = new WeakSet<DatabaseConnection>()

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await told(() => super.acquireConnection())
    if (this.#told.has(connection)) return connection
    this.#told.add(connection)
    const execute = connection.executeQuery.bind(connection)
    connection.executeQuery = (query, options) => told(() => execute(query, options))
    return connection
  }
}

async function told<T>(what: () => Promise<T>): Promise<T> {
  try {
    return await what()
  } catch (error) {
    throw faultOf(error)
  }
}

const FULL = ['53100']
const LATE = ['57014']
const UNFIT = ['22021', '22P05']
/** Gone, starting, stopping, overrun, locked for too long, or only for reading after a failover: all of it may pass. */
const PASSING =
  /^(08...|53[023]00|57P0[1-5]|25P0[34]|25006|40001|40P01|55P03|E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|NOENT))$/
const LOST = /^Connection terminated|^timeout exceeded when trying to connect|is not queryable$|^PostgreSQL said nothing/

/** The code that PostgreSQL or the system gave an error; empty where there is none. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

function faultOf(error: unknown): unknown {
  const code = codeOf(error)
  if (FULL.includes(code)) return new Fault('storage.full', { cause: error })
  if (LATE.includes(code)) return new Fault('server.timeout', { cause: error })
  if (UNFIT.includes(code))
    return new Fault('request.invalid', { message: 'Text with the character NUL cannot be stored.', cause: error })
  if (PASSING.test(code) || LOST.test(messageOf(error)))
    return new Fault('server.busy', { message: 'The database does not answer right now.', cause: error, retryAfter: 2 })
  return error
}
