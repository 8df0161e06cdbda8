import { z } from 'zod'
import { contract, Id, raw } from '#http/contract.ts'
import { DOCUMENT_LIMIT, FORMAT, given, Node, Problem, unread, Workflow } from '#workflows/contract.ts'

const area = 'workflows'

/** A credential as files name it. */
const Wanted = z.strictObject({ kind: z.string().max(100), name: z.string().max(200) })
const ImportedNode = Node.extend({
  version: Node.shape.version.optional(),
  credential: z.union([z.string().max(400), Wanted], { error: 'must be an id, or the kind and name of a credential' }).optional(),
})

/** Exports a workflow. */
export const exportWorkflow = contract({
  method: 'get',
  path: '/api/workflows/:id/export',
  area,
  needs: 'viewer',
  about:
    'The draft, or a version of it, as a file: the same workflow gives the same bytes. It holds no secrets and no ids of this installation; credentials and other workflows are named.',
  params: Id,
  query: z.strictObject({ version: z.union([z.coerce.number().int().min(1), z.literal('draft')]).default('draft') }),
  reply: raw('file', 'application/json; charset=utf-8', `A document of the format ${FORMAT}.`),
  fails: ['workflow.not_found', 'version.not_found'],
})

/** Imports a workflow. */
export const importWorkflow = contract({
  method: 'post',
  path: '/api/workflows/import',
  area,
  limit: DOCUMENT_LIMIT,
  needs: 'editor',
  status: 201,
  creates: true,
  about: 'Make a workflow of an exported file, or of a bare document. `problems` says what it still lacks here.',
  query: z.strictObject({ folderId: Id.shape.id.optional() }),
  body: z.strictObject({
    ...given,
    ...unread,
    rev: z.unknown().optional(),
    folderId: z.unknown().optional(),
    nodes: z.array(ImportedNode).max(1000).default([]),
    format: z.literal(FORMAT, { error: `must be ${FORMAT}` }).optional(),
  }),
  reply: Workflow.extend({ problems: z.array(Problem) }),
  fails: ['folder.not_found'],
})
