import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything that what the browser gets is made of. */
const SOURCES = ['web/**/*', 'vite.config.ts', 'src/**/contract.ts', 'src/http/caller.ts', 'package-lock.json']
const OTHERS = ['web/dist/**', 'web/**/*.test.ts']

/** One word for the state of all sources; another word as soon as one of them differs. */
export function stampOf(root: string): string {
  const hash = createHash('sha256')
  const found = globSync(SOURCES, { cwd: root, exclude: OTHERS, withFileTypes: true }).filter(entry => entry.isFile())
  for (const path of found.map(entry => join(entry.parentPath, entry.name)).sort()) {
    const bytes = readFileSync(path)
    hash.update(`${path.slice(root.length)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
