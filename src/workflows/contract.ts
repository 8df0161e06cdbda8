import { z } from 'zod'
import { Id, Time } from '#http/contract.ts'

/** The most bytes of a body that carries a workflow. */
export const DOCUMENT_LIMIT = 2 * 2 ** 20

/** The format of exported files. */
export const FORMAT = 'promptpilot.workflow/1'

/** Neither line breaks nor half characters: names stand in lists, logs and error messages. */
export const Name = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line of text' })

const Part = z.string().regex(/^[\w.:-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _, -, . or :' })
const Amount = z.number().nonnegative()
const some = Amount.exactOptional()
const Retry = z.strictObject({ attempts: some, delay: some, factor: some, max: some, jitter: z.boolean().exactOptional() })

/** A node as it is stored. */
export const Node = z.strictObject({
  id: Part,
  key: z.string().max(100),
  block: z.string().min(1).max(100),
  version: z.int().min(1),
  name: z.string().max(200).optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  parent: Part.optional(),
  join: z.enum(['all', 'any']).optional(),
  onError: z.enum(['stop', 'continue', 'route']).optional(),
  afterCrash: z.enum(['ask', 'retry', 'fail']).optional(),
  retry: Retry.optional(),
  timeout: Amount.optional(),
  cache: z.strictObject({ ttl: Amount }).optional(),
  /** An id; of an imported workflow, until somebody chooses one, the kind and name that is wanted: `slack.bot:Team`. */
  credential: z.string().max(400).optional(),
  disabled: z.boolean().optional(),
  /** A person is asked each time before it runs. */
  askFirst: z.boolean().optional(),
  /** Inside of an agent: what the model is told of it, and what it has to give, as JSON Schema. */
  tool: z
    .strictObject({ about: z.string().max(4_000).optional(), input: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  notes: z.string().max(20_000).optional(),
})
const Edge = z.strictObject({
  id: z.string().min(1).max(200),
  source: Part,
  target: Part,
  sourceHandle: z.string().max(200).optional(),
})

const Layout = z.looseObject({
  nodes: z.record(z.string(), z.looseObject({ x: z.number(), y: z.number() })).default({}),
  notes: z.array(z.unknown()).default([]),
  groups: z.array(z.unknown()).default([]),
})

/** How a workflow is offered to other AI programs. What a name may be is told by the check, so that a draft can hold half of one. */
const Tool = z.strictObject({
  /** Unless said, it is made of the name of the workflow. */
  name: z.string().max(200).exactOptional(),
  /** What it does and when it is to be used; unless said, the description of the workflow. */
  description: z.string().max(4_000).exactOptional(),
  /** What its caller may believe of it before calling. */
  readOnly: z.boolean().exactOptional(),
  destructive: z.boolean().exactOptional(),
  idempotent: z.boolean().exactOptional(),
  openWorld: z.boolean().exactOptional(),
  /** Seconds that a caller is kept waiting; then it is told that the execution goes on. */
  wait: z.int().min(0).max(3_600).default(50),
})

const Settings = z.strictObject({
  autoSave: z.boolean().default(true),
  timezone: z.string().max(64).default('UTC'),
  /** Milliseconds that an execution may work. */
  timeout: z
    .int()
    .min(1000)
    .max(30 * 86_400_000)
    .default(3_600_000),
  /** How many nodes of one execution may run at the same time. */
  concurrency: z.int().min(1).max(100).default(10),
  overlap: z.enum(['allow', 'skip', 'queue', 'replace']).default('allow'),
  priority: z.enum(['interactive', 'normal', 'bulk']).default('normal'),
  retention: z
    .strictObject({
      days: z.int().min(1).max(3650).default(30),
      runs: z.int().min(1).max(1_000_000).default(10_000),
    })
    .prefault({}),
  /** The workflow that is started when an execution fails: an id; of an imported one, until somebody chooses it, `name:` and its name. */
  onFailure: z.string().min(1).max(300).optional(),
  /** Offers the live version as a tool at `/mcp`. */
  tool: Tool.optional(),
})

const FEW_NODES = { error: 'A workflow has at most 1000 nodes.' }
/** The parts of a workflow as they are sent, none of them with a default. */
export const parts = {
  name: Name,
  description: z.string().max(20_000),
  nodes: z.array(Node.extend({ version: Node.shape.version.optional() })).max(1000, FEW_NODES),
  edges: z.array(Edge.extend({ id: Edge.shape.id.optional() })).max(10_000),
  layout: Layout,
  variables: z.record(z.string().min(1).max(64), z.unknown()),
  settings: Settings,
}

/** A workflow as it is stored: every default filled in. */
export const WorkflowDocument = z
  .strictObject({ ...parts, nodes: z.array(Node), edges: z.array(Edge) })
  .meta({ id: 'WorkflowDocument' })

/** The parts of a workflow as they are sent, with what they are when they are not. */
export const given = {
  name: Name,
  description: parts.description.default(''),
  nodes: parts.nodes.default([]),
  edges: parts.edges.default([]),
  layout: Layout.prefault({}),
  variables: parts.variables.default({}),
  settings: Settings.prefault({}),
}

/** A workflow as it is sent: with gaps that have a default. */
export const GivenDocument = z.strictObject(given)

/** A folder, or none. */
export const FolderId = Id.shape.id.nullable()
/** What is known of a workflow besides its draft. */
export const state = {
  id: z.string(),
  rev: z.int(),
  live: z.int().nullable(),
  active: z.boolean(),
  archived: z.boolean(),
  folderId: z.string().nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
  updatedAt: Time,
  updatedBy: z.string().nullable(),
}

const anything = z.unknown().optional()

/** What a workflow is read with and cannot be written: so that one can send back what one was given. */
export const unread = {
  id: anything,
  live: anything,
  active: anything,
  archived: anything,
  createdAt: anything,
  createdBy: anything,
  updatedAt: anything,
  updatedBy: anything,
}

/** A workflow with its draft, as the API shows it. */
export const Workflow = WorkflowDocument.extend(state).meta({ id: 'Workflow' })

/** Something a person can mend. */
export const Problem = z
  .object({
    node: z.string().nullable(),
    field: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    severity: z.enum(['error', 'warning']),
  })
  .meta({ id: 'Problem' })
