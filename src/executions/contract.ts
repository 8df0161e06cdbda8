import { z } from 'zod'
import { contract, Id, listOf, Page, raw, Time } from '#http/contract.ts'
import { WorkflowDocument } from '#workflows/contract.ts'

/** How an execution can stand. */
export const STATUSES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const
const Status = z.enum(STATUSES)

const Failure = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string().optional().meta({ description: 'The node that failed.' }),
  details: z.unknown().optional(),
})
const Usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().meta({ description: 'Of the input, what the provider had in its cache.' }),
  reasoningTokens: z.number().meta({ description: 'Of the output, what the model only thought.' }),
  cost: z.number().nullable().meta({ description: 'In dollars; null where the price of a model is not known.' }),
})

/** An execution as a list shows it. */
const Summary = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    version: z.number().nullable().meta({ description: 'null for a run of the draft.' }),
    status: Status,
    trigger: z.string(),
    triggerId: z.string().nullable(),
    parentId: z.string().nullable(),
    forkedFrom: z.string().nullable(),
    userId: z.string().nullable().meta({ description: 'Who started it; null where a trigger did.' }),
    keyId: z.string().nullable().meta({ description: 'The API key it was started with.' }),
    createdAt: Time,
    startedAt: Time.nullable(),
    completedAt: Time.nullable(),
    totalNodes: z.number(),
    completedNodes: z.number(),
    currentNode: z.string().nullable(),
    error: Failure.nullable(),
  })
  .meta({ id: 'ExecutionSummary' })

/** An execution with what came of it. */
const Execution = Summary.extend({
  input: z.unknown(),
  results: z.record(z.string(), z.unknown()).meta({ description: 'What each node has put out, by its key.' }),
  output: z.unknown(),
  usage: Usage,
}).meta({ id: 'Execution' })

/** One attempt of one node, or a part of a container. */
const Entry = z
  .object({
    seq: z.number(),
    nodeId: z.string(),
    key: z.string(),
    path: z.string(),
    attempt: z.number(),
    status: z.enum(['started', 'completed', 'failed', 'retrying', 'waiting', 'asking', 'skipped', 'running']),
    cached: z.boolean().meta({ description: 'It was not run: the same was put out for the same input before.' }),
    outlet: z.string().nullable(),
    also: z.array(z.string()).meta({ description: 'More outlets that it left by at the same time.' }),
    input: z.unknown(),
    output: z.unknown(),
    error: Failure.nullable(),
    lines: z.array(z.string()),
    partial: z.string().nullable().meta({ description: 'Of a model’s answer that broke off: what had come of it.' }),
    startedAt: Time,
    completedAt: Time.nullable(),
    model: z.string().nullable(),
    usage: Usage.nullable(),
  })
  .meta({ id: 'LogEntry' })

/** What a person is asked. */
const Approval = z
  .object({
    id: z.string(),
    kind: z.enum(['approval', 'answer', 'permission']).meta({
      description:
        '`answer`: after a crash nobody knows whether the node did its work. `permission`: a node that has to be allowed each time, such as a tool of an agent, is about to run.',
    }),
    executionId: z.string(),
    workflowId: z.string(),
    path: z.string(),
    title: z.string(),
    message: z.string(),
    assignees: z.array(z.string()),
    fields: z.array(z.looseObject({ name: z.string(), title: z.string(), type: z.string(), required: z.boolean() })),
    createdAt: Time,
    deadline: Time.nullable(),
  })
  .meta({ id: 'Approval' })

const Version = z.union([z.number().int().min(1), z.enum(['live', 'draft'])])
/** Seconds, or as long as is allowed. */
const Wait = z.union([z.boolean(), z.number().min(0).max(60)])

/** Starts a workflow. */
export const execute = contract({
  method: 'post',
  path: '/api/workflows/:id/execute',
  area: 'executions',
  needs: 'operator',
  status: 202,
  creates: true,
  limit: 16 * 2 ** 20,
  about:
    'Start a workflow: the live version, or, where there is none, the draft. 202 with `executionId` when it is on disk; with `wait` (true, or seconds up to 60) 200 with the execution if it ends in time.',
  params: Id,
  body: z.strictObject({
    input: z.unknown().optional(),
    wait: Wait.optional(),
    version: Version.optional(),
    node: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'The key or id of the trigger to start at, where there are several.' }),
  }),
  reply: z.union([Execution.extend({ executionId: z.string() }), z.object({ executionId: z.string() })]),
  fails: [
    'execution.bad_input',
    'workflow.not_found',
    'workflow.archived',
    'workflow.invalid',
    'workflow.no_trigger',
    'workflow.not_published',
    'version.not_found',
    'execution.backlog',
    'execution.quota',
    'execution.at_once',
    'storage.full',
  ],
})

/** Lists executions. */
export const executions = contract({
  method: 'get',
  path: '/api/executions',
  area: 'executions',
  needs: 'viewer',
  about:
    'The executions of the workspace, newest first. `dead` names those that killed their server and are not tried again by themselves.',
  query: Page.extend({
    workflowId: z.string().max(64).optional(),
    status: Status.optional(),
    trigger: z.string().max(32).optional(),
    dead: z.enum(['true', 'false']).optional(),
  }),
  reply: listOf(Summary),
})

/** One execution. */
export const execution = contract({
  method: 'get',
  path: '/api/executions/:id',
  area: 'executions',
  needs: 'viewer',
  about: 'An execution with input, results and output. A value above 256 KB is `{ "$large": { bytes, url } }`.',
  params: Id,
  reply: Execution,
  fails: ['execution.not_found'],
})

const log = {
  method: 'get',
  area: 'executions',
  needs: 'viewer',
  about: 'Every attempt of every node in the order in which it ended, with input, output, error and what it logged.',
  params: Id,
  query: Page.extend({
    cursor: z
      .string()
      .regex(/^\d{1,9}$/)
      .optional(),
  }),
  reply: z.object({ items: z.array(Entry), next: z.string().nullable() }),
  fails: ['execution.not_found'],
} as const

/** What the nodes did. */
export const logs = contract({ ...log, path: '/api/executions/:id/logs' })
/** The same, at a shorter address. */
export const logsOf = contract({ ...log, path: '/api/logs/:id' })

/** What happens, as it happens. */
export const executionEvents = contract({
  method: 'get',
  path: '/api/executions/:id/events',
  area: 'executions',
  needs: 'viewer',
  about: 'The journal as server-sent events; goes on after `Last-Event-ID` or `?after=`, and ends with the event `end`.',
  params: Id,
  query: z.strictObject({ after: z.string().max(40).optional() }),
  reply: raw('stream', 'text/event-stream', 'One event for each thing that happens; `id` is its place in the journal.'),
  fails: ['execution.not_found'],
})

/** The workflow of an execution. */
export const executionWorkflow = contract({
  method: 'get',
  path: '/api/executions/:id/workflow',
  area: 'executions',
  needs: 'viewer',
  about: 'The workflow as it is run by an execution: the version it goes on with, also where that was a draft.',
  params: Id,
  reply: WorkflowDocument,
  fails: ['execution.not_found', 'version.not_found'],
})

/** A large value. */
export const executionValue = contract({
  method: 'get',
  path: '/api/executions/:id/values/:hash',
  area: 'executions',
  needs: 'viewer',
  about: 'A large value of an execution, as JSON.',
  params: z.strictObject({ id: Id.shape.id, hash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'is not a hash' }) }),
  reply: raw('file', 'application/json', 'The JSON of the value.'),
  fails: ['execution.not_found'],
})

/** Ends an execution. */
export const cancel = contract({
  method: 'post',
  path: '/api/executions/:id/cancel',
  area: 'executions',
  needs: 'operator',
  about: 'Cancel an execution. What runs is told to stop; what was done stays done. One that has ended stays as it is.',
  params: Id,
  reply: Summary,
  fails: ['execution.not_found'],
})

/** Tries a failed execution again. */
export const retry = contract({
  method: 'post',
  path: '/api/executions/:id/retry',
  area: 'executions',
  needs: 'operator',
  status: 202,
  creates: true,
  about:
    'Try again: `failed` goes on from the failed nodes and repeats nothing that succeeded; `start` begins a new execution with the same input. With the version it had, or the live one.',
  params: Id,
  body: z.strictObject({
    from: z.enum(['failed', 'start']).default('failed'),
    version: z.enum(['same', 'live']).default('same'),
  }),
  reply: z.object({ executionId: z.string() }),
  fails: [
    'execution.not_found',
    'execution.not_failed',
    'execution.does_not_fit',
    'workflow.not_published',
    'version.not_found',
    'execution.backlog',
    'execution.quota',
    'execution.at_once',
    'storage.full',
  ],
})

/** Goes another way from a node on. */
export const fork = contract({
  method: 'post',
  path: '/api/executions/:id/fork',
  area: 'executions',
  needs: 'operator',
  status: 202,
  creates: true,
  about:
    'A second execution that has everything the first did before the node `from`, and goes on from there with changes: `params` of that node, `nodes` by key, or another `input` (then from the trigger).',
  params: Id,
  body: z.strictObject({
    from: z
      .string()
      .max(64)
      .meta({ description: 'The key or id of a node of the workflow itself, or of the container it stands in.' }),
    changes: z
      .strictObject({
        params: z.record(z.string(), z.unknown()).optional(),
        nodes: z.record(z.string(), z.strictObject({ params: z.record(z.string(), z.unknown()) })).optional(),
        input: z.unknown().optional(),
      })
      .default({}),
  }),
  reply: z.object({ executionId: z.string() }),
  fails: [
    'execution.not_found',
    'node.not_found',
    'execution.does_not_fit',
    'workflow.invalid',
    'version.not_found',
    'execution.backlog',
    'execution.quota',
    'execution.at_once',
    'storage.full',
  ],
})

/** What waits for a person. */
export const approvals = contract({
  method: 'get',
  path: '/api/approvals',
  area: 'executions',
  needs: 'viewer',
  about: 'Everything that waits for a person, oldest first; `mine`: what I am asked by name, or what is asked of anybody.',
  query: z.strictObject({
    limit: Page.shape.limit,
    cursor: z.string().max(80).optional(),
    mine: z.enum(['true', 'false']).optional(),
    executionId: z.string().max(64).optional(),
  }),
  reply: listOf(Approval),
})

/** One question. */
export const approval = contract({
  method: 'get',
  path: '/api/approvals/:id',
  area: 'executions',
  needs: 'viewer',
  about: 'What a person is asked, also when it is decided already; `open` says whether it still waits.',
  params: Id,
  reply: Approval.extend({ open: z.boolean(), decidedAt: Time.nullable() }),
  fails: ['approval.not_found'],
})

/** Decides. */
export const decide = contract({
  method: 'post',
  path: '/api/approvals/:id',
  area: 'executions',
  needs: 'operator',
  about:
    'Decide: `approved` or `rejected`, with the fields that were asked for. Of an `answer`: `happened` (with `output`), `repeat` or `fail`. The first decision counts; a later one is refused with 409.',
  params: Id,
  body: z.strictObject({
    decision: z.enum(['approved', 'rejected', 'happened', 'repeat', 'fail']),
    fields: z.record(z.string(), z.unknown()).optional(),
    comment: z.string().max(4_000).optional(),
    output: z.unknown().optional(),
  }),
  reply: z.object({ id: z.string(), executionId: z.string(), decision: z.string() }),
  fails: ['approval.not_found', 'approval.decided', 'approval.not_yours', 'approval.bad_fields'],
})
