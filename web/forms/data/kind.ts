import { isObject } from '../schema.ts'
import { gridOf } from './table.ts'

/** A file, as nodes hand it on. */
export type FileValue = { id: string; name: string; type: string; size: number }

/** A value that is too large to be sent along. */
export type Large = { bytes: number; url: string }

/** The ways in which a value can be looked at. */
export type View = 'table' | 'text' | 'files' | 'tree'

/** The file that a value is; null where it is none. */
function fileOf(value: unknown): FileValue | null {
  if (!isObject(value)) return null
  const { id, name, type, size } = value
  if (typeof id !== 'string' || !/^file_[\w-]+$/.test(id) || typeof name !== 'string' || typeof type !== 'string') return null
  return { id, name, type, size: typeof size === 'number' ? size : 0 }
}

/** What stands for a value that is loaded on demand. */
export function largeOf(value: unknown): Large | null {
  const large = isObject(value) && Object.keys(value).length === 1 ? value.$large : undefined
  if (!isObject(large) || typeof large.bytes !== 'number' || typeof large.url !== 'string') return null
  // It is fetched with the rights of whoever looks; nothing but the address of a value may stand there.
  return /^\/api\/executions\/[\w-]+\/values\/[0-9a-f]{64}$/.test(large.url) ? { bytes: large.bytes, url: large.url } : null
}

/** The deepest place in which files are looked for. */
const DEEPEST = 4
const MOST = 24

/** The files in a value, each once. */
export function filesIn(value: unknown): FileValue[] {
  const found = new Map<string, FileValue>()
  const walk = (here: unknown, depth: number): void => {
    if (found.size >= MOST) return
    const file = fileOf(here)
    if (file) found.set(file.id, file)
    else if (depth < DEEPEST && typeof here === 'object' && here !== null)
      for (const one of Object.values(here).slice(0, 200)) walk(one, depth + 1)
  }
  walk(value, 0)
  return [...found.values()]
}

/** How a file can be shown in the page. */
export function shownAs(type: string): 'image' | 'audio' | 'video' | 'text' | null {
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(type)) return 'image'
  if (type.startsWith('audio/')) return 'audio'
  if (type.startsWith('video/')) return 'video'
  return /^text\/(plain|csv|markdown)$|^application\/json$/.test(type) ? 'text' : null
}

/** The text that a value is, or has as its answer; null where there is none worth reading as such. */
export function proseOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!isObject(value)) return null
  const { text } = value
  return typeof text === 'string' && text.length > 0 ? text : null
}

/** The ways to look at a value, the best first. */
export function viewsOf(value: unknown): View[] {
  const views: View[] = []
  if (filesIn(value).length > 0) views.push('files')
  if (gridOf(value)) views.push('table')
  if (proseOf(value) !== null) views.push('text')
  return typeof value === 'string' ? views : [...views, 'tree']
}
