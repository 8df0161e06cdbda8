import type { FileValue } from '#sdk/context.ts'
import { isObject } from '#sdk/given.ts'

/** What a chat answers: the output where it is a text, what it calls its text, or else all of it. */
export function textOf(output: unknown): string {
  if (typeof output === 'string') return output
  if (isObject(output))
    for (const name of ['text', 'message', 'answer']) {
      const value = output[name]
      if (typeof value === 'string') return value
    }
  return output === null || output === undefined ? '' : JSON.stringify(output, null, 2)
}

/** A value with each file in it as `link` says. */
export function withLinks(value: unknown, link: (file: FileValue) => unknown): unknown {
  if (Array.isArray(value)) return value.map(one => withLinks(one, link))
  if (!isObject(value)) return value
  if (isFile(value)) return link(value)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withLinks(one, link)]))
}

const isFile = (value: Record<string, unknown>): value is FileValue & Record<string, unknown> =>
  typeof value.id === 'string' &&
  value.url === `/api/files/${value.id}` &&
  typeof value.name === 'string' &&
  typeof value.type === 'string' &&
  typeof value.size === 'number'
