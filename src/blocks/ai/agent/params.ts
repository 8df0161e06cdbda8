import { z } from 'zod'
import { files, how, outcome, repairs, system, which } from '#blocks/ai/params.ts'

/** What an agent is told. */
export const agentInput = z.strictObject({
  task: z.string().min(1, 'Say what is to be done.').max(1_000_000).meta({
    title: 'Task',
    description: 'What the agent is asked, such as {{ trigger.message }}.',
    ui: 'longtext',
  }),
  files,
  system,
  maxTurns: z.int().min(1).max(100).default(15).meta({
    title: 'Most turns',
    description: 'So often it may use tools before it has to answer.',
  }),
  maxTime: z.int().min(1_000).max(86_400_000).default(600_000).meta({
    title: 'Longest time (ms)',
    description: 'Milliseconds after which it has to answer.',
    section: 'Limits',
    advanced: true,
  }),
  atLimit: z.enum(['answer', 'fail']).default('answer').meta({
    title: 'When turns or time are over',
    description: 'Let it answer with what it has found, or fail.',
    section: 'Limits',
    advanced: true,
  }),
  atOnce: z.int().min(1).max(32).default(8).meta({
    title: 'Tools at the same time',
    description: 'How many tools of one turn run side by side.',
    section: 'Limits',
    advanced: true,
  }),
  memory: z
    .strictObject({
      key: z
        .string()
        .min(1)
        .max(200)
        .meta({ title: 'Conversation', description: 'What tells conversations apart, such as {{ trigger.chat }}.' }),
      lines: z
        .int()
        .min(2)
        .max(200)
        .default(20)
        .meta({ title: 'Messages it remembers', description: 'The newest ones; each question and each answer counts.' }),
      older: z
        .enum(['forget', 'summarize'])
        .default('forget')
        .meta({ title: 'Older messages', description: 'Forget them, or keep a summary of them.' }),
      share: z
        .enum(['workflow', 'workspace'])
        .default('workflow')
        .meta({ title: 'Shared by', description: 'The executions of this workflow, or of all workflows of the workspace.' }),
    })
    .optional()
    .meta({ title: 'Memory', description: 'Remembers what was said in the same conversation before.', advanced: true }),
  schema: z.record(z.string(), z.unknown()).optional().meta({
    title: 'Schema of the answer',
    description: 'A JSON Schema; the answer is then also there as `object`.',
    ui: 'json',
    advanced: true,
  }),
  repairs,
  ...which('demo/writer', 'text', 'tools'),
  ...how,
})

/** What an agent has come to. */
export const agentOutput = z.object({
  text: z.string().meta({ title: 'Answer' }),
  object: z.unknown().meta({ title: 'Answer by the schema' }),
  turns: z.number().meta({ title: 'Turns' }),
  calls: z
    .array(z.object({ tool: z.string(), input: z.unknown(), failed: z.boolean() }))
    .meta({ title: 'Tools it used', description: 'In their order.' }),
  stoppedBy: z.enum(['turns', 'time']).nullable().meta({ title: 'Stopped by' }),
  files: z.array(z.unknown()).meta({ title: 'Files', description: 'Pictures, of models that draw while they work.' }),
  ...outcome,
})

/** What an agent is told, read. */
export type AgentInput = z.output<typeof agentInput>
/** What an agent has come to. */
export type AgentOutput = z.output<typeof agentOutput>
