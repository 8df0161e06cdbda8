import { z } from 'zod'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'
import { DOCUMENT_LIMIT, FolderId, GivenDocument, Name, Problem, parts, state, unread, Workflow } from '#workflows/contract.ts'

const Item = z
  .object({
    ...state,
    name: z.string(),
    description: z.string(),
    /** The ways to start the draft. */
    triggers: z.array(z.string()),
    nodes: z.int(),
    /** The newest execution, whatever started it. */
    lastRun: z.object({ id: z.string(), status: z.string(), at: Time }).nullable(),
  })
  .meta({ id: 'WorkflowItem' })

/** How a list of workflows can be sorted: the newest first, by name, or what was changed last first. */
export const SORTS = ['newest', 'name', 'changed'] as const

const Flag = z.enum(['true', 'false'])
const area = 'workflows'
const sent = { area, limit: DOCUMENT_LIMIT } as const

/** Lists the workflows. */
export const workflows = contract({
  method: 'get',
  path: '/api/workflows',
  area,
  needs: 'viewer',
  about:
    'The workflows, without their drafts. `folder=none` are those in no folder; archived ones are shown with `archived=true`, alone; `live=true` are those that were published.',
  query: Page.extend({
    cursor: z.string().max(1_200).optional(),
    q: z.string().max(200).optional(),
    folder: z.union([Id.shape.id, z.literal('none')]).optional(),
    archived: Flag.default('false'),
    active: Flag.optional(),
    live: Flag.optional(),
    sort: z.enum(SORTS).default('newest'),
  }),
  reply: listOf(Item),
})

/** Makes a workflow. */
export const createWorkflow = contract({
  method: 'post',
  path: '/api/workflows',
  ...sent,
  needs: 'editor',
  status: 201,
  creates: true,
  about: 'Make a workflow. Its draft may be incomplete: a node without a version gets the newest of its block.',
  body: GivenDocument.extend({ folderId: FolderId.optional() }),
  reply: Workflow,
  fails: ['folder.not_found'],
})

/** One workflow. */
export const workflow = contract({
  method: 'get',
  path: '/api/workflows/:id',
  area,
  needs: 'viewer',
  about: 'A workflow with its draft.',
  params: Id,
  reply: Workflow,
  fails: ['workflow.not_found'],
})

/** Changes the draft. */
export const changeWorkflow = contract({
  method: 'put',
  path: '/api/workflows/:id',
  ...sent,
  needs: 'editor',
  about:
    'Change the draft: each part that is named is replaced. `rev` is the one that was read; when the draft has gone on since, the answer is 409 and `details` has the present one. What a workflow is read with besides may be sent back and changes nothing.',
  params: Id,
  body: z.strictObject({ ...z.strictObject(parts).partial().shape, ...unread, rev: z.int(), folderId: FolderId.optional() }),
  reply: Workflow,
  fails: ['workflow.not_found', 'workflow.stale', 'folder.not_found'],
})

/** Deletes a workflow. */
export const deleteWorkflow = contract({
  method: 'delete',
  path: '/api/workflows/:id',
  area,
  needs: 'editor',
  about: 'Delete a workflow for good, with its versions and triggers. What its executions did can still be read.',
  params: Id,
  reply: Done,
  fails: ['workflow.not_found'],
})

/** Checks a workflow. */
export const validateWorkflow = contract({
  method: 'post',
  path: '/api/workflows/:id/validate',
  ...sent,
  needs: 'viewer',
  about: 'What is wrong with the draft, or with what is sent in place of parts of it. An error keeps it from being published.',
  params: Id,
  body: z.strictObject({
    ...z.strictObject(parts).partial().shape,
    ...unread,
    rev: z.unknown().optional(),
    folderId: z.unknown().optional(),
  }),
  reply: z.object({ problems: z.array(Problem) }),
  fails: ['workflow.not_found'],
})

/** Moves a workflow. */
export const moveWorkflow = contract({
  method: 'post',
  path: '/api/workflows/:id/move',
  area,
  needs: 'editor',
  about: 'Put a workflow into a folder, or with null into none.',
  params: Id,
  body: z.strictObject({ folderId: FolderId }),
  reply: Workflow,
  fails: ['workflow.not_found', 'folder.not_found'],
})

/** Copies a workflow. */
export const duplicateWorkflow = contract({
  method: 'post',
  path: '/api/workflows/:id/duplicate',
  area,
  needs: 'editor',
  status: 201,
  creates: true,
  about: 'Make a new workflow with the same draft.',
  params: Id,
  body: z.strictObject({ name: Name.optional() }),
  reply: Workflow,
  fails: ['workflow.not_found'],
})

const turn = (
  verb: string,
  needs: 'operator' | 'editor',
  about: string,
  fails: readonly ('workflow.not_published' | 'workflow.archived' | 'workflow.invalid')[],
) =>
  contract({
    method: 'post',
    path: `/api/workflows/:id/${verb}`,
    area,
    needs,
    about,
    params: Id,
    reply: Workflow,
    fails: ['workflow.not_found', ...fails],
  })

/** Turns the triggers on. */
export const activateWorkflow = turn('activate', 'operator', 'Let its triggers start the live version.', [
  'workflow.not_published',
  'workflow.archived',
])
/** Turns the triggers off. */
export const deactivateWorkflow = turn(
  'deactivate',
  'operator',
  'Let no trigger start it any more, also after it is published again. By hand and over the API it can be started.',
  ['workflow.not_published'],
)
/** Puts a workflow away. */
export const archiveWorkflow = turn('archive', 'editor', 'Put it away: it leaves the lists and no trigger starts it.', [])
/** Brings a workflow back. */
export const unarchiveWorkflow = turn('unarchive', 'editor', 'Bring it back. Its triggers stay off until it is activated.', [
  'workflow.invalid',
])
