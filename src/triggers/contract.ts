import { z } from 'zod'
import { contract, Done, Id, listOf, Page, Time } from '#http/contract.ts'

/** What became of a time that came or of a call. */
const Outcome = z.enum(['planned', 'fired', 'late', 'waiting', 'skipped', 'refused', 'duplicate'])

/** What starts a workflow. */
const Trigger = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    nodeId: z.string(),
    block: z.string(),
    kind: z.string().meta({ description: 'manual, api, webhook, schedule, event, or what a connector calls it.' }),
    enabled: z.boolean(),
    state: z.enum(['on', 'off', 'paused', 'asleep']).meta({
      description:
        '`off`: somebody turned it off. `paused`: it paused by itself after failures. `asleep`: its workflow is not active. Only what is `on` starts anything.',
    }),
    pausedWhy: z.string().nullable(),
    failures: z.number().meta({ description: 'Failures in a row.' }),
    url: z.string().optional().meta({ description: 'The full address of a webhook, or of a shared form.' }),
    secret: z.boolean().nullable().meta({ description: 'Whether it has a secret; null where it needs none.' }),
    nextAt: Time.nullable().meta({ description: 'The next time that is planned.' }),
    lastAt: Time.nullable(),
    lastFires: z
      .array(z.object({ at: Time, outcome: Outcome, executionId: z.string().nullable() }))
      .meta({ description: 'The newest lines of its ledger, at most three.' }),
  })
  .meta({ id: 'Trigger' })

/** A line of the ledger. */
const Line = z
  .object({
    id: z.string(),
    at: Time.meta({ description: 'When it was written down.' }),
    plannedAt: Time.nullable(),
    outcome: Outcome,
    why: z.object({ code: z.string(), message: z.string() }).nullable(),
    executionId: z.string().nullable().meta({ description: 'What it started; of a duplicate, what the first one started.' }),
    call: z.object({ method: z.string(), path: z.string(), address: z.string(), bytes: z.number() }).nullable(),
    times: z.number().meta({ description: 'How many this line stands for.' }),
    replayable: z.boolean(),
  })
  .meta({ id: 'TriggerActivity' })

/** Lists the triggers. */
export const triggers = contract({
  method: 'get',
  path: '/api/triggers',
  area: 'triggers',
  needs: 'viewer',
  about: 'The triggers of published workflows, newest first, with how they stand, when they start next and what they did last.',
  query: Page.extend({ workflowId: z.string().max(64).optional(), kind: z.string().max(40).optional() }),
  reply: listOf(Trigger),
})

/** One trigger. */
export const trigger = contract({
  method: 'get',
  path: '/api/triggers/:id',
  area: 'triggers',
  needs: 'viewer',
  about: 'A trigger of a published workflow.',
  params: Id,
  reply: Trigger,
  fails: ['trigger.not_found'],
})

/** Adds a trigger to a draft. */
export const createTrigger = contract({
  method: 'post',
  path: '/api/triggers',
  area: 'triggers',
  needs: 'editor',
  status: 201,
  creates: true,
  about:
    'Add a trigger to the draft of a workflow, before the nodes that no trigger leads to, or before those in `to`; with `publish` the draft goes live at once. Parameters that cannot be meant are refused.',
  body: z.strictObject({
    workflowId: Id.shape.id,
    block: z.string().min(1).max(100).meta({ description: 'Such as `schedule.cron`.' }),
    params: z.record(z.string(), z.unknown()).default({}),
    key: z.string().min(1).max(100).optional(),
    name: z.string().max(200).optional(),
    credential: Id.shape.id.optional(),
    to: z.array(Id.shape.id).max(100).optional().meta({ description: 'Ids of the nodes it leads to.' }),
    rev: z.int().optional(),
    publish: z.boolean().default(false),
  }),
  reply: z.object({ nodeId: z.string(), rev: z.int(), trigger: Trigger.nullable() }),
  fails: [
    'workflow.not_found',
    'workflow.stale',
    'workflow.archived',
    'workflow.invalid',
    'block.not_found',
    'trigger.not_a_trigger',
    'trigger.bad_params',
  ],
})

/** Turns a trigger on or off. */
export const changeTrigger = contract({
  method: 'patch',
  path: '/api/triggers/:id',
  area: 'triggers',
  needs: 'operator',
  about: 'Turn a trigger on or off. Turning on one that paused by itself lets it go on, with no failures counted.',
  params: Id,
  body: z.strictObject({ enabled: z.boolean() }),
  reply: Trigger,
  fails: ['trigger.not_found'],
})

/** Takes a trigger away. */
export const deleteTrigger = contract({
  method: 'delete',
  path: '/api/triggers/:id',
  area: 'triggers',
  needs: 'editor',
  about:
    'Turn a trigger off and take its node out of the draft. It is gone when the draft is published; its ledger is kept for as long as any.',
  params: Id,
  reply: Done,
  fails: ['trigger.not_found'],
})

/** The ledger of a trigger. */
export const activity = contract({
  method: 'get',
  path: '/api/triggers/:id/activity',
  area: 'triggers',
  needs: 'viewer',
  about:
    'The ledger, newest first: every planned time and every call, what became of it and why, and the execution it led to. The first page begins with the next planned time.',
  params: Id,
  query: Page.extend({ outcome: Outcome.exclude(['planned']).optional() }),
  reply: listOf(Line),
  fails: ['trigger.not_found'],
})

const Started = z.object({ executionId: z.string() })
const STARTING = [
  'trigger.not_found',
  'trigger.asleep',
  'execution.bad_input',
  'execution.backlog',
  'execution.quota',
  'execution.at_once',
  'storage.full',
] as const

/** Does once more what a line of the ledger stands for. */
export const replay = contract({
  method: 'post',
  path: '/api/triggers/:id/activity/:line/replay',
  area: 'triggers',
  needs: 'operator',
  status: 202,
  creates: true,
  about:
    'Start the live version with what a line of the ledger came with: a call that was refused by its schema or skipped, a time that was missed, or once more what it had started.',
  params: Id.extend({ line: Id.shape.id }),
  reply: Started,
  fails: [...STARTING, 'trigger.nothing_kept'],
})

/** Starts a trigger's workflow as the trigger would. */
export const fireTrigger = contract({
  method: 'post',
  path: '/api/triggers/:id/fire',
  area: 'triggers',
  needs: 'operator',
  status: 202,
  creates: true,
  limit: 16 * 2 ** 20,
  about:
    'Start the live version at this trigger now. `input` is what `{{ trigger }}` is; where it is left out, what the trigger would give now.',
  params: Id,
  body: z.strictObject({ input: z.unknown().optional() }),
  reply: Started,
  fails: STARTING,
})

/** The times a trigger would start at. */
export const preview = contract({
  method: 'post',
  path: '/api/triggers/preview',
  area: 'triggers',
  needs: 'viewer',
  about: 'The next times at which a trigger with these parameters would start, before it is saved.',
  body: z.strictObject({
    block: z.string().min(1).max(100),
    params: z.record(z.string(), z.unknown()),
    timezone: z.string().max(64).default('UTC'),
    from: Time.optional(),
    count: z.int().min(1).max(50).default(5),
  }),
  reply: z.object({ times: z.array(Time), timezone: z.string() }),
  fails: ['block.not_found', 'trigger.not_a_trigger', 'trigger.bad_params'],
})
