import { createHash, type Hash as Digest } from 'node:crypto'
import { type FileHandle, mkdir, open, opendir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '#errors.ts'
import { type Clock, sortableIds } from '#ids.ts'
import type { Log } from '#log.ts'
import type { Files, Stored, Value } from './files.ts'

type Options = { root: string; clock: Clock; log: Log; durability?: 'full' | 'relaxed' }

/** What file-type wants to see of a file. */
const HEAD = 4100
/** An upload that is older than this has lost its writer. */
const DAY = 24 * 60 * 60_000
/** Nothing that could lead out of the folder; `tmp` is not of this form. */
const WORKSPACE = /^[a-z]{1,16}_[0-9a-z]{1,64}$/
const HASH = /^[0-9a-f]{64}$/

/** Keeps files in a folder: `<root>/<workspace>/<first two of the hash>/<hash>`. */
export async function diskFiles({ root, clock, log, durability = 'full' }: Options): Promise<Files> {
  const tmp = join(root, 'tmp')
  const safe = durability === 'full'
  await mkdir(tmp, { recursive: true, mode: 0o700 })
  await removeLeftovers(tmp, clock.now() - DAY, log)
  const ids = sortableIds(clock)

  return {
    async put(workspace, bytes, limit, before) {
      const own = folderOf(root, workspace)
      const temp = join(tmp, ids.next('tmp'))
      try {
        const value = await receive(temp, bytes, limit, safe)
        const folder = join(own, value.hash.slice(0, 2))
        await makeFolder(folder, safe)
        await before?.(value)
        // Over a file of the same content too: that heals one which lost its bytes, and makes it young for the sweep.
        await rename(temp, join(folder, value.hash))
        if (safe) await syncFolder(folder)
        return value
      } catch (error) {
        await rm(temp, { force: true })
        throw full(error)
      }
    },
    async get(workspace, hash, range) {
      const file = await open(pathOf(root, workspace, hash), 'r').catch(cause => {
        throw cause.code === 'ENOENT' ? new Fault('file.not_found', { cause }) : cause
      })
      return file.createReadStream(range ?? {})
    },
    async has(workspace, hash) {
      return (await stat(pathOf(root, workspace, hash)).catch(nothing))?.isFile() ?? false
    },
    async remove(workspace, hash) {
      await rm(pathOf(root, workspace, hash), { force: true })
    },
    async removeAll(workspace) {
      await rm(folderOf(root, workspace), { recursive: true, force: true })
    },
    async *list() {
      for await (const workspace of namesIn(root)) {
        if (WORKSPACE.test(workspace)) yield* listOne(root, workspace)
      }
    },
    async check() {
      const temp = join(tmp, ids.next('tmp'))
      try {
        await receive(temp, probe(), Number.POSITIVE_INFINITY, safe)
        if ((await readFile(temp, 'utf8')) !== PROBE) throw new Error(`${tmp} does not give back what was written`)
      } catch (error) {
        throw full(error)
      } finally {
        await rm(temp, { force: true })
      }
    },
  }
}

const PROBE = 'promptpilot'

/** The disk, the quota, or the largest file that may be written. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

async function* probe() {
  yield Buffer.from(PROBE)
}

function folderOf(root: string, workspace: string): string {
  if (!WORKSPACE.test(workspace)) throw new Error(`${JSON.stringify(workspace)} is not the id of a workspace`)
  return join(root, workspace)
}

function pathOf(root: string, workspace: string, hash: string): string {
  if (!HASH.test(hash)) throw new Error(`${JSON.stringify(hash)} is not a hash`)
  return join(folderOf(root, workspace), hash.slice(0, 2), hash)
}

/** Writes a stream to a new file and reads its hash on the way. */
async function receive(path: string, bytes: AsyncIterable<Uint8Array>, limit: number, safe: boolean): Promise<Value> {
  const hash = createHash('sha256')
  const head: Buffer[] = []
  const file = await open(path, 'wx', 0o600)
  try {
    const size = await copy(file, bytes, limit, hash, head)
    if (safe) await file.sync()
    return { hash: hash.digest('hex'), size, head: Buffer.concat(head) }
  } finally {
    await file.close()
  }
}

async function copy(
  file: FileHandle,
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  hash: Digest,
  head: Buffer[],
): Promise<number> {
  let size = 0
  for await (const chunk of bytes) {
    if (size < HEAD) head.push(Buffer.from(chunk.subarray(0, HEAD - size)))
    size += chunk.length
    if (size > limit) throw new Fault('file.too_large', { message: `The file has more than ${limit} bytes.` })
    hash.update(chunk)
    await file.appendFile(chunk)
  }
  return size
}

/** Makes a folder, and each one above it that was missing, so that a power cut does not take them. */
async function makeFolder(folder: string, safe: boolean): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined || !safe) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Makes the names in a folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function* listOne(root: string, workspace: string): AsyncGenerator<Stored> {
  for await (const part of namesIn(join(root, workspace))) {
    for await (const name of namesIn(join(root, workspace, part))) {
      const found = HASH.test(name) ? await stat(join(root, workspace, part, name)).catch(nothing) : null
      if (found) yield { workspace, hash: name, size: found.size, storedAt: found.mtimeMs }
    }
  }
}

/** The names in a folder; none when it is no folder, or was removed meanwhile. */
async function* namesIn(folder: string): AsyncGenerator<string> {
  const found = await opendir(folder).catch(nothing)
  if (found) for await (const { name } of found) yield name
}

function nothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

async function removeLeftovers(tmp: string, before: number, log: Log): Promise<void> {
  for (const name of await readdir(tmp)) {
    const path = join(tmp, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs >= before) continue
    await rm(path, { recursive: true, force: true })
    log.info({ file: path }, 'removed what an interrupted upload had left')
  }
}

/** A disk without room, or a quota that is used up, is something the operator can mend. */
function full(error: unknown): unknown {
  const none = error instanceof Error && 'code' in error && NO_ROOM.includes(String(error.code))
  return none ? new Fault('storage.full', { cause: error }) : error
}
