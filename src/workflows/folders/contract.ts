import { z } from 'zod'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'

/** How deep folders may stand in each other. */
export const DEEPEST = 8

/** What folders are of. */
export const KINDS = ['workflows', 'prompts'] as const

const Name = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line of text' })
const Kind = z.enum(KINDS).default('workflows')
const Parent = Id.shape.id.nullable()

const Folder = z
  .object({ id: z.string(), kind: z.enum(KINDS), name: z.string(), parentId: z.string().nullable(), createdAt: Time })
  .meta({ id: 'Folder' })

const area = 'folders'

/** Lists the folders. */
export const folders = contract({
  method: 'get',
  path: '/api/folders',
  area,
  needs: 'viewer',
  about: 'The folders of one kind of things, at all depths.',
  query: Page.extend({ kind: Kind }),
  reply: listOf(Folder),
})

/** Makes a folder. */
export const createFolder = contract({
  method: 'post',
  path: '/api/folders',
  area,
  needs: 'editor',
  status: 201,
  creates: true,
  about: `Make a folder, in another or on top. Folders stand at most ${DEEPEST} deep in each other.`,
  query: z.strictObject({ kind: Kind }),
  body: z.strictObject({ name: Name, parentId: Parent.default(null) }),
  reply: Folder,
  fails: ['folder.not_found', 'folder.too_deep'],
})

/** Renames or moves a folder. */
export const changeFolder = contract({
  method: 'patch',
  path: '/api/folders/:id',
  area,
  needs: 'editor',
  about: 'Rename a folder, or move it with all it holds: into another, or with `parentId` null to the top.',
  params: Id,
  body: z.strictObject({ name: Name.optional(), parentId: Parent.optional() }),
  reply: Folder,
  fails: ['folder.not_found', 'folder.too_deep', 'folder.in_itself'],
})

/** Deletes a folder. */
export const deleteFolder = contract({
  method: 'delete',
  path: '/api/folders/:id',
  area,
  needs: 'editor',
  about: 'Delete a folder. Nothing in it is lost: its folders and things move up to where it stood.',
  params: Id,
  reply: Done,
  fails: ['folder.not_found'],
})
