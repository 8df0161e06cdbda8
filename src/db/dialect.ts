import {
  type CompiledQuery,
  type DatabaseConnection,
  DeleteQueryNode,
  type Dialect,
  type Driver,
  InsertQueryNode,
  type QueryResult,
  type SelectModifierNode,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  UpdateQueryNode,
} from 'kysely'
import { Fault } from '#errors.ts'
import { errorOf } from './failure.ts'
import type { Link } from './link.ts'
import type { Outcome, Statement, Value } from './thread.ts'
import type { Held, Writer } from './writer.ts'

/**
 * Kysely over a thread that reads and a line before the thread that writes. Outside of a transaction a select goes to the reader: a
 * new read of a WAL database sees everything that was committed before, so it sees every write that was acknowledged.
 */
export function sqliteDialect(reader: Link, writer: Writer | null): Dialect {
  return {
    createDriver: () => makeDriver(reader, writer),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: db => new SqliteIntrospector(db),
  }
}

/** Kysely would else hand out one connection at a time and make reads wait for writes. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true
  }

  override get supportsTransactionalDdl() {
    return true
  }
}

/** A transaction holds the whole database from its beginning, so `for update` needs no words. */
class Compiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.rawModifier || node.modifier === 'Distinct') super.visitSelectModifier(node)
  }
}

function makeDriver(reader: Link, writer: Writer | null): Driver {
  const held = new Map<DatabaseConnection, Held>()

  async function send({ sql, parameters, query }: CompiledQuery, connection: DatabaseConnection): Promise<Outcome | undefined> {
    const statement: Statement = { sql, values: parameters.map(bindable) }
    const mine = held.get(connection)
    if (mine) return mine.run(statement)
    if (SelectQueryNode.is(query) || writer === null) return (await reader.ask('alone', [statement]))[0]
    return writer.run(statement, InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query))
  }

  function connect(): DatabaseConnection {
    const connection: DatabaseConnection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        const outcome = (await send(query, connection)) ?? { rows: [], changes: undefined }
        if ('failure' in outcome) throw errorOf(outcome.failure)
        const rows = outcome.rows as R[] // What a query answers is typed by whoever wrote it.
        return outcome.changes === undefined ? { rows } : { rows, numAffectedRows: BigInt(outcome.changes) }
      },
      // A cursor would hold the reader on its old snapshot, and others would not see what they have written.
      streamQuery() {
        throw new Error('Queries are not streamed; read page by page, from the last id on.')
      },
    }
    return connection
  }

  async function undo(connection: DatabaseConnection): Promise<void> {
    const mine = held.get(connection)
    held.delete(connection)
    await mine?.undo()
  }

  return {
    init: async () => {},
    acquireConnection: async () => connect(),
    async beginTransaction(connection) {
      if (writer === null) throw new Error('This database is open for reading.')
      held.set(connection, await writer.begin())
    },
    async commitTransaction(connection) {
      await held.get(connection)?.commit()
      held.delete(connection)
    },
    rollbackTransaction: undo,
    releaseConnection: undo,
    destroy: async () => {},
  }
}

/** What PostgreSQL would store for the value. It has no NUL in text, so there is none here either. */
function bindable(value: unknown): Value {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' && value.includes('\0'))
    throw new Fault('request.invalid', { message: 'Text with the character NUL cannot be stored.' })
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`A value of the type ${typeof value} cannot be stored; JSON is stored as text.`)
}
