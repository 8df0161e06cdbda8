import { z } from 'zod'
import { contract, Id, listOf, Page, Time } from '#http/contract.ts'
import { Problem, Workflow, WorkflowDocument } from '#workflows/contract.ts'

const Numbered = Id.extend({ n: z.coerce.number().int().min(1).max(1_000_000_000) })

const Version = z
  .object({
    version: z.int(),
    note: z.string(),
    live: z.boolean(),
    createdAt: Time,
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'Version' })

const Change = z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })
const Box = z.object({ id: z.string(), key: z.string(), block: z.string(), name: z.string() })
const Line = z.object({ source: z.string(), sourceHandle: z.string(), target: z.string() })

/** What differs in meaning between two workflows. */
export const Changes = z
  .object({
    same: z.boolean(),
    nodes: z.object({
      added: z.array(Box),
      removed: z.array(Box),
      changed: z.array(Box.extend({ changes: z.array(Change) })),
    }),
    edges: z.object({ added: z.array(Line), removed: z.array(Line) }),
    variables: z.array(Change),
    settings: z.array(Change),
    /** The name and the description. */
    about: z.array(Change),
  })
  .meta({ id: 'Changes' })

const Diff = z
  .object({
    from: z.union([z.int(), z.literal('draft')]).nullable(),
    to: z.union([z.int(), z.literal('draft')]),
    ...Changes.shape,
  })
  .meta({ id: 'Diff' })

const Side = z.union([z.coerce.number().int().min(1), z.enum(['draft', 'live'])])
const area = 'workflows'
const fails = ['workflow.not_found', 'version.not_found'] as const

/** Publishes the draft. */
export const publish = contract({
  method: 'post',
  path: '/api/workflows/:id/publish',
  area,
  needs: 'editor',
  creates: true,
  about:
    'Check the draft, keep it as the next version and make that the live one. A draft that is the same as the newest version makes no new one. `problems` are warnings; with errors nothing is published. With `rev`, only the draft that was read is published.',
  params: Id,
  body: z.strictObject({ note: z.string().max(2000).default(''), rev: z.int().optional() }),
  reply: Version.extend({ problems: z.array(Problem) }),
  fails: ['workflow.not_found', 'workflow.invalid', 'workflow.stale', 'workflow.archived'],
})

/** Lists the versions. */
export const versions = contract({
  method: 'get',
  path: '/api/workflows/:id/versions',
  area,
  needs: 'viewer',
  about: 'The published versions, newest first.',
  params: Id,
  query: Page,
  reply: listOf(Version),
  fails: ['workflow.not_found'],
})

/** One version. */
export const version = contract({
  method: 'get',
  path: '/api/workflows/:id/versions/:n',
  area,
  needs: 'viewer',
  about: 'A version with its document.',
  params: Numbered,
  reply: Version.extend({ document: WorkflowDocument }),
  fails,
})

/** Takes a version back into the draft. */
export const restoreVersion = contract({
  method: 'post',
  path: '/api/workflows/:id/versions/:n/restore',
  area,
  needs: 'editor',
  about:
    'Make the draft what this version was. The live version stays. With `rev`, only when the draft is still the one that was read.',
  params: Numbered,
  body: z.strictObject({ rev: z.int().optional() }),
  reply: Workflow,
  fails: [...fails, 'workflow.stale'],
})

/** Makes an older version live. */
export const publishVersion = contract({
  method: 'post',
  path: '/api/workflows/:id/versions/:n/publish',
  area,
  needs: 'editor',
  about: 'Make this version the live one again. The draft stays. `problems` says what has come to be wrong with it since.',
  params: Numbered,
  reply: Version.extend({ problems: z.array(Problem) }),
  fails: [...fails, 'workflow.archived'],
})

/** What differs. */
export const diff = contract({
  method: 'get',
  path: '/api/workflows/:id/diff',
  area,
  needs: 'viewer',
  about:
    'What differs between two versions: numbers, `draft` or `live`. By default, what publishing would change. Moving a box is no change.',
  params: Id,
  query: z.strictObject({ from: Side.default('live'), to: Side.default('draft') }),
  reply: Diff,
  fails,
})
