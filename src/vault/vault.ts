import type { Kysely, Transaction } from 'kysely'
import { z } from 'zod'
import type { Config } from '#config.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Log } from '#log.ts'
import { refuseUnreadable } from './check.ts'
import { openRing, type Ring } from './key.ts'
import { type About, type Key, open, seal } from './seal.ts'
import { holdKeys, instanceSecret, readSecret } from './secret.ts'

/** The values of a credential by the names of their fields. */
export type Values = Record<string, string>

/** The columns of a credential that only the vault understands. */
export type SealedColumns = Pick<Tables['credentials'], 'key_id' | 'wrapped_key' | 'sealed'>

/** A row as far as it takes to open it. */
export type SealedRow = SealedColumns & Pick<Tables['credentials'], 'id' | 'workspace_id' | 'name'>

/** Seals and opens rows within one transaction. */
export type Writer = {
  seal(workspace: string, id: string, values: Values): SealedColumns
  open(row: SealedRow): Values
}

/** Keeps the values of credentials: nothing outside it sees a master key. */
export type Vault = {
  readonly ring: Ring
  /**
   * Begins a change of sealed rows; call it before the rows are read. Writers go one after the other,
   * so that no row is sealed with a key which a rotation is about to drop.
   */
  write(trx: Transaction<Tables>): Promise<Writer>
  /** The values of a credential. Fails with `credential.not_found` or `credential.unreadable`. */
  open(workspace: string, id: string): Promise<Values>
  /** A key for one purpose, such as signing sessions; the same for every process and after every rotation. */
  secret(purpose: string): Buffer
  /** Stops with words about what cannot be read and what to do. */
  check(): Promise<void>
}

/** A rotation may take the key of a row away between reading the row and reading the key; then the row is read again. */
const TRIES = 3

const READ = z.record(z.string(), z.string())

/** Opens the vault; refuses when the database holds something that its keys cannot read. */
export async function openVault({ db, config, log }: { db: Kysely<Tables>; config: Config; log: Log }): Promise<Vault> {
  const ring = await openRing(config)
  await refuseUnreadable(db, ring)
  if (ring.current() === null) {
    await ring.create()
    log.info({ file: ring.path }, 'made a master key; keep a copy of this file, apart from the backups')
  }
  const secret = await readSecret(db, ring)
  if (secret === null) {
    // Another process with another key was faster at the very first start.
    await refuseUnreadable(db, ring)
    throw new Error('the secret of the installation is not there')
  }
  return {
    ring,
    secret: purpose => instanceSecret(secret, purpose),
    check: () => refuseUnreadable(db, ring),
    async write(trx) {
      await holdKeys(trx)
      await ring.reread()
      const key = ring.current()
      if (key === null) throw new Error('there is no master key')
      return {
        seal(workspace, id, values) {
          const { keyId, wrapped, sealed } = seal(key, aboutCredential(workspace, id), Buffer.from(JSON.stringify(values)))
          return { key_id: keyId, wrapped_key: wrapped, sealed }
        },
        open(row) {
          const own = ring.known(row.key_id)
          if (!own) throw unreadable(row)
          return openRow(own, row)
        },
      }
    },
    async open(workspace, id) {
      for (let left = TRIES; ; left -= 1) {
        const row = await db
          .selectFrom('credentials')
          .select(['id', 'workspace_id', 'name', 'key_id', 'wrapped_key', 'sealed'])
          .where('workspace_id', '=', workspace)
          .where('id', '=', id)
          .executeTakeFirst()
        if (!row) throw new Fault('credential.not_found')
        const key = await ring.find(row.key_id)
        if (key) return openRow(key, row)
        if (left === 1) throw unreadable(row)
      }
    },
  }
}

/** What the values of a credential are bound to: a row that was copied over another does not open. */
export const aboutCredential = (workspace: string, id: string): About => ['credential', workspace, id]

function openRow(key: Key, row: SealedRow): Values {
  const plain = decrypted(key, row)
  try {
    return READ.parse(JSON.parse(plain))
  } catch {
    // Without the cause: a parser quotes what it could not read.
    throw unreadable(row)
  }
}

function decrypted(key: Key, row: SealedRow): string {
  try {
    return open(key, aboutCredential(row.workspace_id, row.id), { wrapped: row.wrapped_key, sealed: row.sealed }).toString()
  } catch (cause) {
    throw unreadable(row, cause)
  }
}

function unreadable({ name, key_id }: SealedRow, cause?: unknown): Fault {
  return new Fault('credential.unreadable', {
    message: `The credential ${JSON.stringify(name)} cannot be decrypted with the key ${key_id}.`,
    cause,
  })
}
