import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Stop } from '#errors.ts'

/** Is it an error of the file system with this code? */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/** Makes a folder that only we may enter. One that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Stop(`The folder ${path} cannot be made: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

/** Does it exist? */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}

/** Makes sure that what a folder lists survives a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes sure that the bytes of a file survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Writes a small file that is there as a whole or not at all, and stays there. */
export async function writeSafely(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

/** Gives a finished file its name; refuses a name that is taken, even if it was taken this moment. */
export async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
    await rm(draft)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw taken(path)
    // Some file systems have no second names; there is a moment in which another program could take it.
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error
    if (await exists(path)) throw taken(path)
    await rename(draft, path)
  }
  await syncFolder(dirname(path))
}

/** Refuses to write over something. */
export const taken = (path: string) => new Stop(`${path} exists already. Nothing was written; choose another name.`)

/** Removes what an interrupted run left in a folder under names that begin so. */
export async function sweep(folder: string, prefix: string): Promise<void> {
  if (!(await exists(folder))) return
  for (const name of await readdir(folder)) if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true })
}
