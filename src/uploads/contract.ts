import { z } from 'zod'
import { contract, Done, Id, listOf, Page, raw, Time } from '#http/contract.ts'

/** Where files are kept: what people sent, and what runs have made. */
export const BUCKETS = ['uploads', 'generated'] as const
const Bucket = z.enum(BUCKETS)

/** A file, without its bytes. */
const File = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string().meta({ description: 'Found out from the bytes; what the sender said is not believed.' }),
    size: z.number().int(),
    hash: z.string().meta({ description: 'SHA-256 of the bytes, in hex.' }),
    bucket: Bucket,
    createdAt: Time,
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'File' })

/** Takes a file in. */
export const uploadFile = contract({
  method: 'post',
  path: '/api/files',
  area: 'files',
  needs: 'editor',
  status: 201,
  creates: true,
  upload: true,
  about: 'Upload one file as multipart/form-data. `bucket` may also be a field that stands before the file.',
  query: z.strictObject({ bucket: Bucket.optional() }),
  reply: File,
  fails: ['file.missing', 'file.too_large', 'request.bad_multipart', 'request.wrong_type', 'request.too_slow', 'storage.full'],
})

/** Lists the files. */
export const files = contract({
  method: 'get',
  path: '/api/files',
  area: 'files',
  needs: 'viewer',
  about: 'The files of the workspace, newest first. `q` is a part of the name.',
  query: Page.extend({
    bucket: Bucket.optional(),
    q: z
      .string()
      .max(200)
      .regex(/^\P{Cc}*$/u, { error: 'must not have control characters' })
      .optional(),
  }),
  reply: listOf(File),
})

/** The bytes of a file. */
export const downloadFile = contract({
  method: 'get',
  path: '/api/files/:id',
  area: 'files',
  needs: 'viewer',
  about:
    'The bytes of a file, as an attachment. With `inline` pictures, sound, film and plain text are shown instead, in a sandbox. Takes If-None-Match and one Range.',
  params: Id,
  query: z.strictObject({ inline: z.enum(['', 'true', 'false', '1', '0']).optional() }),
  reply: raw('file', 'application/octet-stream', 'The bytes, or the part of them that Range names.'),
  fails: ['file.not_found'],
})

/** What is known of a file. */
export const fileInfo = contract({
  method: 'get',
  path: '/api/files/:id/info',
  area: 'files',
  needs: 'viewer',
  about: 'A file without its bytes.',
  params: Id,
  reply: File,
  fails: ['file.not_found'],
})

/** Deletes a file. */
export const deleteFile = contract({
  method: 'delete',
  path: '/api/files/:id',
  area: 'files',
  needs: 'editor',
  about: 'Delete a file for good.',
  params: Id,
  reply: Done,
  fails: ['file.not_found'],
})
