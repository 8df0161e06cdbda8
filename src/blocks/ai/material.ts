import type { Context, FileValue } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { KeptMessage, KeptPart, Message, Part, Reply } from '#sdk/model.ts'
import type { Files } from './params.ts'

/** The most bytes of files that one question carries; providers take no more. */
const MOST_BYTES = 32 * 2 ** 20

/** The text of a value: texts as they are, anything else as JSON. Nothing is the empty text. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : (JSON.stringify(value, null, 2) ?? '')
}

/** A list of files, however they were given. */
export const listed = (files: Files): { id: string }[] =>
  [files ?? []].flat().map(file => (typeof file === 'string' ? { id: file } : { id: file.id }))

/** Room for the files of one question. */
export type Room = { left: number }

/** As much as one question carries. */
export const roomForOne = (): Room => ({ left: MOST_BYTES })

/** Reads files, to be shown to a model. */
export async function opened(files: Files, context: Context, room = roomForOne()): Promise<Extract<Part, { is: 'file' }>[]> {
  const parts: Extract<Part, { is: 'file' }>[] = []
  for (const { id } of listed(files)) {
    const { bytes, name, type, size } = await context.files.open(id)
    room.left -= size
    if (room.left < 0) throw tooLarge()
    parts.push({ is: 'file', bytes: await gathered(bytes, size), name, type })
  }
  return parts
}

const tooLarge = () =>
  new Refused(
    'input.too_large',
    `The files have more than ${MOST_BYTES} bytes, which no model reads at once. Give fewer, or smaller ones.`,
  )

async function gathered(bytes: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const all = new Uint8Array(size)
  let at = 0
  for await (const part of bytes) {
    if (at + part.length > size) throw tooLarge()
    all.set(part, at)
    at += part.length
  }
  return all.subarray(0, at)
}

/** A message with its files read. */
export async function heldOf({ role, parts }: KeptMessage, context: Context, room = roomForOne()): Promise<Message> {
  const open = async (part: KeptPart): Promise<Part[]> => {
    if (part.is !== 'file') return [part]
    const read = await opened([part.file], context, room)
    return read.map(one => ({ ...one, ...(part.kept === undefined ? {} : { kept: part.kept }) }))
  }
  return { role, parts: (await Promise.all(parts.map(open))).flat() }
}

/** Saves the files of an answer, such as pictures of a model that draws while it writes. */
export async function savedOf({ parts }: Pick<Reply, 'parts'>, context: Context, name = 'picture'): Promise<FileValue[]> {
  const made: FileValue[] = []
  for (const part of parts) if (part.is === 'file') made.push(await save(part, `${name}-${made.length + 1}`, context))
  return made
}

/** Saves one picture under a name that says its type. */
export const save = ({ bytes, type }: { bytes: Uint8Array; type: string }, name: string, context: Context): Promise<FileValue> =>
  context.files.save(bytes, { name: `${name}.${ENDINGS[type] ?? 'bin'}`, type })

const ENDINGS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
}
