import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Stop } from '#errors.ts'
import { type Entry, unpack } from './archive.ts'
import { exists, makeFolder } from './disk.ts'
import { type End, type Manifest, NAMES, parseEnd, parseManifest } from './manifest.ts'
import { nameOf, storedOf } from './walk.ts'

/** Where the parts of a backup are put while it is read. */
export type Stage = { database: string; key: string; files: string }

const MOST_TEXT = 2 ** 20

/** Unpacks a backup and holds every part of it against its checksum; nothing but the stage is written to. */
export async function receive(file: string, stage: Stage): Promise<Manifest> {
  if (!(await exists(file))) throw new Stop(`There is no file ${file}.`)
  let manifest: Manifest | undefined
  let end: End | undefined
  const seen = { database: '', key: '', files: 0, bytes: 0 }
  for await (const entry of unpack(createReadStream(file))) {
    if (manifest === undefined) manifest = parseManifest(entry.name === NAMES.manifest ? await textOf(entry) : '')
    else if (end !== undefined) throw damaged('something follows its end')
    else if (entry.name === NAMES.database) seen.database = await store(entry, stage.database)
    else if (entry.name === NAMES.key) seen.key = await store(entry, stage.key)
    else if (entry.name === NAMES.end) end = parseEnd(await textOf(entry))
    else {
      await storeFile(entry, stage.files)
      seen.files += 1
      seen.bytes += entry.size
    }
  }
  if (manifest === undefined) throw new Stop('This is not a backup of PromptPilot.')
  if (end === undefined) throw damaged('its end is missing')
  if (seen.database !== manifest.database.sha256) throw damaged('the database is not as it was written')
  if (seen.key !== (manifest.key ?? '')) throw damaged('the key is not as it was written')
  if (seen.files !== end.files || seen.bytes !== end.bytes) throw damaged(`it has ${seen.files} files instead of ${end.files}`)
  return manifest
}

const damaged = (why: string) => new Stop(`The backup is damaged: ${why}.`)

async function storeFile(entry: Entry, root: string): Promise<void> {
  const stored = entry.name.startsWith(NAMES.files) ? storedOf(entry.name.slice(NAMES.files.length)) : null
  if (stored === null) throw damaged(`it holds something unknown, ${JSON.stringify(entry.name)}`)
  if ((await store(entry, join(root, nameOf(stored)))) !== stored.hash)
    throw damaged(`the file ${entry.name} is not as it was written`)
}

async function store(entry: Entry, path: string): Promise<string> {
  const hash = createHash('sha256')
  await makeFolder(dirname(path))
  async function* hashed() {
    for await (const chunk of entry.bytes) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(hashed, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  return hash.digest('hex')
}

async function textOf(entry: Entry): Promise<string> {
  if (entry.size > MOST_TEXT) throw damaged(`${entry.name} is too large`)
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
