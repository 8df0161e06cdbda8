import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '#config.ts'
import { Stop } from '#errors.ts'
import { lockKeyFile, readKeyFile, writeKeyFile } from './keyfile.ts'
import type { Key } from './seal.ts'

/** The master keys of this process. */
export type Ring = {
  /** Where the current key is kept, in words. */
  readonly from: string
  /** The key file; null when the key is in PROMPTPILOT_KEY. */
  readonly path: string | null
  /** The key that seals, or null before there is one. */
  current(): Key | null
  /** The ids of all keys, the current one first. */
  ids(): string[]
  /** The key of this id, if it was there when last looked. */
  known(id: string): Key | null
  /** The key of this id; looks into the key file again for one that it does not know. */
  find(id: string): Promise<Key | null>
  /** Follows what another process did to the key file. */
  reread(): Promise<void>
  /** Makes the key file if there is none. */
  create(): Promise<void>
}

/** Where the key file of a data folder is. */
export const keyFileOf = (dataDir: string) => join(dataDir, 'key')

/** A key from any text; the same text is the same key in the settings and in a key file. */
export function keyFrom(text: string): Key {
  const bytes = new Uint8Array(hkdfSync('sha256', text, '', 'promptpilot master key', 32))
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 12), bytes }
}

/** The text of a new key. */
export const newKey = () => randomBytes(32).toString('base64url')

/** Reads the keys that the settings name. */
export async function openRing(config: Pick<Config, 'dataDir' | 'promptpilotKey' | 'promptpilotKeyPrevious'>): Promise<Ring> {
  const previous = config.promptpilotKeyPrevious.map(keyFrom)
  return config.promptpilotKey === null
    ? fileRing(keyFileOf(config.dataDir), previous)
    : settingRing([keyFrom(config.promptpilotKey), ...previous])
}

function settingRing(keys: readonly Key[]): Ring {
  const known = (id: string) => keys.find(key => key.id === id) ?? null
  return {
    from: 'PROMPTPILOT_KEY',
    path: null,
    current: () => keys[0] ?? null,
    ids: () => keys.map(key => key.id),
    known,
    find: async id => known(id),
    reread: async () => {},
    create: async () => {},
  }
}

async function fileRing(path: string, previous: readonly Key[]): Promise<Ring> {
  let own: Key[] = []
  const ring: Ring = {
    from: `the key file ${path}`,
    path,
    current: () => own[0] ?? null,
    ids: () => [...own, ...previous].map(key => key.id),
    known: id => [...own, ...previous].find(key => key.id === id) ?? null,
    async find(id) {
      if (ring.known(id) === null) await ring.reread()
      return ring.known(id)
    },
    async reread() {
      const keys = await readKeyFile(path)
      // A server must not go on sealing with a key that no file holds any more.
      if (keys === null && own.length > 0)
        throw new Stop(`The key file ${path} is gone. Put it back: what it sealed cannot be read without it.`)
      own = (keys ?? []).map(keyFrom)
    },
    async create() {
      const lock = await lockKeyFile(path, 5000)
      if (lock === null) throw new Stop(`Another process holds ${path}.lock. Try again when it has ended.`)
      try {
        if ((await readKeyFile(path)) === null) await writeKeyFile(path, [newKey()])
      } finally {
        lock.release()
      }
      await ring.reread()
    },
  }
  await ring.reread()
  return ring
}
