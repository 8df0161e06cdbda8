import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './disk.ts'

/** A stored file: whose it is, and what its bytes hash to. */
export type Stored = { workspace: string; hash: string }

const STORED = /^([\w-]{1,64})\/([0-9a-f]{2})\/(\2[0-9a-f]{62})$/

/** Where a stored file lies under the root of the files. */
export const nameOf = ({ workspace, hash }: Stored): string => `${workspace}/${hash.slice(0, 2)}/${hash}`

/** Reads such a name; null for any other. */
export function storedOf(name: string): Stored | null {
  const [, workspace = '', , hash = ''] = STORED.exec(name) ?? []
  return hash === '' ? null : { workspace, hash }
}

/** Finds every stored file under a root, one by one; drafts and other things are passed over. */
export async function* walk(root: string): AsyncGenerator<Stored> {
  for await (const workspace of list(root))
    for await (const shelf of list(join(root, workspace)))
      for await (const file of list(join(root, workspace, shelf))) {
        const stored = storedOf(`${workspace}/${shelf}/${file}`)
        if (stored) yield stored
      }
}

/** The names in a folder; none where it is not one, or went away meanwhile. */
async function* list(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
  }
}
