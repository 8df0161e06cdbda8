import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hasCode, makeFolder, writeSafely } from '#db/disk.ts'
import { create } from '#db/hold.ts'
import { messageOf, Stop } from '#errors.ts'

const HEADER = `# The master keys of PromptPilot, one a line: the first is in use, those after it are retired.
# Whoever has this file and the database can read every credential. Keep a copy of it, apart from the backups.
`

/** The texts of the keys in a key file, the current one first; null when there is no such file. */
export async function readKeyFile(path: string): Promise<string[] | null> {
  const file = await open(path, 'r').catch(cause => {
    if (hasCode(cause, 'ENOENT')) return null
    throw new Stop(`The key file ${path} cannot be read: ${messageOf(cause)}`, { cause })
  })
  if (file === null) return null
  try {
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const now = (mode & 0o777).toString(8)
      throw new Stop(`Others than its owner may use the key file ${path} (its mode is ${now}). Run: chmod 600 ${path}`)
    }
    const lines = (await file.readFile('utf8')).split('\n').map(line => line.trim())
    const keys = lines.filter(line => line !== '' && !line.startsWith('#'))
    if (keys.length === 0 || keys.some(key => key.length < 32))
      throw new Stop(`The key file ${path} is damaged: every line must be one key. Put a copy of it back.`)
    return keys
  } finally {
    await file.close()
  }
}

/** Replaces the key file as a whole; call it only while holding the lock. */
export const writeKeyFile = (path: string, keys: readonly string[]) => writeSafely(path, `${HEADER}${keys.join('\n')}\n`)

/**
 * Keeps other processes from writing the key file until released; null when another one holds it.
 * It is a lock of SQLite on a file of its own, because the system lets go of that when a process dies.
 */
export async function lockKeyFile(path: string, patience: number): Promise<{ release: () => void } | null> {
  await makeFolder(dirname(path))
  let lock: DatabaseSync | undefined
  try {
    await create(`${path}.lock`)
    lock = new DatabaseSync(`${path}.lock`, { timeout: patience })
    lock.exec('begin exclusive')
  } catch (cause) {
    lock?.close()
    if (isBusy(cause)) return null
    throw new Stop(
      `The folder ${dirname(path)} cannot be written to by this user: ${messageOf(cause)}. The key file belongs there; make the folder writable or set DATA_DIR.`,
      { cause },
    )
  }
  return { release: () => lock.close() }
}

/** SQLITE_BUSY. */
const isBusy = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === 5
