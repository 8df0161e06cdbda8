import type { ContentBlock, ReadResourceResult } from '@modelcontextprotocol/client'
import { z } from 'zod'
import type { BlockFiles, FileValue } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { line } from './clean.ts'

const File = z
  .object({
    id: z.string().meta({ title: 'Id' }),
    name: z.string().meta({ title: 'Name' }),
    type: z.string().meta({ title: 'Type' }),
    size: z.int().meta({ title: 'Size' }),
    url: z.string().meta({ title: 'Address' }),
  })
  .meta({ title: 'File', ui: 'file' })

/** A part of what a server answers. */
export const Part = z
  .object({
    type: z.enum(['text', 'image', 'audio', 'resource', 'link']).meta({ title: 'Kind' }),
    text: z.string().optional().meta({ title: 'Text' }),
    file: File.optional(),
    uri: z.string().optional().meta({ title: 'Address of the resource' }),
    name: z.string().optional().meta({ title: 'Name' }),
    mimeType: z.string().optional().meta({ title: 'Type' }),
  })
  .meta({ title: 'Part' })

/** A part of what a server answers. */
export type Part = z.output<typeof Part>

type Content = ReadResourceResult['contents'][number]

/** More parts than this nobody sends in one answer. */
const MOST = 1_000

/** The parts of an answer; what is not text becomes files. */
export async function partsOf(content: readonly ContentBlock[], files: BlockFiles): Promise<Part[]> {
  if (content.length > MOST)
    throw new Refused('mcp.too_large', `The answer has ${content.length} parts; at most ${MOST} are taken.`)
  const parts: Part[] = []
  for (const one of content) parts.push(await partOf(one, files))
  return parts
}

async function partOf(one: ContentBlock, files: BlockFiles): Promise<Part> {
  switch (one.type) {
    case 'text':
      return { type: 'text', text: one.text }
    case 'image':
    case 'audio':
      return { type: one.type, file: await save(one.data, { name: one.type, mimeType: one.mimeType }, files) }
    case 'resource':
      return resourceOf(one.resource, files)
    case 'resource_link':
      return {
        type: 'link',
        uri: one.uri,
        name: line(one.title ?? one.name),
        ...(one.mimeType ? { mimeType: one.mimeType } : {}),
      }
  }
}

/** What stands in a resource. */
export async function resourceOf(it: Content, files: BlockFiles): Promise<Part> {
  const about = { type: 'resource' as const, uri: it.uri, ...(it.mimeType ? { mimeType: it.mimeType } : {}) }
  if ('text' in it) return { ...about, text: it.text }
  const name = URL.parse(it.uri)?.pathname.split('/').findLast(Boolean) ?? 'resource'
  return { ...about, file: await save(it.blob, { name, mimeType: it.mimeType }, files) }
}

/** All that can be read, as one text. */
export const textOf = (parts: readonly Part[]): string =>
  parts.flatMap(part => (part.text === undefined ? [] : [part.text])).join('\n')

async function save(
  data: string,
  { name, mimeType }: { name: string; mimeType?: string | undefined },
  files: BlockFiles,
): Promise<FileValue> {
  const bytes = bytesOf(data)
  return files.save(bytes, {
    name: `${line(name, 100) || 'file'}${ending(name, mimeType)}`,
    ...(mimeType ? { type: mimeType } : {}),
  })
}

/** Pictures and sounds come without a name. */
function ending(name: string, mimeType: string | undefined): string {
  const kind = /^(?:image|audio)\/(?:x-)?([a-z0-9]{2,5})/.exec(mimeType ?? '')?.[1]
  return kind && !name.includes('.') ? `.${kind}` : ''
}

function bytesOf(data: string): Uint8Array {
  try {
    return Uint8Array.from(atob(data), sign => sign.charCodeAt(0))
  } catch (cause) {
    const refused = new Refused('mcp.bad_answer', 'A picture, sound or file in the answer cannot be read: it is not in base64.')
    refused.cause = cause
    throw refused
  }
}
