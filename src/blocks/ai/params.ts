import { z } from 'zod'
import { anthropicKey, compatibleServer, googleKey, openaiKey } from './credentials.ts'

/** What a node that asks a model can carry; without one, the oldest credential of the model's provider is used. */
export const CREDENTIALS = [openaiKey, anthropicKey, googleKey, compatibleServer]

/** Why another model may be asked in the place of one. */
export const REASONS = ['any', 'rateLimit', 'overload', 'timeout', 'filtered', 'badAnswer'] as const

/** Why a model did not do. */
export type Reason = (typeof REASONS)[number]

const MODEL = z
  .string()
  .trim()
  .max(300)
  .regex(/^[\w.-]+\/\S+$/, 'Write provider/model, such as openai/gpt-5.')

const EXAMPLES: Record<string, string> = {
  text: 'openai/gpt-5, anthropic/claude-sonnet-4-5 or ollama/llama3',
  draws: 'openai/gpt-image-1 or google/gemini-2.5-flash-image',
  embeds: 'openai/text-embedding-3-small or google/gemini-embedding-001',
  moderates: 'openai/omni-moderation-latest, which is free, or any that reads texts',
}

/** Which model is asked, which ones instead, and what bounds that. `able` says what it must be able to do. */
export const which = (usual: string, ...able: string[]) => ({
  model: MODEL.default(usual).meta({
    title: 'Model',
    description: `Such as ${EXAMPLES[able[0] ?? '']}. ${usual} needs no key: a demo, not an AI.`,
    ui: 'model',
    able,
  }),
  fallback: z
    .array(MODEL.meta({ title: 'Model', ui: 'model', able }))
    .max(5)
    .default([])
    .meta({
      title: 'Other models',
      description: 'Asked in this order when the model does not do.',
      ui: 'list',
      section: 'If it does not do',
      advanced: true,
    }),
  fallbackOn: z.array(z.enum(REASONS)).min(1).default(['any']).meta({
    title: 'When another model is asked',
    description:
      'any: whatever went wrong. rateLimit: too many calls. overload: the provider is down or cannot be reached. timeout: it took too long. filtered: it does not answer this. badAnswer: empty, cut off, or not what was asked for. A budget that is used up never leads to another model.',
    section: 'If it does not do',
    advanced: true,
  }),
  timeout: z.int().min(100).max(3_600_000).default(120_000).meta({
    title: 'Time limit (ms)',
    description: 'Milliseconds for one call of a model. That of the node counts for all of them.',
    section: 'Limits',
    advanced: true,
  }),
  budget: z.number().positive().max(1_000_000).optional().meta({
    title: 'Budget (dollars)',
    description: 'The most that this node may cost each time. A model whose price is not known is refused then.',
    section: 'Limits',
    advanced: true,
  }),
})

/** Which model, as it was filled in. */
export type Which = z.output<z.ZodObject<ReturnType<typeof which>>>

/** How a model that writes is to answer. */
export const how = {
  temperature: z.number().min(0).max(2).optional().meta({
    title: 'Temperature',
    description: '0 is sober, 1 lively. Left out, that of the model; some models have none.',
    section: 'Answer',
    advanced: true,
  }),
  maxTokens: z.int().min(1).max(1_000_000).optional().meta({
    title: 'Most tokens',
    description: 'Of an answer. A token is about four letters.',
    section: 'Answer',
    advanced: true,
  }),
  topP: z.number().min(0).max(1).optional().meta({
    title: 'Top p',
    description: 'Only the likeliest words that together make up this share.',
    section: 'Answer',
    advanced: true,
  }),
  stop: z.array(z.string().min(1).max(100)).max(4).optional().meta({
    title: 'Stop at',
    description: 'The answer ends before any of these.',
    ui: 'list',
    section: 'Answer',
    advanced: true,
  }),
  seed: z.int().min(0).optional().meta({
    title: 'Seed',
    description: 'The same number makes the same answer likelier, where the model knows seeds.',
    section: 'Answer',
    advanced: true,
  }),
  effort: z.enum(['none', 'low', 'medium', 'high']).optional().meta({
    title: 'How much it thinks',
    description: 'Before it answers, for models that can. More is slower and costs more.',
    section: 'Answer',
    advanced: true,
  }),
}

/** How a model answers, as it was filled in. */
export type How = z.output<z.ZodObject<typeof how>>

/** Who the model is, and what holds for every answer. */
export const system = z.string().optional().meta({
  title: 'Who it is',
  description: 'Such as: You answer for a shop that sells tea. Kind, brief, in the language of the customer.',
  ui: 'longtext',
})

const File = z.union([z.string().min(1), z.looseObject({ id: z.string().min(1) })])

/** Files that are shown to a model. */
export const files = z
  .union([File, z.array(File).max(50)])
  .optional()
  .meta({ title: 'Files', description: 'Pictures, PDFs and texts, as far as the model can read them.', ui: 'file' })

/** Files, as they were filled in. */
export type Files = z.output<typeof files>

/** The text that is worked on. */
export const material = (description: string) => z.unknown().optional().meta({ title: 'Text', description, ui: 'longtext' })

/** How often an answer that does not fit is mended. */
export const repairs = z.int().min(0).max(5).default(2).meta({
  title: 'Most repairs',
  description: 'An answer that does not fit is given back with what is wrong with it, so many times.',
  section: 'If it does not do',
  advanced: true,
})

const count = z.int().nullable()

/** What every block that asks models says of it. */
export const outcome = {
  model: z.string().meta({ title: 'Model', description: 'The one that answered.' }),
  usage: z
    .object({
      inputTokens: z.int().meta({ title: 'Read' }),
      outputTokens: z.int().meta({ title: 'Written' }),
      cachedTokens: count.meta({ title: 'Of it cached', description: 'Null where nobody says.' }),
      reasoningTokens: count.meta({ title: 'Of it thought', description: 'Null where nobody says.' }),
    })
    .meta({ title: 'Tokens', description: 'Of all calls together.' }),
  cost: z
    .number()
    .nullable()
    .meta({ title: 'Cost', description: 'Dollars of all calls together; null where a price is not known.' }),
  finishReason: z.enum(['stop', 'length', 'tools', 'filtered', 'other']).meta({
    title: 'Why it ended',
    description: 'stop: it was done. length: it was not allowed to write more.',
  }),
}
