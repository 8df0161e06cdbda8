import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Row } from '#uploads/files.ts'
import { findFile } from '#uploads/queries.ts'
import type { World } from '#world.ts'

/** A part of what a tool answers. */
export type Block = CallToolResult['content'][number]

/** Larger files are named instead of sent: what is sent stands in the context of a model. */
const LARGEST = { picture: 2 ** 20, text: 32 * 1024 }
/** All that is sent of files in one answer. */
const TOGETHER = 2 * 2 ** 20
const MOST_FILES = 10
/** How many values of an output are looked at for files. */
const MOST_LOOKED = 5_000

/** What a file is called as a resource. */
export const fileUri = (id: string): string => `promptpilot://files/${id}`

/** The files of the workspace that an output names. What it says of them is not believed. */
export async function filesIn({ db }: Pick<World, 'db'>, workspace: string, output: unknown): Promise<Row[]> {
  const ids = new Set<string>()
  const open: unknown[] = [output]
  for (let looked = 0; looked < MOST_LOOKED && ids.size < MOST_FILES; looked += 1) {
    const value = open.shift()
    if (open.length === 0 && value === undefined) break
    if (typeof value !== 'object' || value === null) continue
    if (isFile(value)) ids.add(value.id)
    else open.push(...Object.values(value))
  }
  const rows = await Promise.all([...ids].map(id => findFile(db, workspace, id)))
  return rows.filter(row => row !== undefined)
}

/** Is it how blocks write a file? */
export const isFile = (value: unknown): value is { id: string } => {
  const { id, name, type, size } = Object(value)
  return /^file_\w{26}$/.test(id) && typeof name === 'string' && typeof type === 'string' && typeof size === 'number'
}

/** Files as an answer shows them: small pictures, sounds and texts as they are, others by their name. */
export async function fileBlocks(world: Pick<World, 'files'>, rows: readonly Row[]): Promise<Block[]> {
  const blocks: Block[] = []
  let left = TOGETHER
  for (const row of rows) {
    const shape = shapeOf(row)
    if (shape === null || row.size > left) blocks.push(linkTo(row))
    else {
      left -= row.size
      blocks.push(shape(await bytesOf(world, row)))
    }
  }
  return blocks
}

const PICTURES = /^image\/(png|jpeg|gif|webp)$/
const TEXTS = /^(text\/|application\/json$)/

function shapeOf({ id, type, size }: Row): ((bytes: Buffer) => Block) | null {
  const data = (bytes: Buffer) => bytes.toString('base64')
  if (PICTURES.test(type) && size <= LARGEST.picture) return bytes => ({ type: 'image', data: data(bytes), mimeType: type })
  if (type.startsWith('audio/') && size <= LARGEST.picture) return bytes => ({ type: 'audio', data: data(bytes), mimeType: type })
  if (TEXTS.test(type) && size <= LARGEST.text)
    return bytes => ({ type: 'resource', resource: { uri: fileUri(id), mimeType: type, text: bytes.toString() } })
  return null
}

const linkTo = ({ id, name, type, size }: Row): Block => ({ type: 'resource_link', uri: fileUri(id), name, mimeType: type, size })

/** The bytes of a file. */
export async function bytesOf({ files }: Pick<World, 'files'>, { workspace_id, hash }: Row): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await files.get(workspace_id, hash)) parts.push(part)
  return Buffer.concat(parts)
}

/** Is it a text that can be sent as one? */
export const isText = (type: string): boolean => TEXTS.test(type)
