import { readFileSync, rmSync } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, Stop } from '#errors.ts'
import { exists, hasCode, makeFolder, syncFolder, writeSafely } from './disk.ts'

/** The folder is ours until it is released, or until the process ends in whatever way. */
export type Hold = {
  /** Did the last server end without closing the database? */
  unclean: boolean
  /** Notes that the database is open; the note outlives a crash. */
  opened(): Promise<void>
  /** Takes the note away: everything is closed. */
  closed(): Promise<void>
  release(): void
}

/** Where the note lies. Whoever finds it at a start knows that the last end was not a clean one. */
const NOTE = 'running'

/**
 * Takes the folder, or refuses while another process has it. The lock is an open transaction on a file of its own: the system
 * drops it with the process, also after kill -9. That file must never be opened otherwise: closing it would drop the lock.
 */
export async function holdFolder(dir: string): Promise<Hold> {
  await makeFolder(dir)
  const [file, who, note] = [join(dir, 'lock'), join(dir, 'lock.pid'), join(dir, NOTE)]
  await create(file)
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && 'errcode' in error && error.errcode === 5))
      throw new Stop(`The folder ${dir} cannot be locked: ${messageOf(error)}`, { cause: error })
    throw new Stop(
      `The folder ${dir} is in use by another PromptPilot${holder(who)}. Stop that one first, or choose another folder with DATA_DIR.`,
    )
  }
  await writeFile(who, `${process.pid} ${hostname()}`, { mode: 0o600 })
  return {
    unclean: await exists(note),
    opened: () => writeSafely(note, `${process.pid} ${hostname()}\n`),
    async closed() {
      await rm(note, { force: true })
      await syncFolder(dir)
    },
    release() {
      rmSync(who, { force: true })
      lock.close()
    },
  }
}

/** Makes an empty file that only we may read, unless it is there. SQLite gives its other files the same rights. */
export async function create(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.close()
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw new Stop(`${path} cannot be made: ${messageOf(error)}`, { cause: error })
  }
}

function holder(who: string): string {
  try {
    const [pid, host] = readFileSync(who, 'utf8').split(' ')
    return ` (process ${pid}${host === hostname() ? '' : ` on ${host}`})`
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '' // It took the lock this moment.
    throw error
  }
}
